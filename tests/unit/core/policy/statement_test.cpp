// What a statement covers: effects, actions, resources, and several policies at once. The table is the specification.
#include <gtest/gtest.h>

#include "support/policy_case.hpp"

namespace heliograph::core {
namespace {

using test::decide;
using test::kAllowed;
using test::kExplicitDeny;
using test::kImplicitDeny;
using test::Outcome;
using test::parse_policy;

constexpr const char* kView = "kinesisvideo:ConnectAsViewer";
constexpr const char* kMaster = "kinesisvideo:ConnectAsMaster";
constexpr const char* kIce = "kinesisvideo:GetIceServerConfig";
constexpr const char* kList = "kinesisvideo:ListSignalingChannels";
constexpr const char* kCreate = "kinesisvideo:CreateSignalingChannel";
constexpr const char* kDoor = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1712136149494";
constexpr const char* kDoors = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/doors/1712136149494";
constexpr const char* kGarden = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/garden/1712136149495";
constexpr const char* kStream = "arn:aws:kinesisvideo:us-east-1:000000000000:stream/door/1712136149494";
constexpr const char* kUnmade = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/*";

struct Case {
  const char* name;
  const char* statement;  ///< Or a list of them.
  const char* action;
  const char* resource;
  Outcome expected;
};

const Case kCases[] = {
    // Effect.
    {"an Allow that applies", R"({"Effect": "Allow", "Action": "*", "Resource": "*"})", kView, kDoor, kAllowed},
    {"a Deny that applies", R"({"Effect": "Deny", "Action": "*", "Resource": "*"})", kView, kDoor, kExplicitDeny},
    {"a Deny that does not apply allows nothing",
     R"({"Effect": "Deny", "Action": "kinesisvideo:ConnectAsMaster", "Resource": "*"})", kView, kDoor, kImplicitDeny},
    {"a Deny behind an Allow wins",
     R"([{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*"}])",
     kView, kDoor, kExplicitDeny},
    {"a Deny before an Allow wins",
     R"([{"Effect": "Deny", "Action": "*", "Resource": "*"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}])",
     kView, kDoor, kExplicitDeny},
    {"a Deny of another channel leaves the Allow",
     R"([{"Effect": "Allow", "Action": "*", "Resource": "*"},
         {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/garden/*"}])",
     kView, kDoor, kAllowed},
    {"any of several Allows is enough",
     R"([{"Effect": "Allow", "Action": "kinesisvideo:Get*", "Resource": "*"},
         {"Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer", "Resource": "*"}])",
     kView, kDoor, kAllowed},
    // Action.
    {"the action by its name", R"({"Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer", "Resource": "*"})",
     kView, kDoor, kAllowed},
    {"another action", R"({"Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer", "Resource": "*"})", kMaster,
     kDoor, kImplicitDeny},
    {"action names have no case", R"({"Effect": "Allow", "Action": "KinesisVideo:connectASviewer", "Resource": "*"})",
     kView, kDoor, kAllowed},
    {"the request's action has no case, too",
     R"({"Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer", "Resource": "*"})",
     "KINESISVIDEO:CONNECTASVIEWER", kDoor, kAllowed},
    {"one of a list",
     R"({"Effect": "Allow", "Action": ["kinesisvideo:GetIceServerConfig", "kinesisvideo:ConnectAsViewer"],
      "Resource": "*"})",
     kView, kDoor, kAllowed},
    {"every action of the service", R"({"Effect": "Allow", "Action": "kinesisvideo:*", "Resource": "*"})", kIce, kDoor,
     kAllowed},
    {"every action of another service", R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})", kIce, kDoor,
     kImplicitDeny},
    {"actions that begin alike", R"({"Effect": "Allow", "Action": "kinesisvideo:Get*", "Resource": "*"})", kIce, kDoor,
     kAllowed},
    {"… and one that does not", R"({"Effect": "Allow", "Action": "kinesisvideo:Get*", "Resource": "*"})", kView, kDoor,
     kImplicitDeny},
    {"actions that end alike", R"({"Effect": "Allow", "Action": "kinesisvideo:*Viewer", "Resource": "*"})", kView,
     kDoor, kAllowed},
    {"a star in the middle", R"({"Effect": "Allow", "Action": "kinesisvideo:Connect*er", "Resource": "*"})", kMaster,
     kDoor, kAllowed},
    {"question marks are one character each",
     R"({"Effect": "Allow", "Action": "kinesisvideo:ConnectAs??????", "Resource": "*"})", kView, kDoor, kAllowed},
    {"… not fewer", R"({"Effect": "Allow", "Action": "kinesisvideo:ConnectAs???????", "Resource": "*"})", kView, kDoor,
     kImplicitDeny},
    {"a name is not a beginning", R"({"Effect": "Allow", "Action": "kinesisvideo:Connect", "Resource": "*"})", kView,
     kDoor, kImplicitDeny},
    {"NotAction leaves out what it names",
     R"({"Effect": "Allow", "NotAction": "kinesisvideo:ConnectAsMaster", "Resource": "*"})", kMaster, kDoor,
     kImplicitDeny},
    {"NotAction covers all else",
     R"({"Effect": "Allow", "NotAction": "kinesisvideo:ConnectAsMaster", "Resource": "*"})", kView, kDoor, kAllowed},
    {"NotAction with several names: none of them",
     R"({"Effect": "Deny", "NotAction": ["kinesisvideo:Get*", "kinesisvideo:ConnectAsViewer"], "Resource": "*"})",
     kMaster, kDoor, kExplicitDeny},
    // Resource.
    {"a channel by its whole ARN",
     R"({"Effect": "Allow", "Action": "*",
         "Resource": "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1712136149494"})",
     kView, kDoor, kAllowed},
    {"an earlier channel of that name",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1"})",
     kView, kDoor, kImplicitDeny},
    {"a channel by its name",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/*"})",
     kView, kDoor, kAllowed},
    {"… and not one that begins alike",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/*"})",
     kView, kDoors, kImplicitDeny},
    {"a channel that is yet to be made, by its name",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/*"})",
     kCreate, kUnmade, kAllowed},
    {"… not by the ARN of one that is there",
     R"({"Effect": "Allow", "Action": "*",
         "Resource": "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1712136149494"})",
     kCreate, kUnmade, kImplicitDeny},
    {"every channel", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/*/*"})",
     kView, kGarden, kAllowed},
    {"a star spans slashes", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/*"})",
     kView, kGarden, kAllowed},
    {"no stream", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/*/*"})",
     "kinesisvideo:GetDataEndpoint", kStream, kImplicitDeny},
    {"a star spans colons", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*door/*"})", kView,
     kDoor, kAllowed},
    {"resources have a case",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/DOOR/*"})", kView, kDoor,
     kImplicitDeny},
    {"another region",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:eu-west-1:*:channel/door/*"})", kView,
     kDoor, kImplicitDeny},
    {"another account",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:123456789012:channel/door/*"})", kView,
     kDoor, kImplicitDeny},
    {"one of a list", R"({"Effect": "Allow", "Action": "*", "Resource": [
         "arn:aws:kinesisvideo:*:*:channel/garden/*", "arn:aws:kinesisvideo:*:*:channel/door/*"]})",
     kView, kDoor, kAllowed},
    {"a question mark in a name",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/doo?/*"})", kView, kDoor,
     kAllowed},
    {"NotResource leaves out what it names",
     R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:kinesisvideo:*:*:channel/door/*"})", kView, kDoor,
     kImplicitDeny},
    {"NotResource covers all else",
     R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:kinesisvideo:*:*:channel/door/*"})", kView, kGarden,
     kAllowed},
    {"a list of channels needs every resource", R"({"Effect": "Allow", "Action": "*", "Resource": "*"})", kList, "*",
     kAllowed},
    {"… channels do not do",
     R"({"Effect": "Allow", "Action": "kinesisvideo:*", "Resource": "arn:aws:kinesisvideo:*:*:channel/*"})", kList, "*",
     kImplicitDeny},
};

TEST(StatementTest, CoversWhatItSays) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const Policy policy = parse_policy(R"({"Version": "2012-10-17", "Statement": )" + std::string(c.statement) + "}");

    EXPECT_EQ(decide({policy}, c.action, c.resource), c.expected);
  }
}

TEST(SeveralPoliciesTest, OneAllowsAnotherDenies) {
  const Policy views =
      parse_policy(R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:*", "Resource": "*"}})");
  const Policy no_garden = parse_policy(R"({"Statement": {"Effect": "Deny", "Action": "*",
                                           "Resource": "arn:aws:kinesisvideo:*:*:channel/garden/*"}})");

  EXPECT_EQ(decide({views, no_garden}, kView, kDoor), kAllowed);
  EXPECT_EQ(decide({views, no_garden}, kView, kGarden), kExplicitDeny);
  EXPECT_EQ(decide({no_garden, views}, kView, kGarden), kExplicitDeny);
}

TEST(SeveralPoliciesTest, NoneAllowsNothing) { EXPECT_EQ(decide({}, kView, kDoor), kImplicitDeny); }

TEST(SessionPolicyTest, OnlyWhatBothAllowIsAllowed) {
  const char* all = R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  const char* watch =
      R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer", "Resource": "*"}})";
  const char* no_watch =
      R"({"Statement": {"Effect": "Deny", "Action": "kinesisvideo:ConnectAsViewer", "Resource": "*"}})";
  struct Row {
    const char* name;
    const char* identity;
    const char* session;
    Outcome expected;
    Decision::Source source;
  };
  const Row rows[] = {
      {"both allow", all, watch, kAllowed, Decision::Source::kIdentity},
      {"the session allows less", all, R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})",
       kImplicitDeny, Decision::Source::kSession},
      {"the session allows more, which is no use",
       R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:ConnectAsMaster", "Resource": "*"}})", all,
       kImplicitDeny, Decision::Source::kIdentity},
      {"the session denies", all, no_watch, kExplicitDeny, Decision::Source::kSession},
      {"the identity denies", no_watch, all, kExplicitDeny, Decision::Source::kIdentity},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const std::vector<Policy> identity{parse_policy(row.identity)};
    const std::vector<Policy> session{parse_policy(row.session)};

    const Decision decision = evaluate({identity, session}, {kView, kDoor, {}});

    EXPECT_EQ(decision.outcome, row.expected);
    EXPECT_EQ(decision.source, row.source);
  }
}

TEST(SessionPolicyTest, ASessionWithoutPoliciesAllowsNothing) {
  const std::vector<Policy> identity{
      parse_policy(R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})")};

  EXPECT_TRUE(evaluate({identity, std::nullopt}, {kView, kDoor, {}}).is_allowed());
  EXPECT_FALSE(evaluate({identity, std::span<const Policy>()}, {kView, kDoor, {}}).is_allowed());
}

}  // namespace
}  // namespace heliograph::core
