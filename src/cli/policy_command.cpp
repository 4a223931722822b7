// Files in, one decision out.
#include "cli/policy_command.hpp"

#include <fstream>
#include <iterator>
#include <optional>

#include "core/policy/decision.hpp"
#include "core/policy/request_facts.hpp"

namespace heliograph::cli {
namespace {

Result<std::vector<core::Policy>> load_policies(const std::vector<std::filesystem::path>& files) {
  std::vector<core::Policy> policies;
  for (const std::filesystem::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return Error{Errc::kResourceNotFound, "cannot read " + file.string()};
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    auto policy = core::Policy::parse(file.filename().string(), text);
    if (!policy) return Error{policy.error().code, file.string() + ": " + policy.error().detail};
    policies.push_back(*std::move(policy));
  }
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
  const auto policies = load_policies(question.policies);
  if (!policies) return policies.error();
  const auto session = load_policies(question.session_policies);
  if (!session) return session.error();
  if (question.action.find(':') == std::string::npos || question.action.find_first_of("*?") != std::string::npos)
    return Error{Errc::kInvalidArgument, "--action must be one action, kinesisvideo:ConnectAsViewer"};
  if (question.resource != "*" && !question.resource.starts_with("arn:"))
    return Error{Errc::kInvalidArgument,
                 "--resource must be an ARN, or * for actions without a resource such as ListSignalingChannels"};
  core::RequestFacts facts;
  if (auto set = set_facts(facts, question.context, now); !set) return set.error();

  core::PolicyScope scope{*policies, std::nullopt};
  if (!session->empty()) scope.session = *session;
  const core::AccessRequest request{question.action, question.resource, facts.view()};
  const core::Decision decision = core::evaluate(scope, request);
  return PolicyAnswer{decision.is_allowed(), core::explain(decision, request)};
}

}  // namespace heliograph::cli
