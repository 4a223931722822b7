// Sealing: text that only the holder of a key can read or make, by AES-256-GCM.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::wire {

/// A key of AES-256. Wipes its memory when it goes. Threads: immutable, so any.
class SealingKey {
 public:
  static constexpr std::size_t kSize = 32;

  /// @param bytes  kSize of them, from a source fit for secrets.
  explicit SealingKey(const std::array<std::uint8_t, kSize>& bytes);

  /// A key for one purpose, which tells nothing of this one nor of those for other purposes: HMAC-SHA-256 of its name.
  [[nodiscard]] SealingKey derive(std::string_view purpose) const;

  /// Nonce, ciphertext and tag, as bytes. The nonces are random: 2³² texts under one key are the most that are safe
  /// (NIST SP 800-38D, 8.3).
  /// @param bound  what opening must give again, and is not in the result: moves the text to no other place.
  [[nodiscard]] std::string seal(std::string_view text, std::string_view bound, Rng& rng) const;
  /// The text; nothing when any bit of `sealed`, `bound` or the key is another one.
  [[nodiscard]] std::optional<Secret> open(std::string_view sealed, std::string_view bound) const;

 private:
  Secret bytes_;
};

}  // namespace heliograph::wire
