// TurnProbe: what two TURN clients do: each asks the relay for an allocation, and they send each other a packet.
#pragma once

#include <string>

#include "cli/client/stream.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct TurnCredentials {
  std::string username;
  std::string password;
};

/// "turns:relay.example.com:5349?transport=tcp"
struct TurnUri {
  Endpoint endpoint;
  bool is_udp = true;
  bool is_stun_only = false;  ///< A stun: URI.
};
[[nodiscard]] Result<TurnUri> parse_turn_uri(const std::string& uri);

/// Of a STUN URI the binding; of a TURN URI two allocations, which exchange a packet each way and are given back. The
/// text says what was learnt: "seen as 203.0.113.7:50000, relays from 198.51.100.1:49152, a packet each way arrived".
/// Fails with kIo or kTimeout, with a refusal's code in the text. DTLS is not spoken: fails with kUnsupportedData.
[[nodiscard]] Result<std::string> probe_turn(const TurnUri& uri, const TurnCredentials& credentials,
                                             const Trust& trust);

}  // namespace heliograph::cli
