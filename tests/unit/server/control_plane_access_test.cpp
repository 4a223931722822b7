// Every operation asks before it does anything, about the right resource.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr unsigned kOperations = static_cast<unsigned>(Operation::kGetIceServerConfig) + 1;

/// For every operation a body that is right. A new operation needs a row, or the test below says so.
std::string body_for(Operation operation, const std::string& arn) {
  switch (operation) {
    case Operation::kCreateSignalingChannel:
      return R"({"ChannelName": "new", "Tags": [{"Key": "site", "Value": "north"}]})";
    case Operation::kDescribeSignalingChannel:
    case Operation::kDescribeMediaStorageConfiguration:
      return R"({"ChannelName": "door"})";
    case Operation::kListSignalingChannels:
      return "{}";
    case Operation::kUpdateSignalingChannel:
      return R"({"ChannelARN": ")" + arn + R"(", "CurrentVersion": "VERSION",
                 "SingleMasterConfiguration": {"MessageTtlSeconds": 30}})";
    case Operation::kDeleteSignalingChannel:
    case Operation::kGetSignalingChannelEndpoint:
    case Operation::kGetIceServerConfig:
      return R"({"ChannelARN": ")" + arn + "\"}";
    case Operation::kTagResource:
      return R"({"ResourceARN": ")" + arn + R"(", "Tags": [{"Key": "site", "Value": "north"}]})";
    case Operation::kUntagResource:
      return R"({"ResourceARN": ")" + arn + R"(", "TagKeyList": ["site"]})";
    case Operation::kListTagsForResource:
      return R"({"ResourceARN": ")" + arn + "\"}";
  }
  return {};
}

PrincipalPtr who_has(const std::string& policy) {
  auto parsed = core::Policy::parse("p", policy);
  EXPECT_TRUE(parsed) << parsed.error().detail;
  return std::make_shared<const Principal>(
      Principal{.name = "bob", .id = AccessKeyId("AKIABOB"), .secret = {}, .policies = {*std::move(parsed)}});
}

PrincipalPtr who_may(std::string_view action, const std::string& resource) {
  return who_has(R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:)" + std::string(action) +
                 R"(", "Resource": ")" + resource + "\"}}");
}

class ControlPlaneAccessTest : public ::testing::Test {
 protected:
  ControlPlaneAccessTest() { arn = world.create("door"); }

  test::ApiWorld world;
  std::string arn;
};

TEST_F(ControlPlaneAccessTest, WhoMayNothingIsRefusedEveryOperationAndNothingHappens) {
  world.caller = who_has(R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})");
  const auto before = world.store.channel_by_name("door");
  for (unsigned i = 0; i < kOperations; ++i) {
    const auto operation = static_cast<Operation>(i);
    SCOPED_TRACE(to_string(operation));

    const ApiAnswer answer = world.call(operation, body_for(operation, arn));

    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.error_type,
              surface_of(operation) == wire::Surface::kSignaling ? "NotAuthorizedException" : "AccessDeniedException");
    EXPECT_THAT(answer.body,
                HasSubstr("is not authorized to perform: kinesisvideo:" + std::string(to_string(operation))));
  }
  EXPECT_EQ(world.store.channel_count(), 1U);
  EXPECT_EQ(*world.store.channel_by_name("door"), *before);
  EXPECT_TRUE(world.store.channel_tags(ChannelArn(arn))->empty());
  EXPECT_TRUE(world.events.seen.empty());
}

TEST_F(ControlPlaneAccessTest, AnAllowOfTheOperationOnItsResourceIsEnough) {
  for (unsigned i = 0; i < kOperations; ++i) {
    const auto operation = static_cast<Operation>(i);
    SCOPED_TRACE(to_string(operation));
    test::ApiWorld fresh;
    const std::string door = fresh.create("door");
    std::string resource = door;
    if (operation == Operation::kListSignalingChannels) resource = "*";
    if (operation == Operation::kCreateSignalingChannel)
      resource = "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/new/*";
    std::string body = body_for(operation, door);
    if (const auto at = body.find("VERSION"); at != std::string::npos) body.replace(at, 7, fresh.version_of("door"));
    fresh.caller = who_may(to_string(operation), resource);

    const ApiAnswer answer = fresh.call(operation, std::move(body));

    EXPECT_EQ(answer.status, 200) << answer.body;
  }
}

