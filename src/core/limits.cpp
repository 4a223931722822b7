// The two named profiles of limits.
#include "core/limits.hpp"

namespace heliograph::core {

std::uint32_t MessageRates::of(wire::MessageType type) const noexcept {
  switch (type) {
    case wire::MessageType::kSdpOffer:
      return offers;
    case wire::MessageType::kSdpAnswer:
      return answers;
    case wire::MessageType::kIceCandidate:
      return candidates;
    case wire::MessageType::kGoAway:
    case wire::MessageType::kReconnectIceServer:
    case wire::MessageType::kStatusResponse:
      return 0;
  }
  return 0;
}

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
  limits.rates = {.offers = 5, .answers = 5, .candidates = 20};  // "TPS per connection"
  return limits;
}

Limits open_limits() { return {}; }

}  // namespace heliograph::core
