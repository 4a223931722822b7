// The options of `heliograph user` and `heliograph role`.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/client/service.hpp"
#include "cli/user_command.hpp"

namespace heliograph::cli {

/// What the command line says, when parsed() is one of them.
struct UserOptions {
  UserWish wish;
  ServiceOptions service;
  bool is_parsed = false;
};

/// Adds both commands. `options` must outlive the app.
void add_user_commands(CLI::App& app, UserOptions& options);

/// Talks to the service and prints; the process's exit code.
[[nodiscard]] int run_user_command(const UserOptions& options);

}  // namespace heliograph::cli
