// From paths to policies.
#include "cli/policy_files.hpp"

#include <utility>

#include "cli/client/service.hpp"
#include "core/policy/known_actions.hpp"
#include "wire/policy_document.hpp"

namespace heliograph::cli {

Result<std::vector<PolicyFile>> load_policies(const std::vector<std::filesystem::path>& files,
                                              std::vector<std::string>& warnings) {
  std::vector<PolicyFile> policies;
  for (const std::filesystem::path& file : files) {
    const auto in_file = [&file](const Error& error) { return Error{error.code, file.string() + ": " + error.detail}; };
    auto text = read_named(file);
    if (!text) return text.error();
    const auto document = wire::parse_policy_document(*text);
    if (!document) return in_file(document.error());
    std::string name = file.filename().string();
    auto policy = core::Policy::compile(name, *document);
    if (!policy) return in_file(policy.error());
    for (const std::string& action : core::unknown_actions(*document))
      warnings.push_back(file.string() + ": there is no action " + action + "; is it misspelt?");
    policies.push_back({std::move(name), *std::move(text), *std::move(policy)});
  }
  return policies;
}

}  // namespace heliograph::cli
