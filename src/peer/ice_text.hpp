// Candidates and ICE servers: what comes in is checked, what webrtcbin gets is written as it reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/ice.hpp"
#include "heliograph/result.hpp"

namespace heliograph::peer {

enum class CandidateUse : std::uint8_t {
  kUse,
  kHiddenName,  ///< "….local", of which only its own network knows the address: what browsers do to host candidates.
  kNoMore,      ///< The other side has found all of its own.
};

/// What to do with a candidate. Fails with kInvalidArgument for what is none.
[[nodiscard]] Result<CandidateUse> judge_candidate(std::string_view candidate);
/// "candidate:…" from any of the forms that are sent: with "a=" before, with a line end.
[[nodiscard]] std::string_view trim_candidate(std::string_view candidate);
/// "host", "srflx", "prflx", "relay"; empty when it says none.
[[nodiscard]] std::string_view candidate_type(std::string_view candidate);

struct IceUris {
  std::string stun{};                   ///< "stun://host:port"; empty: none. webrtcbin takes one.
  std::vector<std::string> turn{};      ///< "turn://user:password@host:port?transport=udp". Secret.
  std::vector<std::string> unusable{};  ///< URIs of the servers that this peer cannot use, without their credentials.
};

/// Fails with kInvalidArgument for what is no STUN or TURN URI (RFC 7064, RFC 7065), and a relay without credentials.
[[nodiscard]] Result<IceUris> to_ice_uris(const std::vector<IceServer>& servers);

/// Everything but letters, digits and "-._~" as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace heliograph::peer
