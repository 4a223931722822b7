// Time and randomness as arguments: the two named clocks, and the seams through which main() hands in the real ones.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

namespace heliograph {

/// For intervals and deadlines. Never goes back.
using SteadyTime = std::chrono::steady_clock::time_point;
/// For dates on the wire. May jump.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where the time comes from. Threads: any.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual SteadyTime steady_now() const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
};

/// Where random bytes come from; fit for secrets in production. Threads: any.
class Rng {
 public:
  Rng() = default;
  Rng(const Rng&) = delete;
  Rng& operator=(const Rng&) = delete;
  virtual ~Rng() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall_now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace heliograph
