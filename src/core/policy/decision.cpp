// Deny first, then Allow, then the reason why not.
#include "core/policy/decision.hpp"

namespace heliograph::core {
namespace {

using Outcome = Decision::Outcome;
using Source = Decision::Source;

/// How near: an Allow that fails at its second condition is nearer than one that fails at its resource.
bool is_nearer(const Reach& a, const Reach& b) noexcept {
  if (a.stop != b.stop) return a.stop > b.stop;
  return a.condition > b.condition;
}

/// What the policies of one source say by themselves.
Decision ask(std::span<const Policy> policies, Source source, const AccessRequest& request) noexcept {
  Decision decision;
  decision.source = source;
  decision.reach = {Reach::Stop::kAction};
  for (const Policy& policy : policies) {
    for (std::size_t i = 0; i < policy.statements().size(); ++i) {
      const Statement& statement = policy.statements()[i];
      // Once something allows, only a Deny matters.
      if (statement.allows() && decision.is_allowed()) continue;
      const Reach reach = statement.reach(request);
      const bool applies = reach.stop == Reach::Stop::kNowhere;
      if (!statement.allows()) {
        if (applies) return {Outcome::kExplicitDeny, source, &policy, i, reach};
        continue;
      }
      if (applies || decision.policy == nullptr || is_nearer(reach, decision.reach))
        decision = {applies ? Outcome::kAllowed : Outcome::kImplicitDeny, source, &policy, i, reach};
    }
  }
  return decision;
}

void append_statement(std::string& out, const Decision& decision) {
  out += wire::statement_place(decision.statement, decision.policy->statements()[decision.statement].sid());
  out += " of " + decision.policy->name();
}

void append_values(std::string& out, const AccessRequest& request, const ConditionKey& key) {
  const KeyValues values = find_values(request.context, key);
  if (values.size() == 0) {
    out += "the request has no such key";
    return;
  }
  out += "the request's value is";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const KeyValue value = values[i];
    out += i == 0 ? " " : ", ";
    if (value.time) {
      out += std::to_string(std::chrono::floor<std::chrono::seconds>(*value.time).time_since_epoch().count());
    } else {
      out += '"' + std::string(value.text) + '"';
    }
  }
}

void append_failure(std::string& out, const Decision& decision, const AccessRequest& request) {
  switch (decision.reach.stop) {
    case Reach::Stop::kAction:
      out += "its actions do not include " + std::string(request.action);
      return;
    case Reach::Stop::kResource:
      out += "its resources do not include " + std::string(request.resource);
      return;
    case Reach::Stop::kCondition: {
      const Statement& statement = decision.policy->statements()[decision.statement];
      const Condition& condition = statement.conditions()[decision.reach.condition];
      out += "its condition " + condition.test_name() + ' ' + condition.key_name() + " does not hold (";
      append_values(out, request, condition.key());
      out += ')';
      return;
    }
    case Reach::Stop::kNowhere:
      return;
  }
}

}  // namespace

Decision evaluate(const PolicyScope& scope, const AccessRequest& request) noexcept {
  const Decision own = ask(scope.identity, Source::kIdentity, request);
  if (own.outcome == Outcome::kExplicitDeny || !scope.session) return own;
  const Decision session = ask(*scope.session, Source::kSession, request);
  if (session.outcome == Outcome::kExplicitDeny) return session;
  return own.is_allowed() && !session.is_allowed() ? session : own;
}

std::string explain(const Decision& decision, const AccessRequest& request) {
  std::string out;
  switch (decision.outcome) {
    case Outcome::kAllowed:
      out = "allowed by ";
      append_statement(out, decision);
      return out;
    case Outcome::kExplicitDeny:
      out = "denied by ";
      append_statement(out, decision);
      return out;
    case Outcome::kImplicitDeny:
      out = decision.source == Source::kSession ? "denied: no statement of a session policy allows it"
                                                : "denied: no statement allows it";
      if (decision.policy == nullptr) return out;
      out += "; the nearest is ";
      append_statement(out, decision);
      out += ": ";
      append_failure(out, decision, request);
      return out;
  }
  return out;
}

}  // namespace heliograph::core
