// `heliograph env`: what a shell must export so that unmodified clients reach a heliographd on this machine.
#pragma once

#include <string>
#include <vector>

#include "cli/client/service.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// A variable and its value, not yet quoted.
struct Variable {
  std::string name;
  std::string value;
};

/// Of the service that find_service finds. Fails, saying what to do, when there is none, or no key.
[[nodiscard]] Result<std::vector<Variable>> client_environment(const ServiceOptions& options);

/// `export NAME=value` lines.
[[nodiscard]] std::string to_shell(const std::vector<Variable>& variables);

}  // namespace heliograph::cli
