// One row of a table of policies: what is asked of which policy under which circumstances, and the answer.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/decision.hpp"
#include "core/policy/request_facts.hpp"

namespace heliograph::core {

/// For the messages of failed tests; in the namespace of its type, where they look for it.
inline std::ostream& operator<<(std::ostream& out, Decision::Outcome outcome) {
  switch (outcome) {
    case Decision::Outcome::kAllowed:
      return out << "allowed";
    case Decision::Outcome::kExplicitDeny:
      return out << "explicit deny";
    case Decision::Outcome::kImplicitDeny:
      return out << "implicit deny";
  }
  return out;
}

}  // namespace heliograph::core

namespace heliograph::test {

using Outcome = core::Decision::Outcome;
constexpr Outcome kAllowed = Outcome::kAllowed;
constexpr Outcome kExplicitDeny = Outcome::kExplicitDeny;
constexpr Outcome kImplicitDeny = Outcome::kImplicitDeny;

/// "aws:SourceIp=203.0.113.7"
using Facts = std::vector<const char*>;

inline void set_facts(core::RequestFacts& facts, const Facts& texts) {
  for (const std::string_view text : texts) {
    const auto equals = text.find('=');
    const auto set = facts.set(text.substr(0, equals), text.substr(equals + 1));
    ASSERT_TRUE(set) << set.error().detail;
  }
}

inline core::Policy parse_policy(std::string_view text, std::string name = "p") {
  auto policy = core::Policy::parse(std::move(name), text);
  if (!policy) {
    ADD_FAILURE() << policy.error().detail << "\n" << text;
    return *core::Policy::parse("none", R"({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})");
  }
  return *std::move(policy);
}

inline Outcome decide(const std::vector<core::Policy>& policies, std::string_view action, std::string_view resource,
                      const Facts& texts = {}) {
  core::RequestFacts facts;
  set_facts(facts, texts);
  return core::evaluate({policies, std::nullopt}, {action, resource, facts.view()}).outcome;
}

struct ConditionCase {
  const char* name;
  const char* condition;
  Facts facts;
  bool holds;
};

/// Of an Allow for everything.
inline void expect_conditions(std::span<const ConditionCase> cases) {
  for (const ConditionCase& c : cases) {
    SCOPED_TRACE(std::string(c.name) + ": " + c.condition);
    const core::Policy policy = parse_policy(
        R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": )" +
        std::string(c.condition) + "}}");

    EXPECT_EQ(decide({policy}, "kinesisvideo:ConnectAsViewer", "*", c.facts), c.holds ? kAllowed : kImplicitDeny);
  }
}

}  // namespace heliograph::test
