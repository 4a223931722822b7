// What must hold for any policy and any request.
//
// The bytes are parts with a record separator (0x1E) between them: a policy, an action, a resource, and facts as
// key=value.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/decision.hpp"
#include "core/policy/request_facts.hpp"
#include "support/check.hpp"

namespace heliograph::test {

class PolicyRun {
 public:
  explicit PolicyRun(std::string_view bytes) : rest_(bytes) {}

  void run() {
    const std::string_view text = take();
    auto policy = core::Policy::parse("fuzzed", text);
    if (!policy) {
      check(policy.error().code == Errc::kInvalidArgument, "a bad policy is an argument that is not valid");
      check(policy.error().detail.find(": ") != std::string::npos, "an error has a place and a rule");
      return;
    }
    check(text.size() <= wire::kMaxPolicyText, "no policy is longer than the longest");
    check(!policy->statements().empty(), "every policy has a statement");
    const std::string_view action = take();
    const std::string_view resource = take();
    core::RequestFacts facts;
    while (!rest_.empty()) {
      const std::string_view fact = take();
      const auto equals = std::min(fact.find('='), fact.size());
      static_cast<void>(facts.set(fact.substr(0, equals), fact.substr(std::min(equals + 1, fact.size()))));
    }
    check_decisions({*std::move(policy)}, {action, resource, facts.view()});
  }

 private:
  using Policies = std::vector<core::Policy>;
  using Outcome = core::Decision::Outcome;

  std::string_view take() {
    const auto end = std::min(rest_.find('\x1E'), rest_.size());
    const std::string_view part = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return part;
  }

  static Policies with(const Policies& policies, const char* effect) {
    Policies more = policies;
    more.push_back(*core::Policy::parse(
        effect, R"({"Statement": {"Effect": ")" + std::string(effect) + R"(", "Action": "*", "Resource": "*"}})"));
    return more;
  }

  /// By the rules as they are written: any Deny, else any Allow, else nothing.
  static Outcome decide_naively(const Policies& policies, const core::AccessRequest& request) {
    bool allowed = false;
    for (const core::Policy& policy : policies) {
      for (const core::Statement& statement : policy.statements()) {
        if (statement.reach(request).stop != core::Reach::Stop::kNowhere) continue;
        if (!statement.allows()) return Outcome::kExplicitDeny;
        allowed = true;
      }
    }
    return allowed ? Outcome::kAllowed : Outcome::kImplicitDeny;
  }

  static void check_decisions(const Policies& policies, const core::AccessRequest& request) {
    const core::Decision decision = core::evaluate({policies, std::nullopt}, request);
    const Outcome outcome = decision.outcome;
    check(outcome == decide_naively(policies, request), "it decides by the rules");
    check(!core::explain(decision, request).empty(), "every decision has a reason");
    if (decision.policy != nullptr)
      check(decision.statement < decision.policy->statements().size(), "the statement is one of the policy's");

    check(core::evaluate({with(policies, "Deny"), std::nullopt}, request).outcome == Outcome::kExplicitDeny,
          "a Deny of everything denies");
    const Policies allowing = with(policies, "Allow");
    const Outcome allowed = core::evaluate({allowing, std::nullopt}, request).outcome;
    check((allowed == Outcome::kExplicitDeny) == (outcome == Outcome::kExplicitDeny), "an Allow lifts no Deny");
    check(allowed != Outcome::kImplicitDeny, "with an Allow of everything nothing is denied by default");
    check(core::evaluate({policies, policies}, request).outcome == outcome,
          "a session of the same policies is no limit");
    check(core::evaluate({allowing, policies}, request).outcome == outcome, "a session allows what its policies allow");
    check(!core::evaluate({policies, Policies{}}, request).is_allowed(), "a session without policies allows nothing");
    check(!core::evaluate({Policies{}, std::nullopt}, request).is_allowed(), "nobody without policies may anything");
  }

  std::string_view rest_;
};

}  // namespace heliograph::test
