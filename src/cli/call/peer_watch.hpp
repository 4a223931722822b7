// PeerWatch: when a master lets go of a viewer that has vanished.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace heliograph::cli {

/// A machine without a clock. Threads: one.
class PeerWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Limits {
    std::chrono::milliseconds lost{15'000};   ///< Disconnected or failed for so long: time for an ICE restart to come.
    std::chrono::milliseconds setup{30'000};  ///< From its offer to the connection.
  };

  explicit PeerWatch(Time now) : PeerWatch(now, Limits{}) {}
  PeerWatch(Time now, Limits limits) : limits_(limits), end_(now + limits.setup) {}

  void on_connected() noexcept {
    was_connected_ = true;
    end_.reset();
  }
  void on_lost(Time now) {
    if (was_connected_ && !end_) end_ = now + limits_.lost;
  }
  /// An offer for the same peer: its ICE restart has until then to connect.
  void on_restart(Time now) {
    if (end_) end_ = now + limits_.setup;
  }
  void on_closed(Time now) noexcept { end_ = now; }

  [[nodiscard]] bool is_gone(Time now) const noexcept { return end_ && now >= *end_; }
  [[nodiscard]] bool was_connected() const noexcept { return was_connected_; }

 private:
  Limits limits_;
  std::optional<Time> end_;
  bool was_connected_ = false;
};

}  // namespace heliograph::cli
