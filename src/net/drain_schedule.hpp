// DrainSchedule: how many of so many connections are to be told, and to be closed, at a moment of a drain.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::net {

/// In the first half of the window one connection after the other is told (GO_AWAY), in the second half one after the
/// other is closed, evenly and in the same order: each has half a window to move, and wherever they move to, they do
/// not come all at once. Without a window everybody is told and closed at the start.
class DrainSchedule {
 public:
  DrainSchedule() = default;
  DrainSchedule(SteadyTime start, std::chrono::milliseconds window, std::size_t count) noexcept
      : start_(start), half_(window / 2), count_(count) {}

  [[nodiscard]] std::size_t told(SteadyTime now) const noexcept { return due(now - start_); }
  [[nodiscard]] std::size_t closed(SteadyTime now) const noexcept { return due(now - start_ - half_); }

 private:
  /// Connection i of n is due at i/n of the half.
  [[nodiscard]] std::size_t due(SteadyTime::duration elapsed) const noexcept {
    if (elapsed < SteadyTime::duration::zero()) return 0;
    if (elapsed >= half_) return count_;
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
    return std::min(count_, static_cast<std::size_t>(passed) * count_ / static_cast<std::size_t>(half_.count()) + 1);
  }

  SteadyTime start_{};
  std::chrono::milliseconds half_{0};
  std::size_t count_ = 0;
};

}  // namespace heliograph::net
