// Who may assume a role.
#include "core/policy/trust_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/paths.hpp"

namespace heliograph::core {
namespace {

using ::testing::HasSubstr;

TrustPolicy trusting(const std::string& principal, const std::string& more = "") {
  auto policy =
      TrustPolicy::parse(R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": )" + principal +
                         R"(, "Action": ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"])" + more + "}}");
  EXPECT_TRUE(policy) << policy.error().detail;
  return *std::move(policy);
}

TrustRequest ann() {
  return {.action = "sts:AssumeRole", .account = "000000000000", .caller_arn = "arn:aws:iam::000000000000:user/ann"};
}

TrustRequest token_of(std::string_view issuer) { return {.action = "sts:AssumeRoleWithWebIdentity", .issuer = issuer}; }

TEST(TrustPolicyTest, PrincipalsAreTheAccountItsUsersAndItsRoles) {
  struct Case {
    const char* principal;
    Trust trust;
  };
  const Case cases[] = {
      {R"("*")", Trust::kAccount},
      {R"({"AWS": "*"})", Trust::kAccount},
      {R"({"AWS": "000000000000"})", Trust::kAccount},
      {R"({"AWS": "arn:aws:iam::000000000000:root"})", Trust::kAccount},
      {R"({"AWS": "arn:aws:iam::000000000000:user/ann"})", Trust::kDirect},
      {R"({"AWS": ["111111111111", "arn:aws:iam::000000000000:user/ann"]})", Trust::kDirect},
      {R"({"AWS": "111111111111"})", Trust::kNone},
      {R"({"AWS": "arn:aws:iam::111111111111:root"})", Trust::kNone},
      {R"({"AWS": "arn:aws:iam::000000000000:user/bob"})", Trust::kNone},
      {R"({"Federated": "login.example"})", Trust::kNone},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.principal);
    EXPECT_EQ(trusting(c.principal).ask(ann()), c.trust);
  }
  TrustRequest in_role = ann();
  in_role.caller_arn = "arn:aws:sts::000000000000:assumed-role/ops/x";
  in_role.caller_role = "arn:aws:iam::000000000000:role/ops";
  EXPECT_EQ(trusting(R"({"AWS": "arn:aws:iam::000000000000:role/ops"})").ask(in_role), Trust::kDirect);
  EXPECT_EQ(trusting(R"({"AWS": "arn:aws:sts::000000000000:assumed-role/ops/x"})").ask(in_role), Trust::kDirect);
  EXPECT_EQ(trusting(R"({"AWS": "arn:aws:iam::000000000000:role/other"})").ask(in_role), Trust::kNone);
}

TEST(TrustPolicyTest, AWebIdentityIsTrustedByItsIssuerOnly) {
  for (const char* name : {R"({"Federated": "login.example/t"})", R"({"Federated": "https://login.example/t/"})",
                           R"({"Federated": "arn:aws:iam::000000000000:oidc-provider/login.example/t"})"}) {
    EXPECT_EQ(trusting(name).ask(token_of("login.example/t")), Trust::kDirect) << name;
    EXPECT_EQ(trusting(name).ask(token_of("login.example")), Trust::kNone) << name;
  }
  EXPECT_EQ(trusting(R"("*")").ask(token_of("login.example")), Trust::kNone) << "a star is no issuer";
}

TEST(TrustPolicyTest, ConditionsOnTheTokenAndTheExternalIdHold) {
  const auto by_subject = trusting(
      R"({"Federated": "login.example"})",
      R"(, "Condition": {"StringEquals": {"login.example:aud": "here"}, "StringLike": {"login.example:sub": "cam-*"}})");
  TrustRequest token = token_of("login.example");
  std::vector<TagView> claims{{"login.example:aud", "here"}, {"login.example:sub", "cam-7"}};
  token.context.web_identity = claims;
  EXPECT_EQ(by_subject.ask(token), Trust::kDirect);
  claims[1].value = "door-7";
  EXPECT_EQ(by_subject.ask(token), Trust::kNone);

  const auto by_id =
      trusting(R"({"AWS": "000000000000"})", R"(, "Condition": {"StringEquals": {"sts:ExternalId": "42"}})");
  TrustRequest caller = ann();
  EXPECT_EQ(by_id.ask(caller), Trust::kNone);
  caller.context.external_id = "42";
  EXPECT_EQ(by_id.ask(caller), Trust::kAccount);
}

TEST(TrustPolicyTest, ADenyEndsIt) {
  const auto policy = TrustPolicy::parse(R"({"Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:user/ann"}, "Action": "sts:*"},
    {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})");
  ASSERT_TRUE(policy) << policy.error().detail;
  TrustRequest caller = ann();
  caller.context.secure_transport = true;
  EXPECT_EQ(policy->ask(caller), Trust::kDirect);
  caller.context.secure_transport = false;
  EXPECT_EQ(policy->ask(caller), Trust::kDenied);
}

TEST(TrustPolicyTest, WhatWouldHaveNoEffectIsRefused) {
  const auto why = [](const std::string& members) {
    const auto policy =
        TrustPolicy::parse(R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole")" + members + "}}");
    return policy ? std::string("taken") : policy.error().detail;
  };
  EXPECT_THAT(why(""), HasSubstr("Principal is required"));
  EXPECT_THAT(why(R"(, "Principal": "*", "Resource": "*")"), HasSubstr("Resource: has no place in a trust policy"));
  EXPECT_THAT(why(R"(, "NotPrincipal": "*")"), HasSubstr("NotPrincipal: has no place"));
  EXPECT_THAT(why(R"(, "Principal": {"Service": "ec2.amazonaws.com"})"), HasSubstr("Service"));
  EXPECT_THAT(why(R"(, "Principal": {"AWS": "ann"})"), HasSubstr("\"ann\" is neither"));
  EXPECT_THAT(why(R"(, "Principal": {"AWS": "arn:aws:iam::000000000000:user/*"})"), HasSubstr("without wildcards"));
  EXPECT_THAT(why(R"(, "Principal": "*", "Condition": {"StringEquals": {"moon": "full"}})"),
              HasSubstr("not a condition key"));
}

TEST(TrustPolicyTest, ExamplesSayWhatTheirNamesSay) {
  const auto example = [](const char* name) {
    std::ifstream file(test::source_dir() + "/examples/policies/" + name);
    auto policy = TrustPolicy::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    EXPECT_TRUE(policy) << policy.error().detail;
    return *std::move(policy);
  };
  const std::vector<TagView> camera{{"login.example.com:sub", "cam-7"}};
  TrustRequest token = token_of("login.example.com");
  token.context.web_identity = camera;

  EXPECT_EQ(example("trust-account.json").ask(ann()), Trust::kAccount);
  EXPECT_EQ(example("trust-web-identity.json").ask(token), Trust::kDirect);
  EXPECT_EQ(example("trust-web-identity.json").ask(token_of("login.example.com")), Trust::kNone);
}

}  // namespace
}  // namespace heliograph::core
