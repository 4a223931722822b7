// The flags of `heliograph chat`, `master` and `viewer`.
#pragma once

#include <vector>

#include "cli/connection_commands.hpp"

namespace heliograph::cli {

/// Adds the subcommands. What they were given is kept in the functions.
[[nodiscard]] std::vector<Command> add_call_commands(CLI::App& app);

}  // namespace heliograph::cli
