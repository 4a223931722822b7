// What policies are asked, and what a denial says.
#include "server/authorizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

core::Policy parse(std::string_view text) { return *core::Policy::parse("p", text); }

class AuthorizerTest : public ::testing::Test {
 protected:
  AuthorizerTest() { arn = world.create("door"); }

  /// An Allow of everything under a condition.
  Result<void> ask_under(const std::string& condition, AccessTarget target) {
    bob.policies = {parse(R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
                              "Condition": )" +
                          condition + "}}")};
    return ask("ConnectAsViewer", std::move(target));
  }
  Result<void> ask(std::string_view action, AccessTarget target) {
    return world.authorizer.authorize(bob, action, target, world.context);
  }

  test::ApiWorld world;
  std::string arn;
  Principal bob{.name = "bob", .id = AccessKeyId("AKIABOB"), .secret = Secret("s")};
};

TEST_F(AuthorizerTest, EveryConditionKeyHasItsValue) {
  bob.user_id = "AIDABOB";
  bob.tags = {{"team", "doors"}};
  bob.thing_name = "cam-7";
  world.context.tls = true;
  ASSERT_TRUE(world.store.tag_channel(ChannelArn(arn), {{"site", "north"}}));
  const AccessTarget target{arn, {{"floor", "2"}}, {"floor"}};
  const char* conditions[] = {
      R"({"IpAddress": {"aws:SourceIp": "203.0.113.7"}})",
      R"({"Bool": {"aws:SecureTransport": "true"}})",
      R"({"StringEquals": {"aws:username": "bob"}})",
      R"({"StringEquals": {"aws:userid": "AIDABOB"}})",
      R"({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/bob"}})",
      R"({"StringEquals": {"aws:PrincipalTag/team": "doors"}})",
      R"({"DateEquals": {"aws:CurrentTime": "2024-04-03T09:22:29Z"}})",
      R"({"NumericEquals": {"aws:EpochTime": 1712136149}})",
      R"({"StringEquals": {"aws:RequestTag/floor": "2"}})",
      R"({"ForAnyValue:StringEquals": {"aws:TagKeys": "floor"}})",
      R"({"StringEquals": {"aws:ResourceTag/site": "north"}})",
      R"({"StringEquals": {"aws:UserAgent": "test/1.0"}})",
      R"({"StringEquals": {"credentials-iot:ThingName": "cam-7"}})",
  };
  for (const char* condition : conditions) {
    SCOPED_TRACE(condition);
    const auto allowed = ask_under(condition, target);
    EXPECT_TRUE(allowed) << allowed.error().detail;
  }
}

TEST_F(AuthorizerTest, WhatARequestDoesNotHaveIsAbsent) {
  world.context.user_agent.clear();
  for (const char* key : {"aws:PrincipalTag/team", "aws:RequestTag/floor", "aws:TagKeys", "aws:ResourceTag/site",
                          "aws:UserAgent", "credentials-iot:ThingName"}) {
    SCOPED_TRACE(key);
    EXPECT_TRUE(ask_under(R"({"Null": {")" + std::string(key) + R"(": "true"}})", {arn}));
  }
}

TEST_F(AuthorizerTest, AKeyWithoutAUserIdIsItsOwn) {
  EXPECT_TRUE(ask_under(R"({"StringEquals": {"aws:userid": "AKIABOB"}})", {arn}));
}

TEST_F(AuthorizerTest, DenialsHaveTheTextOfTheRealService) {
  const std::string begin =
      "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: kinesisvideo:ConnectAsViewer on "
      "resource: " +
      arn;
  const auto everything = parse(R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})");
  const auto nothing = parse(R"({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})");
  const auto other = parse(R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})");
  struct Case {
    const char* name;
    std::vector<core::Policy> policies;
    std::optional<std::vector<core::Policy>> session;
    const char* end;
  };
  const Case cases[] = {
      {"no policy", {}, {}, " because no identity-based policy allows the kinesisvideo:ConnectAsViewer action"},
      {"none that allows",
       {other},
       {},
       " because no identity-based policy allows the kinesisvideo:ConnectAsViewer action"},
      {"one that denies", {everything, nothing}, {}, " with an explicit deny in an identity-based policy"},
      {"session does not allow",
       {everything},
       {{other}},
       " because no session policy allows the kinesisvideo:ConnectAsViewer action"},
      {"session denies", {everything}, {{nothing}}, " with an explicit deny in a session policy"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    bob.policies = c.policies;
    bob.session_policies = c.session;

    const auto denied = ask("ConnectAsViewer", {arn});

    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().code, Errc::kAccessDenied);
    EXPECT_EQ(denied.error().detail, begin + c.end);
  }
}

TEST_F(AuthorizerTest, TheLogSaysWhichStatementItWas) {
  bob.policies = {*core::Policy::parse(
      "night", R"({"Statement": {"Sid": "Closed", "Effect": "Deny", "Action": "*", "Resource": "*"}})")};

  EXPECT_FALSE(ask("ConnectAsViewer", {arn}));

  ASSERT_EQ(world.log.lines.size(), 1U);
  EXPECT_EQ(world.log.lines.front(),
            "access denied by=bob action=kinesisvideo:ConnectAsViewer resource=" + arn +
                " why=denied by Statement[0] (\"Closed\") of night request_id=request-1 held_back=0");
}

TEST_F(AuthorizerTest, DecisionIsToldToNobodyBeforeItIsConcluded) {
  world.context.note = std::make_shared<AccessNote>();

  const auto decision = world.authorizer.decide(bob, "ConnectAsViewer", {arn}, world.context);

  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->outcome, core::Decision::Outcome::kImplicitDeny);
  EXPECT_TRUE(world.log.lines.empty());
  EXPECT_TRUE(world.context.note->why.empty());
  const auto concluded = world.authorizer.conclude(bob, *decision, world.context);
  ASSERT_FALSE(concluded);
  EXPECT_EQ(concluded.error().code, Errc::kAccessDenied);
  EXPECT_EQ(concluded.error().detail, decision->denial);
  EXPECT_EQ(world.log.lines.size(), 1U);
  EXPECT_EQ(world.context.note->why, "denied: no statement allows it");
  EXPECT_FALSE(world.context.note->allowed);
}

TEST_F(AuthorizerTest, NoteSaysWhetherItIsAllowedAndWhoElseTookThatBack) {
  world.context.note = std::make_shared<AccessNote>();
  bob.policies = {administrator_access()};

  EXPECT_TRUE(ask("ConnectAsViewer", {arn}));

  EXPECT_TRUE(world.context.note->allowed);
  EXPECT_EQ(world.context.note->resource, arn);
  note_veto(world.context.note, {Errc::kServiceUnavailable, {}});
  EXPECT_FALSE(world.context.note->allowed);
  EXPECT_EQ(world.context.note->why, "authorization webhook: it could not be asked");
}

TEST_F(AuthorizerTest, TheAdministratorsPolicyAllowsEverything) {
  bob.policies = {administrator_access()};

  EXPECT_TRUE(ask("DeleteSignalingChannel", {arn}));
  EXPECT_TRUE(ask("ListSignalingChannels", {"*"}));
}

}  // namespace
}  // namespace heliograph::server
