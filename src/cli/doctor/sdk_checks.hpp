// What the doctor tries through the SDK, so that it works against any service.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/client/sdk_service.hpp"
#include "cli/doctor/report.hpp"
#include "heliograph/ice.hpp"

namespace heliograph::cli {

/// Signed calls, the clock, a channel and its relays: for a service that check_reach() and check_signaling() do not
/// know. False when it cannot be worked with at all.
bool check_calls(Report& report, const SdkService& service, const std::string& channel);

/// How long an offer is, by what the service and Amazon's take; and whether it passes, in a channel of its own.
/// @param is_own  whether a channel may be made for that.
void check_sdp(Report& report, const SdkService& service, bool is_own);

/// STUN and TURN: each URI, with its credentials.
void check_servers(Report& report, const std::vector<IceServer>& servers, const Trust& trust);

/// As messagePayload: {"type":"offer","sdp":…} in base64.
[[nodiscard]] std::size_t payload_size(const SessionDescription& description);

/// What to do about a call that failed.
[[nodiscard]] std::string call_advice(const Error& error);

}  // namespace heliograph::cli
