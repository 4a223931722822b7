// What the doctor tries with offers.
#pragma once

#include <cstddef>
#include <string>

#include "cli/client/sdk_service.hpp"
#include "cli/doctor/report.hpp"
#include "heliograph/ice.hpp"

namespace heliograph::cli {

/// How long an offer is, by what the service and Amazon's take; and whether it passes, in a channel of its own.
/// @param is_own  whether a channel may be made for that.
void check_sdp(Report& report, const SdkService& service, bool is_own);

/// As messagePayload: {"type":"offer","sdp":…} in base64.
[[nodiscard]] std::size_t payload_size(const SessionDescription& description);

}  // namespace heliograph::cli
