// Decisions allocate nothing, whatever the policies have in them.
#include <gtest/gtest.h>

#include <vector>

#include "core/policy/decision.hpp"
#include "support/allocations.hpp"

namespace heliograph::core {
namespace {

TEST(PolicyAllocationTest, ADecisionAllocatesNothing) {
  const std::vector<Policy> policies{*Policy::parse("long enough a name to be allocated", R"({
      "Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "NotAction": "kinesisvideo:Delete*",
         "Resource": "arn:aws:kinesisvideo:*:*:channel/${credentials-iot:ThingName}/*",
         "Condition": {"IpAddress": {"aws:SourceIp": "2001:db8::/32"}, "DateGreaterThan": {"aws:CurrentTime": "2020-01-01"},
                       "StringLike": {"aws:ResourceTag/site": "north-*"}, "Bool": {"aws:SecureTransport": "true"},
                       "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"},
                       "ForAllValues:StringEquals": {"aws:TagKeys": "site"}}},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:username": "true"}}}]})")};
  const TagView tags[] = {{"site", "north-entrance-of-the-building"}};
  const std::string_view keys[] = {"site"};
  AccessRequest request{"kinesisvideo:ConnectAsMaster",
                        "arn:aws:kinesisvideo:us-east-1:000000000000:channel/a-camera-with-a-long-name/1712136149494",
                        {}};
  request.context.thing_name = "a-camera-with-a-long-name";
  request.context.source_ip = "2001:db8::1234:5678:9abc:def0";
  request.context.user_name = "somebody";
  request.context.principal_arn = "arn:aws:iam::000000000000:user/somebody";
  request.context.secure_transport = true;
  request.context.now = WallTime(std::chrono::seconds(1'777'593'600));
  request.context.resource_tags = tags;
  request.context.tag_keys = keys;

  const std::uint64_t before = test::allocations();
  const Decision allowed = evaluate({policies, policies}, request);
  request.resource = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/another-camera-with-a-long-name/1";
  const Decision denied = evaluate({policies, policies}, request);
  const std::uint64_t allocated = test::allocations() - before;

  EXPECT_TRUE(allowed.is_allowed());
  EXPECT_EQ(denied.outcome, Decision::Outcome::kImplicitDeny);
  EXPECT_EQ(allocated, 0U);
}

}  // namespace
}  // namespace heliograph::core
