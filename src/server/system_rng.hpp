// SystemRng: random bytes from OpenSSL, fit for secrets; and the texts made from them.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace heliograph::server {

class SystemRng final : public Rng {
 public:
  /// Ends the process when the system has no randomness: going on would hand out guessable secrets.
  void fill(std::span<std::byte> bytes) override;
};

/// Random bytes for ids, which need only be unlike any other: bought from OpenSSL by the thousand for each thread,
/// because a purchase costs a microsecond. Not for secrets.
class IdRng final : public Rng {
 public:
  void fill(std::span<std::byte> bytes) override;
};

/// `size` characters drawn evenly from `alphabet` (at most 256 characters).
[[nodiscard]] std::string random_text(Rng& rng, std::string_view alphabet, std::size_t size);

inline constexpr std::string_view kUpperAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view kAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace heliograph::server
