// RateTable: token buckets by name, in memory that never grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/token_bucket.hpp"

namespace heliograph::core {

/// Buckets that are full are forgotten by being taken for another name, so there is nothing to sweep, and a million
/// channels called once leave nothing behind. Where more names than there is room for are busy within one second, the
/// bucket that is nearest to full makes way: its name is let off early, nobody is refused for another's calls.
/// Names are told apart by a 64-bit hash. Threads: one at a time; the caller locks.
class RateTable {
 public:
  /// @param buckets  rounded up to a power of two; 16 bytes each.
  explicit RateTable(std::size_t buckets);

  /// The bucket of a name under a kind (an operation's number). It stays this name's until the next call.
  [[nodiscard]] TokenBucket& bucket(std::uint32_t kind, std::string_view name) noexcept;

  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    TokenBucket bucket;
  };
  /// Slots in which a name may lie.
  static constexpr std::size_t kWays = 8;

  std::vector<Slot> slots_;
};

}  // namespace heliograph::core
