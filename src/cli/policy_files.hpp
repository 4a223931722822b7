// Policies that a command is given as files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/policy/policy.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct PolicyFile {
  std::string name;  ///< Without its folder.
  std::string text;
  core::Policy policy;
};

/// Reads and checks each file once, so that pipes do as well. Fails with kInvalidArgument, naming the file and what is
/// wrong in it.
/// @param warnings  gets what is right by its grammar, and likely not what was meant.
[[nodiscard]] Result<std::vector<PolicyFile>> load_policies(const std::vector<std::filesystem::path>& files,
                                                            std::vector<std::string>& warnings);

}  // namespace heliograph::cli
