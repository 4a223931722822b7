// What of a newly read configuration takes effect in a service that runs.
#pragma once

#include <string>
#include <vector>

#include "server/config.hpp"

namespace heliograph::server {

/// Names of settings, as flags without their dashes.
struct ReloadReport {
  std::vector<std::string> applied;        ///< Changed and in force.
  std::vector<std::string> needs_restart;  ///< Changed, and not in force.
};

/// Which settings differ, by whether they can change now. Those of certificates, limits, the log, the drain and an
/// external relay can; what was bound, opened or handed out at the start cannot.
[[nodiscard]] ReloadReport compare_settings(const Config& running, const Config& wanted);

/// `running` with those settings of `wanted` that can change now.
[[nodiscard]] Config with_live_settings(const Config& running, const Config& wanted);

}  // namespace heliograph::server