TEST_F(ControlPlaneAccessTest, CreatingIsAboutTheNameAndListingAboutEverything) {
  world.caller = who_may("CreateSignalingChannel", "arn:aws:kinesisvideo:*:*:channel/cam-*/*");
  EXPECT_EQ(world.call(Operation::kCreateSignalingChannel, R"({"ChannelName": "cam-1"})").status, 200);
  EXPECT_THAT(world.call(Operation::kCreateSignalingChannel, R"({"ChannelName": "door-2"})").body,
              HasSubstr("on resource: arn:aws:kinesisvideo:eu-west-1:123456789012:channel/door-2/* because"));

  world.caller = who_may("ListSignalingChannels", "arn:aws:kinesisvideo:*:*:channel/*");
  EXPECT_THAT(world.call(Operation::kListSignalingChannels, "{}").body, HasSubstr("on resource: * because"));
}

TEST_F(ControlPlaneAccessTest, ANameMeansTheChannelThatHasIt) {
  world.caller = who_may("DescribeSignalingChannel", arn);

  EXPECT_EQ(world.call(Operation::kDescribeSignalingChannel, R"({"ChannelName": "door"})").status, 200);
  EXPECT_EQ(world.call(Operation::kDescribeSignalingChannel, R"({"ChannelARN": ")" + arn + "\"}").status, 200);
}

TEST_F(ControlPlaneAccessTest, OnlyWhoMayActOnAChannelLearnsThatItIsNotThere) {
  world.caller = who_may("DescribeSignalingChannel", "arn:aws:kinesisvideo:*:*:channel/mine/*");
  const std::string elsewhere = "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/other/1712136149494";

  EXPECT_EQ(world.call(Operation::kDescribeSignalingChannel, R"({"ChannelName": "mine"})").status, 404);
  EXPECT_EQ(world.call(Operation::kDescribeSignalingChannel, R"({"ChannelName": "other"})").status, 401);
  EXPECT_EQ(world.call(Operation::kDescribeSignalingChannel, R"({"ChannelARN": ")" + elsewhere + "\"}").status, 401);
}

TEST_F(ControlPlaneAccessTest, TagsOfTheRequestAndOfTheChannelDecide) {
  const std::string tag = R"({"ResourceARN": ")" + arn + R"(", "Tags": [{"Key": "site", "Value": "north"}]})";
  const std::string untag = R"({"ResourceARN": ")" + arn + R"(", "TagKeyList": ["owner"]})";
  world.caller = who_has(R"({"Statement": [
      {"Effect": "Allow", "Action": ["kinesisvideo:TagResource", "kinesisvideo:CreateSignalingChannel"], "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestTag/site": "north"},
                     "ForAllValues:StringEquals": {"aws:TagKeys": ["site"]}}},
      {"Effect": "Allow", "Action": "kinesisvideo:UntagResource", "Resource": "*",
       "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["site"]}}},
      {"Effect": "Allow", "Action": "kinesisvideo:Get*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:ResourceTag/site": "north"}}}]})");

  EXPECT_EQ(world.call(Operation::kGetIceServerConfig, R"({"ChannelARN": ")" + arn + "\"}").status, 401);
  EXPECT_EQ(world.call(Operation::kTagResource, tag).status, 200);
  EXPECT_EQ(world.call(Operation::kGetIceServerConfig, R"({"ChannelARN": ")" + arn + "\"}").status, 200);
  EXPECT_EQ(world.call(Operation::kUntagResource, untag).status, 401);
  EXPECT_EQ(world.call(Operation::kCreateSignalingChannel, R"({"ChannelName": "plain"})").status, 401);
  EXPECT_EQ(world
                .call(Operation::kCreateSignalingChannel,
                      R"({"ChannelName": "tagged", "Tags": [{"Key": "site", "Value": "north"}]})")
                .status,
            200);
}

TEST_F(ControlPlaneAccessTest, WhatCannotBeReadIsRefusedForThat) {
  world.caller = who_has(R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})");

  EXPECT_EQ(world.call(Operation::kDescribeSignalingChannel, "{}").status, 400);
  EXPECT_EQ(world.call(Operation::kDeleteSignalingChannel, R"({"ChannelARN": "door"})").status, 400);
  EXPECT_EQ(world.call(Operation::kTagResource, "no JSON").status, 400);
}

}  // namespace
}  // namespace heliograph::server
