// Files in, one decision out.
#include "cli/policy_command.hpp"

#include <optional>
#include <utility>

#include "cli/policy_files.hpp"
#include "core/policy/decision.hpp"
#include "core/policy/request_facts.hpp"

namespace heliograph::cli {
namespace {

std::vector<core::Policy> policies_of(const std::vector<PolicyFile>& files) {
  std::vector<core::Policy> policies;
  policies.reserve(files.size());
  for (const PolicyFile& file : files) policies.push_back(file.policy);
  return policies;
}

Result<void> set_facts(core::RequestFacts& facts, const std::vector<std::string>& context, WallTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (auto set = facts.set("aws:EpochTime", std::to_string(seconds)); !set) return set;
  for (const std::string& text : context) {
    const auto equals = text.find('=');
    if (equals == std::string::npos)
      return Error{Errc::kInvalidArgument, "--context " + text + ": expected key=value, aws:SourceIp=203.0.113.7"};
    if (auto set = facts.set(text.substr(0, equals), text.substr(equals + 1)); !set)
      return Error{set.error().code, "--context " + text + ": " + set.error().detail};
  }
  return {};
}

}  // namespace

Result<PolicyAnswer> check_policy(const PolicyQuestion& question, WallTime now) {
  std::vector<std::string> warnings;
  const auto own = load_policies(question.policies, warnings);
  if (!own) return own.error();
  const auto session = load_policies(question.session_policies, warnings);
  if (!session) return session.error();
  if (question.action.find(':') == std::string::npos || question.action.find_first_of("*?") != std::string::npos)
    return Error{Errc::kInvalidArgument, "--action must be one action, kinesisvideo:ConnectAsViewer"};
  if (question.resource != "*" && !question.resource.starts_with("arn:"))
    return Error{Errc::kInvalidArgument,
                 "--resource must be an ARN, or * for actions without a resource such as ListSignalingChannels"};
  core::RequestFacts facts;
  if (auto set = set_facts(facts, question.context, now); !set) return set.error();

  const std::vector<core::Policy> policies = policies_of(*own);
  const std::vector<core::Policy> session_policies = policies_of(*session);
  core::PolicyScope scope{policies, std::nullopt};
  if (!session_policies.empty()) scope.session = session_policies;
  const core::AccessRequest request{question.action, question.resource, facts.view()};
  const core::Decision decision = core::evaluate(scope, request);
  return PolicyAnswer{decision.is_allowed(), core::explain(decision, request), std::move(warnings)};
}

}  // namespace heliograph::cli
