// ConnectGuard: who else has a say before a connection is let in, beside signature and policies.
#pragma once

#include <functional>

#include "heliograph/result.hpp"
#include "server/events/presence.hpp"

namespace heliograph::server::events {

/// Threads: any.
class ConnectGuard {
 public:
  ConnectGuard() = default;
  ConnectGuard(const ConnectGuard&) = delete;
  ConnectGuard& operator=(const ConnectGuard&) = delete;
  virtual ~ConnectGuard() = default;

  /// Whether check() would ask anybody.
  [[nodiscard]] virtual bool is_asking() const noexcept = 0;
  /// `done` is called once, on any thread, at once or later. Fails with kAccessDenied and the reason for the peer, or
  /// with kServiceUnavailable when nobody could be asked.
  virtual void check(const ConnectionFacts& facts, std::function<void(const Result<void>&)> done) = 0;
  /// Whether the key was revoked. Cheap.
  [[nodiscard]] virtual bool is_barred(const ConnectionFacts& facts) const = 0;
};

}  // namespace heliograph::server::events
