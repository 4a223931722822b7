// LogGate: keeps a flood of refusals from becoming a flood of records.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "core/token_bucket.hpp"

namespace heliograph::server {

/// Lets a few records a second pass and counts the others, so that nothing is left out silently: the next record says
/// how many were. Threads: any.
class LogGate {
 public:
  /// Whether to write a record now, and if so, how many were held back since the last one.
  [[nodiscard]] std::optional<std::uint64_t> try_pass(SteadyTime now) {
    const std::lock_guard lock(mutex_);
    if (!bucket_.try_take(now, kPerSecond)) {
      ++held_back_;
      return std::nullopt;
    }
    return std::exchange(held_back_, 0);
  }

 private:
  static constexpr std::uint32_t kPerSecond = 5;

  std::mutex mutex_;
  core::TokenBucket bucket_;
  std::uint64_t held_back_ = 0;
};

}  // namespace heliograph::server
