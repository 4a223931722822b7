// PathMeter: what a receiver's feedback says about the way to it: how long packets queue, how many arrive, how many are
// lost. No clocks, no threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>

#include "base/clock.hpp"
#include "peer/rate_controller.hpp"

namespace heliograph::peer {

/// One packet that the other side has said something about (transport-wide feedback).
struct PacketReport {
  std::chrono::microseconds sent{};                    ///< By our clock.
  std::optional<std::chrono::microseconds> arrived{};  ///< By theirs, which counts from anywhere. Empty: lost.
  std::size_t bytes = 0;
};

/// How much longer than necessary something takes: what is above the shortest of the last 10 to 20 s. A delay that does
/// not go away for so long is the way's own, and nothing to step back from: another path, clocks that drift, or
/// somebody else's download.
class ExcessDelay {
 public:
  [[nodiscard]] std::chrono::microseconds on_delay(SteadyTime now, std::chrono::microseconds delay);

 private:
  std::optional<std::chrono::microseconds> shortest_;  ///< Since `since_`.
  std::optional<std::chrono::microseconds> shortest_before_;
  SteadyTime since_{};
};

class PathMeter {
 public:
  /// Takes a piece of feedback; gives a report of all that came since the report before, every 200 ms at most.
  [[nodiscard]] std::optional<PathReport> on_feedback(SteadyTime now, std::span<const PacketReport> packets);
  /// Whether feedback came lately, so that rarer reports need not be looked at.
  [[nodiscard]] bool is_fed(SteadyTime now) const;

 private:
  struct Seen {
    SteadyTime at;
    PacketReport packet;
  };
  [[nodiscard]] double loss() const;

  std::deque<Seen> seen_;  ///< Of the last two seconds.
  ExcessDelay excess_;
  std::optional<std::chrono::microseconds> shortest_;  ///< Of the packets since the last report.
  std::optional<SteadyTime> last_report_;
  std::optional<SteadyTime> last_feedback_;
};

}  // namespace heliograph::peer
