// HookSigner: how a receiver knows that a call comes from this service, and is not an old one played again.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::server::events {

/// Threads: any.
class HookSigner {
 public:
  static constexpr const char* kHeader = "Heliograph-Signature";

  explicit HookSigner(Secret secret) : secret_(std::move(secret)) {}

  /// "t=1763728117,v1=5257a8…": v1 is HMAC-SHA256 of "1763728117." and the body, in lower-case hexadecimal.
  [[nodiscard]] std::string sign(std::string_view body, WallTime now) const;

 private:
  Secret secret_;
};

}  // namespace heliograph::server::events
