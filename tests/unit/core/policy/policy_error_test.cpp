// Policies that are refused when they are loaded, because some part of them would have no effect here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/policy.hpp"

namespace heliograph::core {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Case {
  const char* name;
  const char* statement;
  const char* place;
  const char* said;
};

const Case kCases[] = {
    {"action without a service", R"({"Effect": "Allow", "Action": "ConnectAsViewer", "Resource": "*"})",
     "Statement[0], Action: ", "\"ConnectAsViewer\" is neither * nor service:Action"},
    {"action with a space", R"({"Effect": "Allow", "Action": "kinesisvideo: Get*", "Resource": "*"})",
     "Statement[0], Action: ", "is neither"},
    {"wildcard in the service", R"({"Effect": "Allow", "Action": "kinesis*:Get*", "Resource": "*"})",
     "Statement[0], Action: ", "is neither"},
    {"NotAction is told as such", R"({"Effect": "Allow", "NotAction": "Get*", "Resource": "*"})",
     "Statement[0], NotAction: ", "is neither"},
    {"resource that is no ARN", R"({"Sid": "Watch", "Effect": "Allow", "Action": "*", "Resource": "channel/door/*"})",
     "Statement[0] (\"Watch\"), Resource: ", "\"channel/door/*\" is neither * nor an ARN"},
    {"resource with a space in front", R"({"Effect": "Allow", "Action": "*", "Resource": " arn:aws:kinesisvideo:*"})",
     "Statement[0], Resource: ", "is neither"},
    {"NotResource is told as such", R"({"Effect": "Allow", "Action": "*", "NotResource": "door"})",
     "Statement[0], NotResource: ", "is neither"},
    {"variable without an end", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:x:::${aws:username"})",
     "Statement[0], Resource: ", "a ${ has no }"},
    {"unknown variable", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:x:::${aws:user}"})",
     "Statement[0], Resource: ", "${aws:user}: \"aws:user\" is not a condition key"},
    {"empty variable", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:x:::${}"})",
     "Statement[0], Resource: ", "is not a condition key"},
    {"variable with several values", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:x:::${aws:TagKeys}"})",
     "Statement[0], Resource: ", "a key with one text"},
    {"variable that is a time", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:x:::${aws:CurrentTime}"})",
     "Statement[0], Resource: ", "a key with one text"},
    {"default without quotes", R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:x:::${aws:username, bob}"})",
     "Statement[0], Resource: ", "in single quotes"},
    {"unknown operator",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"aws:username": "bob"}}})",
     "Statement[0], Condition.StringIs.aws:username: ", "\"StringIs\" is not a condition operator"},
    {"operator in another case",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"stringequals": {"aws:username": "bob"}}})",
     "Statement[0], Condition.stringequals", "is not a condition operator"},
    {"operator of IAM that is not here",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"BinaryEquals": {"aws:username": "YQ=="}}})",
     "Statement[0], Condition.BinaryEquals", "is not a condition operator"},
    {"NullIfExists",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NullIfExists": {"aws:username": "true"}}})",
     "Statement[0], Condition.NullIfExists", "Null takes neither"},
    {"ForAllValues:Null",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAllValues:Null": {"aws:TagKeys": "true"}}})",
     "Statement[0], Condition.ForAllValues:Null", "Null takes neither"},
    {"unknown key",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}})",
     "Statement[0], Condition.Bool.aws:MultiFactorAuthPresent: ", "is not a condition key of this service; there are"},
    {"tag without its key",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/": "x"}}})",
     "Statement[0], Condition.StringEquals.aws:RequestTag/: ", "is not a condition key"},
    {"a key with more behind it",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:username/x": "x"}}})",
     "Statement[0], Condition.StringEquals", "is not a condition key"},
    {"no address",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}}})",
     "Statement[0], Condition.IpAddress.aws:SourceIp: ", "\"10.0.0.0/33\" is not an address or a range"},
    {"no date",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}})",
     "Statement[0], Condition.DateLessThan", "\"soon\" is not a date"},
    {"no number",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"aws:EpochTime": "many"}}})",
     "Statement[0], Condition.NumericEquals", "\"many\" is not a number"},
    {"no truth",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "yes"}}})",
     "Statement[0], Condition.Bool", "neither true nor false"},
    {"Null with two values",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:username": ["true", "false"]}}})",
     "Statement[0], Condition.Null", "must be one true or false"},
    {"no ARN in a condition",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "bob"}}})",
     "Statement[0], Condition.ArnLike", "is not an ARN, which has six parts"},
    {"a date as text",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:CurrentTime": "2026*"}}})",
     "Statement[0], Condition.StringLike", "compare it with the Date operators"},
    {"a date as a number",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"aws:CurrentTime": "1"}}})",
     "Statement[0], Condition.NumericEquals", "aws:EpochTime is the same as a number"},
    {"a variable in an address",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "${aws:username}"}}})",
     "Statement[0], Condition.IpAddress", "is not an address"},
    {"the second statement is told as such",
     R"([{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "B", "Effect": "Allow", "Action": "x", "Resource": "*"}])",
     "Statement[1] (\"B\"), Action: ", "is neither"},
};

TEST(PolicyErrorTest, WhatWouldHaveNoEffectIsRefusedByName) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);

    const auto policy =
        Policy::parse("p", R"({"Version": "2012-10-17", "Statement": )" + std::string(c.statement) + "}");

    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().code, Errc::kInvalidArgument);
    EXPECT_THAT(policy.error().detail, StartsWith(c.place));
    EXPECT_THAT(policy.error().detail, HasSubstr(c.said));
  }
}

TEST(PolicyErrorTest, EveryOperatorOfTheReferenceIsThere) {
  const std::pair<const char*, const char*> families[] = {
      {"String", "Equals NotEquals EqualsIgnoreCase NotEqualsIgnoreCase Like NotLike"},
      {"Arn", "Equals NotEquals Like NotLike"},
      {"Numeric", "Equals NotEquals LessThan LessThanEquals GreaterThan GreaterThanEquals"},
      {"Date", "Equals NotEquals LessThan LessThanEquals GreaterThan GreaterThanEquals"},
  };
  std::vector<std::string> names{"Bool", "IpAddress", "NotIpAddress"};
  for (const auto& [family, endings] : families) {
    std::istringstream words(endings);
    for (std::string ending; words >> ending;) names.push_back(family + ending);
  }
  for (const std::string& name : names) {
    for (const char* before : {"", "ForAllValues:", "ForAnyValue:"}) {
      for (const char* behind : {"", "IfExists"}) EXPECT_TRUE(parse_condition_operator(before + name + behind)) << name;
    }
  }
  EXPECT_TRUE(parse_condition_operator("Null"));
  EXPECT_EQ(names.size(), 25U);
}

}  // namespace
}  // namespace heliograph::core
