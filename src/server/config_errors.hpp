// What is said when the settings are not taken: which file, which setting, and what to do.
#pragma once

#include <CLI/CLI.hpp>
#include <span>

#include "server/config.hpp"

namespace heliograph::server {

/// Help and version go out as they are. A mistake that stands in the file of --config names the file, in one line,
/// since a reload logs it; one on the command line points to --help.
/// @param arguments  of the command line.
[[nodiscard]] ExitRequest to_exit(const CLI::App& app, const CLI::ParseError& error,
                                  std::span<const char* const> arguments);

}  // namespace heliograph::server
