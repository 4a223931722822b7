// The grammar of policy documents: what is read, and what is refused where.
#include "wire/policy_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(PolicyDocumentTest, EveryMemberIsRead) {
  const auto document = parse_policy_document(R"({
    "Version": "2012-10-17", "Id": "door-policies",
    "Statement": [
      {"Sid": "Watch1", "Effect": "Allow", "Action": ["kinesisvideo:Get*", "kinesisvideo:ConnectAsViewer"],
       "Resource": "arn:aws:kinesisvideo:*:*:channel/door/*",
       "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
                     "Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"aws:EpochTime": 1777593600}}},
      {"Effect": "Deny", "NotAction": "kinesisvideo:Describe*", "NotResource": ["arn:aws:x:::a", "arn:aws:x:::b"]}]})");

  ASSERT_TRUE(document) << document.error().detail;
  EXPECT_TRUE(document->has_variables);
  ASSERT_EQ(document->statements.size(), 2U);
  const PolicyStatement& watch = document->statements[0];
  EXPECT_EQ(watch.sid, "Watch1");
  EXPECT_TRUE(watch.allows);
  EXPECT_FALSE(watch.inverts_actions);
  EXPECT_FALSE(watch.inverts_resources);
  EXPECT_THAT(watch.actions, ElementsAre("kinesisvideo:Get*", "kinesisvideo:ConnectAsViewer"));
  EXPECT_THAT(watch.resources, ElementsAre("arn:aws:kinesisvideo:*:*:channel/door/*"));
  ASSERT_EQ(watch.conditions.size(), 3U);
  EXPECT_EQ(watch.conditions[0].test, "IpAddress");
  EXPECT_EQ(watch.conditions[0].key, "aws:SourceIp");
  EXPECT_THAT(watch.conditions[0].values, ElementsAre("203.0.113.0/24", "2001:db8::/32"));
  EXPECT_THAT(watch.conditions[1].values, ElementsAre("true"));
  EXPECT_THAT(watch.conditions[2].values, ElementsAre("1777593600"));
  const PolicyStatement& deny = document->statements[1];
  EXPECT_FALSE(deny.allows);
  EXPECT_TRUE(deny.inverts_actions);
  EXPECT_TRUE(deny.inverts_resources);
  EXPECT_THAT(deny.resources, ElementsAre("arn:aws:x:::a", "arn:aws:x:::b"));
}

TEST(PolicyDocumentTest, OneStatementNeedsNoListAndOldVersionsHaveNoVariables) {
  const char* statement = R"("Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  const auto unversioned = parse_policy_document("{" + std::string(statement));
  const auto old = parse_policy_document(R"({"Version": "2008-10-17", )" + std::string(statement));

  ASSERT_TRUE(unversioned && old);
  EXPECT_FALSE(unversioned->has_variables);
  EXPECT_FALSE(old->has_variables);
  EXPECT_EQ(old->statements.size(), 1U);
}

