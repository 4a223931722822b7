// FakeClock: time that passes only when a test says so.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace heliograph::test {

/// Starts well after the epoch, so that "an hour ago" exists. Threads: one.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(std::chrono::hours(24)) + passed_; }
  [[nodiscard]] WallTime wall_now() const override {
    return WallTime(std::chrono::milliseconds(1'700'000'000'000)) +
           std::chrono::duration_cast<std::chrono::milliseconds>(passed_);
  }
  void advance(std::chrono::nanoseconds by) { passed_ += by; }
  /// Moves to `when`; never back.
  void advance_to(SteadyTime when) {
    if (when > steady_now()) passed_ += when - steady_now();
  }

 private:
  std::chrono::nanoseconds passed_{0};
};

}  // namespace heliograph::test
