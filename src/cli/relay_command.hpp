// `heliograph relay revoke`: ends what a channel may do, and does, with the relay.
#pragma once

#include <string>

#include "cli/client/service.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// @param channel  name or ARN. The text says what was done.
[[nodiscard]] Result<std::string> revoke_relay(const std::string& channel, const ServiceOptions& options);

}  // namespace heliograph::cli
