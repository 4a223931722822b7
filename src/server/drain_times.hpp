// DrainTimes: how long heliographd takes to leave.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace heliograph::server {

struct DrainTimes {
  /// From /readyz turning 503 to the listeners closing, so that a load balancer sees the one before it meets the other.
  std::chrono::milliseconds notice{0};
  /// Over which WebSockets are closed; nothing: as long as so many need, see drain_window().
  std::optional<std::chrono::milliseconds> window;
  std::chrono::milliseconds patience{5000};  ///< After the window, for peers that do not answer and slow requests.
};

/// 20 ms for each WebSocket, 5 s at most: nobody waits for a service that hardly anyone uses.
[[nodiscard]] constexpr std::chrono::milliseconds drain_window(std::uint64_t websockets) noexcept {
  return std::chrono::milliseconds(std::min<std::uint64_t>(websockets * 20, 5000));
}

}  // namespace heliograph::server
