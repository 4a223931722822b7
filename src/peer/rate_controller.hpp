// RateController: how much one viewer's way bears, judged by what the viewer reports. No clocks, no threads.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace heliograph::peer {

/// What a receiver reported since the report before.
struct PathReport {
  SteadyTime at{};
  double loss = 0;                         ///< 0 to 1.
  std::chrono::microseconds round_trip{};  ///< Zero: not known.
  double sent_kbps = 0;                    ///< Zero: not known.
  bool is_blocked = false;                 ///< Frames were dropped on our side, because the way took no more.
};

/// Theory of operation. A way that is too narrow first delays packets (its queue fills: the round trip grows beyond the
/// shortest one seen), then loses them. So:
///   1. Loss over 10 %, or our own queue full: down to 1 - loss/2, at most to half, of what was really sent.
///   2. Loss from 4 %, or a round trip of more than the shortest + max(60 ms, half of it) twice running: down by 15 %.
///   3. Loss up to 2 % and no such delay: up by 5 % a second, but not above 1.5 times what was really sent; for 10 s
///   after
///      a fall only by 2 %, so that the rate stays below the edge rather than to swing around it.
///   4. In between: stays.
/// The result is between the floor and the ceiling.
class RateController {
 public:
  RateController(int floor_kbps, int ceiling_kbps);

  /// Takes a report; gives the new target.
  int on_report(const PathReport& report);
  /// The ceiling has changed.
  void set_ceiling(int kbps);
  [[nodiscard]] int target_kbps() const noexcept { return static_cast<int>(target_); }
  /// Whether it has been at the floor, and is still losing: the viewer should get fewer frames.
  [[nodiscard]] bool is_below_floor() const noexcept { return below_floor_; }

 private:
  void lower(double factor, const PathReport& report);
  void raise(const PathReport& report);

  int floor_;
  int ceiling_;
  double target_;
  bool below_floor_ = false;
  int delayed_ = 0;  ///< Reports running in which the round trip was long.
  std::chrono::microseconds shortest_{};
  std::optional<SteadyTime> last_fall_;
  std::optional<SteadyTime> last_report_;
};

}  // namespace heliograph::peer
