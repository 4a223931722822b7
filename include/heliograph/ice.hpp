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
  enum class Type : std::uint8_t { kOffer, kAnswer };
  Type type{};
  std::string sdp{};
};

/// A candidate, as RTCIceCandidate in browsers.
struct IceCandidate {
  std::string candidate{};  ///< "candidate:…"; empty: there will be no more.
  std::optional<std::string> sdp_mid{};
  std::optional<std::uint16_t> sdp_m_line_index{};
  std::optional<std::string> username_fragment{};
};

/// A STUN or TURN server, as one entry of GetIceServerConfig's answer.
struct IceServer {
  std::vector<std::string> uris{};  ///< "stun:host:port", "turn:host:port?transport=udp", "turns:…"
  std::string username{};
  Secret password{};
  /// From when the answer came; zero: without an end.
  std::chrono::seconds ttl{0};
};

}  // namespace heliograph
