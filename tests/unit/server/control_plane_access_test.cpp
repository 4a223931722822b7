// Every operation asks before it does anything, about the right resource.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A world's channel "door" and stream "film".
struct Things {
  std::string door;
  std::string film;
  std::string door_version;
  std::string film_version;
};

Things make_things(test::ApiWorld& world) {
  Things things{.door = world.create("door"), .film = {}, .door_version = world.version_of("door"), .film_version = {}};
  const auto film = world.store.create_stream({.name = "film"}, world.context.now);
  EXPECT_TRUE(film);
  things.film = film->arn.str();
  things.film_version = film->version;
  return things;
}

std::string with_channel(const Things& things) { return R"({"ChannelARN": ")" + things.door + '"'; }
std::string with_resource(const Things& things) { return R"({"ResourceARN": ")" + things.door + '"'; }
std::string with_stream(const Things& things) { return R"({"StreamARN": ")" + things.film + '"'; }

/// For every operation a body that is right. A new operation needs a row, or the test below says so.
std::string body_for(Operation operation, const Things& things) {
  switch (operation) {
    case Operation::kCreateSignalingChannel:
      return R"({"ChannelName": "new", "Tags": [{"Key": "site", "Value": "north"}]})";
    case Operation::kDescribeSignalingChannel:
    case Operation::kDescribeMediaStorageConfiguration:
      return R"({"ChannelName": "door"})";
    case Operation::kListSignalingChannels:
    case Operation::kListStreams:
      return "{}";
    case Operation::kUpdateSignalingChannel:
      return with_channel(things) + R"(, "CurrentVersion": ")" + things.door_version +
             R"(", "SingleMasterConfiguration": {"MessageTtlSeconds": 30}})";
    case Operation::kUpdateMediaStorageConfiguration:
      return with_channel(things) + R"(, "MediaStorageConfiguration": {"Status": "DISABLED"}})";
    case Operation::kSendAlexaOfferToMaster:
      return with_channel(things) + R"(, "SenderClientId": "alexa", "MessagePayload": "dj0w"})";
    case Operation::kDeleteSignalingChannel:
    case Operation::kGetSignalingChannelEndpoint:
    case Operation::kGetIceServerConfig:
      return with_channel(things) + "}";
    case Operation::kTagResource:
      return with_resource(things) + R"(, "Tags": [{"Key": "site", "Value": "north"}]})";
    case Operation::kUntagResource:
      return with_resource(things) + R"(, "TagKeyList": ["site"]})";
    case Operation::kListTagsForResource:
      return with_resource(things) + "}";
    case Operation::kCreateStream:
      return R"({"StreamName": "new", "Tags": {"site": "north"}})";
    case Operation::kDescribeStream:
      return R"({"StreamName": "film"})";
    case Operation::kUpdateStream:
      return with_stream(things) + R"(, "CurrentVersion": ")" + things.film_version +
             R"(", "MediaType": "video/h264"})";
    case Operation::kUpdateDataRetention:
      return with_stream(things) + R"(, "CurrentVersion": ")" + things.film_version +
             R"(", "Operation": "INCREASE_DATA_RETENTION", "DataRetentionChangeInHours": 1})";
    case Operation::kDeleteStream:
    case Operation::kListTagsForStream:
    case Operation::kDescribeMappedResourceConfiguration:
      return with_stream(things) + "}";
    case Operation::kGetDataEndpoint:
      return with_stream(things) + R"(, "APIName": "PUT_MEDIA"})";
    case Operation::kTagStream:
      return with_stream(things) + R"(, "Tags": {"site": "north"}})";
    case Operation::kUntagStream:
      return with_stream(things) + R"(, "TagKeyList": ["site"]})";
    case Operation::kJoinStorageSession:
      return R"({"channelArn": ")" + things.door + "\"}";
    case Operation::kJoinStorageSessionAsViewer:
      return R"({"channelArn": ")" + things.door + R"(", "clientId": "v"})";
  }
  return {};
}

/// What an allow of the operation has to name.
std::string resource_of(Operation operation, const Things& things) {
  switch (operation) {
    case Operation::kListSignalingChannels:
    case Operation::kListStreams:
      return "*";
    case Operation::kCreateSignalingChannel:
      return "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/new/*";
    case Operation::kCreateStream:
      return "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/new/*";
    default:
      return body_for(operation, things).find("tream") == std::string::npos ? things.door : things.film;
  }
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
  ControlPlaneAccessTest() : things(make_things(world)), arn(things.door) {}

  test::ApiWorld world;
  Things things;
  std::string arn;
};

TEST_F(ControlPlaneAccessTest, WhoMayNothingIsRefusedEveryOperationAndNothingHappens) {
  world.caller = who_has(R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})");
  const auto before = world.store.channel_by_name("door");
  const auto film_before = world.store.stream_by_name("film");
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    SCOPED_TRACE(to_string(operation));

    const ApiAnswer answer = world.call(operation, body_for(operation, things));

    EXPECT_EQ(answer.status, surface_of(operation) == wire::Surface::kStorage ? 403 : 401);
    EXPECT_EQ(answer.error_type,
              surface_of(operation) == wire::Surface::kSignaling ? "NotAuthorizedException" : "AccessDeniedException");
    EXPECT_THAT(answer.body,
                HasSubstr("is not authorized to perform: kinesisvideo:" + std::string(to_string(operation))));
  }
  EXPECT_EQ(world.store.channel_count(), 1U);
  EXPECT_EQ(*world.store.channel_by_name("door"), *before);
  EXPECT_EQ(*world.store.stream_by_name("film"), *film_before);
  EXPECT_EQ(world.store.stream_by_name("new").error().code, Errc::kResourceNotFound);
  EXPECT_TRUE(world.store.channel_tags(ChannelArn(arn))->empty());
  EXPECT_TRUE(world.events.seen.empty());
}

TEST_F(ControlPlaneAccessTest, AnAllowOfTheOperationOnItsResourceIsEnough) {
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    SCOPED_TRACE(to_string(operation));
    test::ApiWorld fresh;
    const Things those = make_things(fresh);
    fresh.caller = who_may(to_string(operation), resource_of(operation, those));

    const ApiAnswer answer = fresh.call(operation, body_for(operation, those));

    if (operation == Operation::kJoinStorageSession || operation == Operation::kJoinStorageSessionAsViewer) {
      EXPECT_THAT(answer.body, HasSubstr("No stream is mapped to the channel"));
      continue;
    }
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
