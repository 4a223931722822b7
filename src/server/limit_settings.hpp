// LimitSettings: every single limit by name, as --limit NAME=VALUE sets it.
#pragma once

#include <string>
#include <string_view>

#include "core/limits.hpp"
#include "heliograph/result.hpp"
#include "server/call_limits.hpp"

namespace heliograph::server {

/// All limits there are. --limits gives the profile, --limit changes single ones on top of it.
struct AllLimits {
  core::Limits core;
  CallLimits calls;
};

/// "open", "aws". What aws limits depends on the region.
[[nodiscard]] AllLimits limits_of_profile(std::string_view profile, std::string_view region);

/// Applies "idle-timeout=10m", "max-viewers=50", "rate-GetIceServerConfig-per-channel=5". Names are compared without
/// case. Fails with kInvalidArgument: an unknown name is answered with all names, a bad value with the unit and range.
[[nodiscard]] Result<void> set_limit(AllLimits& limits, std::string_view assignment);

/// What must hold between limits. Fails with kInvalidArgument and a text that names both.
[[nodiscard]] Result<void> check_limits(const AllLimits& limits);

/// The table of names, units and both profiles' values, for --help.
[[nodiscard]] std::string describe_limits();

}  // namespace heliograph::server
