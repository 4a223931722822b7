// `heliograph env`: what a shell must export so that unmodified clients reach a heliographd on this machine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::cli {

/// A variable and its value, not yet quoted.
struct Variable {
  std::string name;
  std::string value;
};

/// Reads DIR/credentials and DIR/runtime.json (which a running heliographd writes). Fails, saying what to do, when
/// heliographd never ran with this directory.
[[nodiscard]] Result<std::vector<Variable>> client_environment(const std::filesystem::path& data_dir);

/// `export NAME=value` lines.
[[nodiscard]] std::string to_shell(const std::vector<Variable>& variables);

}  // namespace heliograph::cli