TEST(PolicyDocumentTest, WhatIsNotAsItMustBeIsNamed) {
  const std::string fine = R"("Effect": "Allow", "Action": "*", "Resource": "*")";
  struct Case {
    const char* name;
    std::string text;
    const char* said;
  };
  const auto with = [](const std::string& statement) { return R"({"Statement": [{)" + statement + "}]}"; };
  const Case cases[] = {
      {"nothing", "", "the policy: is not JSON"},
      {"no JSON", "{", "the policy: is not JSON"},
      {"more behind it", R"({"Statement": {)" + fine + "}} x", "the policy: is not JSON"},
      {"a list", "[]", "the policy: must be a JSON object"},
      {"too deep", std::string(20, '[') + std::string(20, ']'), "the policy: is not JSON"},
      {"too long", R"({"Id": ")" + std::string(70'000, 'x') + "\"}", "the policy: is longer than 65536 bytes"},
      {"unknown member", R"({"statement": {)" + fine + "}}",
       "the policy, statement: is not a member; there are Version"},
      {"unknown version", R"({"Version": "2015-10-17", "Statement": {)" + fine + "}}", "Version: must be"},
      {"version as a number", R"({"Version": 2012, "Statement": {)" + fine + "}}", "Version: must be"},
      {"Id as a number", R"({"Id": 1, "Statement": {)" + fine + "}}", "Id: must be a string"},
      {"no statement", R"({"Version": "2012-10-17"})", "the policy: Statement is required"},
      {"no statements", R"({"Statement": []})", "Statement: must not be an empty list"},
      {"statement as text", R"({"Statement": ["Allow"]})", "Statement[0]: must be an object"},
      {"a member twice", with(R"("Effect": "Deny", )" + fine), "Effect: is given twice"},
      {"a condition key twice",
       with(fine + R"(, "Condition": {"Bool": {"aws:SecureTransport": "true", "aws:SecureTransport": "false"}})"),
       "aws:SecureTransport: is given twice"},
      {"no effect", with(R"("Action": "*", "Resource": "*")"), "Statement[0]: Effect is required"},
      {"effect in lower case", with(R"("Effect": "allow", "Action": "*", "Resource": "*")"),
       "Statement[0], Effect: must be \"Allow\" or \"Deny\""},
      {"no action", with(R"("Effect": "Allow", "Resource": "*")"), "Statement[0]: Action or NotAction is required"},
      {"both actions", with(fine + R"(, "NotAction": "*")"), "Statement[0]: has both Action or NotAction"},
      {"no resource", with(R"("Effect": "Allow", "Action": "*")"), "Statement[0]: Resource or NotResource is required"},
      {"both resources", with(fine + R"(, "NotResource": "*")"), "Statement[0]: has both Resource or NotResource"},
      {"empty list", with(R"("Effect": "Allow", "Action": [], "Resource": "*")"),
       "Statement[0], Action: must not be an empty list"},
      {"action as a number", with(R"("Effect": "Allow", "Action": 1, "Resource": "*")"),
       "Statement[0], Action: must be a string or a list of strings"},
      {"a number in a list", with(R"("Effect": "Allow", "Action": ["*", 1], "Resource": "*")"),
       "Statement[0], Action[1]: must be a string"},
      {"a long string", with(R"("Effect": "Allow", "Action": "*", "Resource": "arn:)" + std::string(2050, 'x') + '"'),
       "Statement[0], Resource: is longer than 2048 characters"},
      {"Sid with a space", with(R"("Sid": "a b", )" + fine),
       "Statement[0], Sid: must be a string of letters and digits"},
      {"Sid as a number", with(R"("Sid": 1, )" + fine), "Statement[0], Sid: must be"},
      {"Sid twice", R"({"Statement": [{"Sid": "A", )" + fine + R"(}, {"Sid": "A", )" + fine + "}]}",
       "Statement[1] (\"A\"): another statement has the same Sid"},
      {"Principal", with(fine + R"(, "Principal": "*")"),
       "Statement[0], Principal: has no place in a policy of a principal"},
      {"unknown member of a statement", with(R"("Sid": "A", "Actions": "*", )" + fine),
       "Statement[0] (\"A\"), Actions: is not a member; there are Sid, Effect"},
      {"condition as text", with(fine + R"(, "Condition": "x")"), "Statement[0], Condition: must be an object"},
      {"operator without keys", with(fine + R"(, "Condition": {"Bool": {}})"),
       "Statement[0], Condition.Bool: must be an object of condition keys"},
      {"condition value as an object", with(fine + R"(, "Condition": {"Bool": {"aws:SecureTransport": {}}})"),
       "Statement[0], Condition.Bool.aws:SecureTransport: must be a string, a number or a boolean"},
      {"condition without values", with(fine + R"(, "Condition": {"StringLike": {"aws:username": []}})"),
       "Statement[0], Condition.StringLike.aws:username: must not be an empty list"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const auto document = parse_policy_document(c.text);

    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, Errc::kInvalidArgument);
    EXPECT_THAT(document.error().detail, HasSubstr(c.said));
  }
}

}  // namespace
}  // namespace heliograph::wire
