// A decision names the statement that it is owed to, in words an operator can act on.
#include "core/policy/decision.hpp"

#include <gtest/gtest.h>

#include "support/policy_case.hpp"

namespace heliograph::core {
namespace {

using test::Facts;
using test::parse_policy;

constexpr const char* kDoor = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1";
constexpr const char* kGarden = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/garden/1";

class DecisionTest : public testing::Test {
 protected:
  std::string ask(std::string_view action, std::string_view resource, const Facts& texts = {}) const {
    RequestFacts facts;
    test::set_facts(facts, texts);
    const AccessRequest request{action, resource, facts.view()};
    return explain(evaluate({policies, std::nullopt}, request), request);
  }

  std::vector<Policy> policies{
      parse_policy(R"({"Version": "2012-10-17", "Statement": [
          {"Sid": "Watch", "Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer",
           "Resource": "arn:aws:kinesisvideo:*:*:channel/door/*",
           "Condition": {"Bool": {"aws:SecureTransport": "true"},
                         "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
          {"Effect": "Allow", "Action": "kinesisvideo:Get*", "Resource": "arn:aws:kinesisvideo:*:*:channel/door/*"}]})",
                   "watcher"),
      parse_policy(R"({"Statement": {"Sid": "NoDelete", "Effect": "Deny", "Action": "kinesisvideo:Delete*",
                                     "Resource": "*"}})",
                   "guard"),
  };
};

TEST_F(DecisionTest, NamesTheStatementThatAllowed) {
  EXPECT_EQ(ask("kinesisvideo:GetIceServerConfig", kDoor), "allowed by Statement[1] of watcher");
  EXPECT_EQ(ask("kinesisvideo:ConnectAsViewer", kDoor, {"aws:SecureTransport=true", "aws:SourceIp=203.0.113.7"}),
            "allowed by Statement[0] (\"Watch\") of watcher");
}

TEST_F(DecisionTest, NamesTheStatementThatDenied) {
  EXPECT_EQ(ask("kinesisvideo:DeleteSignalingChannel", kDoor), "denied by Statement[0] (\"NoDelete\") of guard");
}

TEST_F(DecisionTest, NamesTheAllowThatCameNearestAndWhatItFailedAt) {
  EXPECT_EQ(ask("kinesisvideo:ConnectAsMaster", kDoor),
            "denied: no statement allows it; the nearest is Statement[0] (\"Watch\") of watcher: its actions do not "
            "include kinesisvideo:ConnectAsMaster");
  EXPECT_EQ(ask("kinesisvideo:GetIceServerConfig", kGarden),
            "denied: no statement allows it; the nearest is Statement[1] of watcher: its resources do not include " +
                std::string(kGarden));
  EXPECT_EQ(ask("kinesisvideo:ConnectAsViewer", kDoor),
            "denied: no statement allows it; the nearest is Statement[0] (\"Watch\") of watcher: its condition Bool "
            "aws:SecureTransport does not hold (the request has no such key)");
  EXPECT_EQ(ask("kinesisvideo:ConnectAsViewer", kDoor, {"aws:SecureTransport=true", "aws:SourceIp=192.0.2.1"}),
            "denied: no statement allows it; the nearest is Statement[0] (\"Watch\") of watcher: its condition "
            "IpAddress aws:SourceIp does not hold (the request's value is \"192.0.2.1\")");
}

TEST_F(DecisionTest, ShowsTimesAndSeveralValuesOfTheRequest) {
  policies = {parse_policy(R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
                                "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}}})"),
              parse_policy(R"({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
                                "Condition": {"Null": {"aws:TagKeys": "true"}}}})")};

  EXPECT_EQ(ask("kinesisvideo:TagResource", kDoor, {"aws:CurrentTime=2026-05-01", "aws:TagKeys=a"}),
            "denied: no statement allows it; the nearest is Statement[0] of p: its condition DateLessThan "
            "aws:CurrentTime does not hold (the request's value is 1777593600)");
  policies = {parse_policy(R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
                                "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}}})")};
  EXPECT_EQ(ask("kinesisvideo:TagResource", kDoor, {"aws:TagKeys=a", "aws:TagKeys=b"}),
            "denied: no statement allows it; the nearest is Statement[0] of p: its condition ForAllValues:StringEquals "
            "aws:TagKeys does not hold (the request's value is \"a\", \"b\")");
}

TEST_F(DecisionTest, WithoutAnyAllowThereIsNoNearest) {
  policies.erase(policies.begin());

  EXPECT_EQ(ask("kinesisvideo:GetIceServerConfig", kDoor), "denied: no statement allows it");
}

TEST_F(DecisionTest, SaysWhenItWasTheSession) {
  const AccessRequest request{"kinesisvideo:GetIceServerConfig", kDoor, {}};
  const std::vector<Policy> session{parse_policy(
      R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:Connect*", "Resource": "*"}})", "session")};

  EXPECT_EQ(
      explain(evaluate({policies, session}, request), request),
      "denied: no statement of a session policy allows it; the nearest is Statement[0] of session: its actions do "
      "not include kinesisvideo:GetIceServerConfig");
}

}  // namespace
}  // namespace heliograph::core
