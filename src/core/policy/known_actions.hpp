// The actions that there are, to find those in a policy that there are not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/policy_document.hpp"

namespace heliograph::core {

/// Whether an action of kinesisvideo as a policy writes it, wildcards and all, fits any that the service documents:
/// those of this program and of the video streams beside it, since policies are often shared. Of other services: true.
[[nodiscard]] bool is_known_action(std::string_view written);

/// What Action and NotAction name without effect, each once: misspelt, most likely. No mistake, for IAM takes it too.
[[nodiscard]] std::vector<std::string> unknown_actions(const wire::PolicyDocument& document);

}  // namespace heliograph::core
