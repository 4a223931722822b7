// What is inside a message: descriptions and candidates as the JSON that every client writes.
#pragma once

#include <string>
#include <string_view>

#include "heliograph/ice.hpp"
#include "heliograph/result.hpp"

namespace heliograph::sdk {

/// `{"type":"offer","sdp":"…"}`
[[nodiscard]] std::string to_json(const SessionDescription& description);
/// `{"candidate":"…","sdpMid":"0","sdpMLineIndex":0}`; the two are always there, since iOS cannot do without.
[[nodiscard]] std::string to_json(const IceCandidate& candidate);

/// Fails with kInvalidArgument, saying what is wrong, unless it is a description of that type. A type that is missing
/// is the one expected.
[[nodiscard]] Result<SessionDescription> parse_description(std::string_view json, SessionDescription::Type expected);
/// Null (Android writes it for the last one) is a candidate with an empty text.
[[nodiscard]] Result<IceCandidate> parse_candidate(std::string_view json);

}  // namespace heliograph::sdk
