// AppHooks: what an App needs of the process around it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "server/config.hpp"

namespace heliograph::server {

/// Each may be empty: then there is nobody to ask or to tell. Threads: called on the App's main thread, but
/// lost_log_lines from any.
struct AppHooks {
  /// Reads flags, variables and file again.
  std::function<std::variant<Config, ExitRequest>()> reread;
  std::function<void(LogFormat, const std::string& level)> set_log;
  std::function<std::uint64_t()> lost_log_lines;
  /// Tells a service manager, in the assignments of sd_notify(3).
  std::function<void(std::string_view)> notify;
  /// How often it wants a sign of life.
  std::optional<std::chrono::milliseconds> watchdog;
};

}  // namespace heliograph::server
