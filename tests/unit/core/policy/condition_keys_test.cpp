// Conditions: ARNs, tags, keys with several values, several conditions. The tables are the specification.
#include <gtest/gtest.h>

#include "support/policy_case.hpp"

namespace heliograph::core {
namespace {

using test::ConditionCase;
using test::decide;
using test::expect_conditions;
using test::parse_policy;

constexpr bool kHolds = true;
constexpr bool kFails = false;

TEST(ConditionTest, Arns) {
  const ConditionCase cases[] = {
      {"the ARN itself",
       R"({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::000000000000:user/bob"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kHolds},
      {"wildcards in parts",
       R"({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/b*"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kHolds},
      {"ArnEquals has wildcards, too",
       R"({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:user/b*"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kHolds},
      {"a star does not leave its part",
       R"({"ArnLike": {"aws:PrincipalArn": "arn:aws:*:*:*:bob"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kFails},
      {"a lone star is any ARN",
       R"({"ArnLike": {"aws:PrincipalArn": "*"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kHolds},
      {"not like it",
       R"({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/b*"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kFails},
      {"not equal",
       R"({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::000000000000:user/al"}})",
       {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob"},
       kHolds},
      {"what is no ARN matches none", R"({"ArnLike": {"aws:PrincipalArn": "*"}})", {"aws:PrincipalArn=bob"}, kFails},
  };
  expect_conditions(cases);
}

TEST(ConditionTest, TagsAndSeveralValues) {
  const ConditionCase cases[] = {
      {"a tag of the channel",
       R"({"StringEquals": {"aws:ResourceTag/site": "north"}})",
       {"aws:ResourceTag/site=north"},
       kHolds},
      {"another value",
       R"({"StringEquals": {"aws:ResourceTag/site": "north"}})",
       {"aws:ResourceTag/site=south"},
       kFails},
      {"a channel without that tag",
       R"({"StringEquals": {"aws:ResourceTag/site": "north"}})",
       {"aws:ResourceTag/other=north"},
       kFails},
      {"tag keys have no case",
       R"({"StringEquals": {"aws:ResourceTag/Site": "north"}})",
       {"aws:ResourceTag/site=north"},
       kHolds},
      {"the tag that is spelt so comes first",
       R"({"StringEquals": {"aws:ResourceTag/Site": "north"}})",
       {"aws:ResourceTag/site=south", "aws:ResourceTag/Site=north"},
       kHolds},
      {"a tag of the request",
       R"({"StringLike": {"aws:RequestTag/site": "n*"}})",
       {"aws:RequestTag/site=north"},
       kHolds},
      {"all of the values",
       R"({"ForAllValues:StringEquals": {"aws:TagKeys": ["site", "floor"]}})",
       {"aws:TagKeys=site", "aws:TagKeys=floor"},
       kHolds},
      {"one value too many",
       R"({"ForAllValues:StringEquals": {"aws:TagKeys": ["site", "floor"]}})",
       {"aws:TagKeys=site", "aws:TagKeys=owner"},
       kFails},
      {"all of none", R"({"ForAllValues:StringEquals": {"aws:TagKeys": ["site"]}})", {}, kHolds},
      {"any of the values",
       R"({"ForAnyValue:StringEquals": {"aws:TagKeys": ["site"]}})",
       {"aws:TagKeys=floor", "aws:TagKeys=site"},
       kHolds},
      {"none of the values",
       R"({"ForAnyValue:StringEquals": {"aws:TagKeys": ["site"]}})",
       {"aws:TagKeys=floor"},
       kFails},
      {"any of none", R"({"ForAnyValue:StringEquals": {"aws:TagKeys": ["site"]}})", {}, kFails},
      {"any of none, negated", R"({"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["site"]}})", {}, kFails},
      {"any of none, if it exists", R"({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": ["site"]}})", {}, kHolds},
      {"all are other than these",
       R"({"ForAllValues:StringNotEquals": {"aws:TagKeys": ["aws", "owner"]}})",
       {"aws:TagKeys=site", "aws:TagKeys=floor"},
       kHolds},
      {"one of them is",
       R"({"ForAllValues:StringNotEquals": {"aws:TagKeys": ["aws", "owner"]}})",
       {"aws:TagKeys=site", "aws:TagKeys=owner"},
       kFails},
      {"any is other than these",
       R"({"ForAnyValue:StringNotLike": {"aws:TagKeys": ["o*"]}})",
       {"aws:TagKeys=owner", "aws:TagKeys=site"},
       kHolds},
      {"several values without a quantifier: one matches",
       R"({"StringEquals": {"aws:TagKeys": "site"}})",
       {"aws:TagKeys=owner", "aws:TagKeys=site"},
       kHolds},
      {"several values without a quantifier, negated: none matches",
       R"({"StringNotEquals": {"aws:TagKeys": "site"}})",
       {"aws:TagKeys=owner", "aws:TagKeys=site"},
       kFails},
      {"all conditions must hold",
       R"({"StringEquals": {"aws:username": "bob", "aws:ResourceTag/site": "north"},
           "Bool": {"aws:SecureTransport": "true"}})",
       {"aws:username=bob", "aws:ResourceTag/site=north", "aws:SecureTransport=false"},
       kFails},
      {"… and do",
       R"({"StringEquals": {"aws:username": "bob", "aws:ResourceTag/site": "north"},
           "Bool": {"aws:SecureTransport": "true"}})",
       {"aws:username=bob", "aws:ResourceTag/site=north", "aws:SecureTransport=true"},
       kHolds},
      {"the rest of the keys",
       R"({"StringLike": {"aws:userid": "AID*", "aws:UserAgent": "aws-sdk-*", "credentials-iot:ThingName": "cam-?",
           "aws:PrincipalTag/team": "doors"}})",
       {"aws:userid=AIDA1", "aws:UserAgent=aws-sdk-js/3.9", "credentials-iot:ThingName=cam-7",
        "aws:PrincipalTag/team=doors"},
       kHolds},
  };
  expect_conditions(cases);
}

TEST(ConditionTest, ADenyThatItsConditionDoesNotLimitApplies) {
  const Policy policy = parse_policy(R"({"Statement": [
      {"Effect": "Allow", "Action": "*", "Resource": "*"},
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}}]})");

  EXPECT_EQ(decide({policy}, "kinesisvideo:ConnectAsViewer", "*", {"aws:SourceIp=203.0.113.7"}), test::kAllowed);
  EXPECT_EQ(decide({policy}, "kinesisvideo:ConnectAsViewer", "*", {"aws:SourceIp=192.0.2.1"}), test::kExplicitDeny);
}

}  // namespace
}  // namespace heliograph::core
