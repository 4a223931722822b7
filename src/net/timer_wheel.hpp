// TimerWheel: very many deadlines, seldom reached, for the price of two list links each. Sans-I/O: time is an argument.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace heliograph::net {

/// Hashed wheel of kSlots ticks; a deadline further away than one turn is looked at once per turn. Deadlines are
/// reached up to two ticks late (one of its own, one of whoever turns it), never early. Threads: one.
class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{50};
  static constexpr std::size_t kSlots = 1024;

  /// Lives inside whatever has a deadline. Must be disarmed before it goes (its destructor does that).
  class Timer {
   public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer() { disarm(); }
    void disarm() noexcept;
    [[nodiscard]] bool is_armed() const noexcept { return next_ != nullptr; }
    [[nodiscard]] SteadyTime deadline() const noexcept { return deadline_; }

   private:
    friend class TimerWheel;
    Timer* prev_ = nullptr;
    Timer* next_ = nullptr;
    TimerWheel* wheel_ = nullptr;
    SteadyTime deadline_{};
  };

  explicit TimerWheel(SteadyTime now);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Sets or moves a timer's deadline. One in the past is reached at the next tick.
  void arm(Timer& timer, SteadyTime deadline) noexcept;
  /// Calls `reached(Timer&)` for each timer whose deadline is not after `now`; it is disarmed before the call, which
  /// may arm or disarm any timer.
  template <class Reached>
  void advance(SteadyTime now, Reached&& reached) {
    while (Timer* timer = next_reached(now)) reached(*timer);
  }
  [[nodiscard]] bool empty() const noexcept { return armed_ == 0; }

 private:
  [[nodiscard]] std::uint64_t tick_of(SteadyTime time) const noexcept;
  [[nodiscard]] Timer* next_reached(SteadyTime now) noexcept;
  void link(Timer& timer, std::uint64_t tick) noexcept;

  SteadyTime start_;
  std::uint64_t current_ = 0;  ///< The tick whose slot is being looked at.
  Timer* cursor_ = nullptr;    ///< Where in that slot; null: at its start.
  std::size_t armed_ = 0;
  std::array<Timer, kSlots> slots_;  ///< List heads.
};

}  // namespace heliograph::net
