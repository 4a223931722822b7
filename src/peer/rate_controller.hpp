// RateController: how much one viewer's way bears, judged by what the viewer reports. No clocks, no threads.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace heliograph::peer {

/// What a receiver reported since the report before.
struct PathReport {
  SteadyTime at{};
  double loss = 0;                                   ///< 0 to 1.
  std::optional<std::chrono::microseconds> queue{};  ///< How long packets wait on the way. Empty: not known.
  double sent_kbps = 0;                              ///< Zero: not known.
  double received_kbps = 0;                          ///< Zero: not known.
  bool is_blocked = false;                           ///< Frames were dropped on our side: the way took no more.
};

/// Theory of operation. A way that is too narrow first delays packets (its queue fills), then loses them; what arrives
/// is then what it bears. So:
///   1. A queue of more than 50 ms twice running, or of more than 150 ms, that does not get shorter, or our own queue
///      full: down to 85 % of what arrived (70 % if the queue is longer than 150 ms, so that it drains), at most to
///      half. While no more is sent than arrives, once a second and three times at most: then the queue is somebody
///      else's.
///   2. Loss over 10 %: down to 95 % of what arrived, at most to half, every 2 s. If that has not helped twice, the
///      loss is the way's own, like that of radio, and the rate stays.
///   3. A second after a fall, with a queue below 25 ms and loss up to 3 %: up by 12 % a second, but not above 1.5
///   times
///      what was really sent; by 3 % and 1.1 times near the rate that was too much in the last 60 s, so that it is
///      passed slowly.
///   4. In between: stays.
/// The result is between the floor and the ceiling. Who is at the floor and has to fall gets key frames only, until it
/// was good for 8 s.
class RateController {
 public:
  RateController(int floor_kbps, int ceiling_kbps);

  /// Takes a report; gives the new target.
  int on_report(const PathReport& report);
  /// The ceiling has changed.
  void set_ceiling(int kbps);
  [[nodiscard]] int target_kbps() const noexcept { return static_cast<int>(target_); }
  /// Whether even the floor was too much lately: the viewer should get fewer frames.
  [[nodiscard]] bool is_below_floor() const noexcept { return thin_since_.has_value(); }

 private:
  void on_queue(const PathReport& report);
  void on_loss(const PathReport& report);
  void lower(double factor, const PathReport& report);
  void raise(const PathReport& report);

  int floor_;
  int ceiling_;
  double target_;
  double edge_ = 0;  ///< What arrived at the last fall: about what the way bears.
  int long_queues_ = 0;
  std::chrono::microseconds queue_before_{};
  double loss_at_fall_ = 0;
  int vain_falls_ = 0;                    ///< For loss.
  int vain_queue_falls_ = 0;              ///< While no more was sent than arrived.
  std::optional<SteadyTime> thin_since_;  ///< The last time that the floor was too much.
  std::optional<SteadyTime> last_fall_;
  std::optional<SteadyTime> last_report_;
};

}  // namespace heliograph::peer
