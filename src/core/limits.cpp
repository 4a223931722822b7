// The two named profiles of limits.
#include "core/limits.hpp"

namespace heliograph::core {

Limits aws_limits() {
  using std::chrono::minutes;
  using std::chrono::seconds;
  Limits limits;
  limits.max_payload = 10'000;        // "payload 10k"; 10,000 in the HTTP model of the same message.
  limits.max_frame = 40'000;          // Not documented: payload, two ids and the ICE servers that C clients add.
  limits.max_viewers = 10;            // "10 connections per channel"
  limits.idle_timeout = minutes(10);  // "idle 10 min"
  limits.max_duration = minutes(60);  // "connection duration 1 hour"
  limits.go_away_grace = minutes(1);  // "1 minute of grace after GO_AWAY"
  return limits;
}

Limits open_limits() { return {}; }

}  // namespace heliograph::core
