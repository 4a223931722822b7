// The manual pages of heliographd and of its configuration file.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace heliograph::server {

/// @param what  "man", "config-man" or "bash".
[[nodiscard]] std::string manual_of(const CLI::App& app, const std::string& what);

}  // namespace heliograph::server
