// What peers tell each other through signaling, and the servers that help them meet.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heliograph/secret.hpp"

namespace heliograph {

/// An offer or an answer, as RTCSessionDescription in browsers.
struct SessionDescription {
  /// There are no provisional answers and no rollbacks.
  enum class Type : std::uint8_t { kOffer, kAnswer };
  Type type{};        ///< Which of them.
  std::string sdp{};  ///< SDP (RFC 8866), not checked here.
};

/// A candidate, as RTCIceCandidate in browsers.
struct IceCandidate {
  std::string candidate{};  ///< "candidate:…"; empty: there will be no more.
  /// Which section of the SDP it belongs to, by name or by number from 0; one of them is enough.
  /// @{
  std::optional<std::string> sdp_mid{};
  std::optional<std::uint16_t> sdp_m_line_index{};
  /// @}
  std::optional<std::string> username_fragment{};  ///< Of which ICE session; none: of the present one.
};

/// A STUN or TURN server, as one entry of GetIceServerConfig's answer.
struct IceServer {
  std::vector<std::string> uris{};  ///< "stun:host:port", "turn:host:port?transport=udp", "turns:…"
  std::string username{};           ///< Of a TURN server.
  Secret password{};                ///< Likewise.
  std::chrono::seconds ttl{0};      ///< From when the answer came; zero: without an end.
};

}  // namespace heliograph
