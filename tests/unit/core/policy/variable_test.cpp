// Variables: what the request fills in, and what happens when it cannot.
#include <gtest/gtest.h>

#include "support/policy_case.hpp"

namespace heliograph::core {
namespace {

using test::decide;
using test::Facts;
using test::kAllowed;
using test::kExplicitDeny;
using test::kImplicitDeny;
using test::Outcome;
using test::parse_policy;

constexpr const char* kCam = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/cam-7/1712136149494";

struct Case {
  const char* name;
  const char* version;
  const char* statement;
  const char* resource;
  Facts facts;
  Outcome expected;
};

const Case kCases[] = {
    {"a thing acts on the channel of its name",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${credentials-iot:ThingName}/*"})",
     kCam,
     {"credentials-iot:ThingName=cam-7"},
     kAllowed},
    {"… not on that of another",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${credentials-iot:ThingName}/*"})",
     kCam,
     {"credentials-iot:ThingName=cam-8"},
     kImplicitDeny},
    {"who is no thing has no channel",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${credentials-iot:ThingName}/*"})",
     kCam,
     {},
     kImplicitDeny},
    {"a star in a value is no wildcard",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${credentials-iot:ThingName}/*"})",
     kCam,
     {"credentials-iot:ThingName=cam-*"},
     kImplicitDeny},
    {"the old version has no variables",
     "2008-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${aws:username}/*"})",
     kCam,
     {"aws:username=cam-7"},
     kImplicitDeny},
    {"… there they are text",
     "2008-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:userid": "${aws:username}"}}})",
     kCam,
     {"aws:userid=${aws:username}"},
     kAllowed},
    {"a default for who has none",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${aws:PrincipalTag/cam, 'cam-7'}/*"})",
     kCam,
     {},
     kAllowed},
    {"a default does not replace a value",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kinesisvideo:*:*:channel/${aws:PrincipalTag/cam, 'cam-7'}/*"})",
     kCam,
     {"aws:PrincipalTag/cam=cam-8"},
     kImplicitDeny},
    {"in a condition",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*",
         "Condition": {"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}}})",
     kCam,
     {"aws:ResourceTag/owner=bob", "aws:username=bob"},
     kAllowed},
    {"in a condition with wildcards around it",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*",
         "Condition": {"StringLike": {"aws:ResourceTag/owners": "*/${aws:username}/*"}}})",
     kCam,
     {"aws:ResourceTag/owners=/al/bob/", "aws:username=bob"},
     kAllowed},
    {"in an ARN of a condition",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*",
         "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/${aws:PrincipalTag/a:b}"}}})",
     kCam,
     {"aws:PrincipalArn=arn:aws:iam::000000000000:user/bob", "aws:PrincipalTag/a:b=bob"},
     kAllowed},
    {"without a value nothing is equal",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*",
         "Condition": {"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}}})",
     kCam,
     {"aws:ResourceTag/owner=bob"},
     kImplicitDeny},
    {"… and nothing is certainly different",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:ResourceTag/owner": "${aws:username}"}}})",
     kCam,
     {"aws:ResourceTag/owner=bob"},
     kImplicitDeny},
    {"another of the values may match all the same",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*",
         "Condition": {"StringEquals": {"aws:ResourceTag/owner": ["${aws:username}", "bob"]}}})",
     kCam,
     {"aws:ResourceTag/owner=bob"},
     kAllowed},
    {"NotResource with an unknown resource covers nothing",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:kinesisvideo:*:*:channel/${aws:username}/*"})",
     kCam,
     {},
     kImplicitDeny},
    {"a Deny by a variable",
     "2012-10-17",
     R"([{"Effect": "Allow", "Action": "*", "Resource": "*"},
         {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:kinesisvideo:*:*:channel/${aws:username}/*"}])",
     kCam,
     {"aws:username=bob"},
     kExplicitDeny},
    {"a star as a character",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:userid": "a${*}b"}}})",
     kCam,
     {"aws:userid=a-b"},
     kImplicitDeny},
    {"… matches a star",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:userid": "a${*}b"}}})",
     kCam,
     {"aws:userid=a*b"},
     kAllowed},
    {"a question mark and a dollar as characters",
     "2012-10-17",
     R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:userid": "${?}${$}{$"}}})",
     kCam,
     {"aws:userid=?${$"},
     kAllowed},
};

TEST(VariableTest, AreFilledInByTheRequest) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const Policy policy = parse_policy(R"({"Version": ")" + std::string(c.version) + R"(", "Statement": )" +
                                       std::string(c.statement) + "}");

    EXPECT_EQ(decide({policy}, "kinesisvideo:ConnectAsMaster", c.resource, c.facts), c.expected);
  }
}

TEST(VariableTest, ADocumentWithoutAVersionHasNone) {
  const Policy policy = parse_policy(R"({"Statement": {"Effect": "Allow", "Action": "*",
                                         "Resource": "arn:aws:kinesisvideo:*:*:channel/${aws:username}/*"}})");

  EXPECT_EQ(decide({policy}, "kinesisvideo:ConnectAsMaster", kCam, {"aws:username=cam-7"}), kImplicitDeny);
}

TEST(VariableTest, APolicySaysWhetherItAsksForTagsOfTheResource) {
  const char* uses[] = {
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"StringEquals": {"aws:ResourceTag/site": "north"}}}})",
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"StringEquals": {"aws:username": "${aws:ResourceTag/owner}"}}}})",
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/${aws:ResourceTag/owner}"}}}})",
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
          "Resource": "arn:aws:kinesisvideo:*:*:channel/${aws:ResourceTag/name}/*"}})",
  };
  for (const char* text : uses) EXPECT_TRUE(parse_policy(text).uses(KeyName::kResourceTag)) << text;

  EXPECT_FALSE(parse_policy(R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
                                "Resource": "arn:aws:kinesisvideo:*:*:channel/${aws:username}/*"}})")
                   .uses(KeyName::kResourceTag));
}

}  // namespace
}  // namespace heliograph::core
