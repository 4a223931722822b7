// `heliograph policy check`: what policies say to a request, before anybody makes it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct PolicyQuestion {
  std::vector<std::filesystem::path> policies;          ///< Of the principal, all of them.
  std::vector<std::filesystem::path> session_policies;  ///< None: no session limits it.
  std::string action;                                   ///< "kinesisvideo:ConnectAsViewer"
  std::string resource;                                 ///< An ARN, or "*".
  std::vector<std::string> context;                     ///< "aws:SourceIp=203.0.113.7"
};

struct PolicyAnswer {
  bool allowed = false;
  std::string text;                     ///< One line: the answer, the statement it is owed to, and why.
  std::vector<std::string> warnings{};  ///< Of what in the policies is likely not what was meant.
};

/// Decides as heliographd does, with its own code. aws:CurrentTime is `now`, unless the context says otherwise. Fails
/// with kInvalidArgument, naming the file or the option that is wrong.
[[nodiscard]] Result<PolicyAnswer> check_policy(const PolicyQuestion& question, WallTime now);

}  // namespace heliograph::cli
