// Every operation: what it asks for, and what it makes of the answer.
#include "unit/sdk/channel_fixture.hpp"

namespace heliograph::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class ChannelApiTest : public ChannelFixture {};

TEST_F(ChannelApiTest, CreateSendsWhatIsWantedAndGivesTheArn) {
  Got<std::string> got;
  start().create_channel(
      {.name = "door", .type = ChannelType::kSingleMaster, .message_ttl = seconds(30), .tags = {{"a", "1"}}},
      got.handler());

  expect_control("/createSignalingChannel",
                 R"({"ChannelName":"door","ChannelType":"SINGLE_MASTER",)"
                 R"("SingleMasterConfiguration":{"MessageTtlSeconds":30},"Tags":[{"Key":"a","Value":"1"}]})",
                 R"({"ChannelARN":")" + kArn + "\"}");

  EXPECT_EQ(*got.result(), kArn);
}

TEST_F(ChannelApiTest, CreateLeavesOutWhatIsNotSaid) {
  Got<std::string> got;
  start().create_channel({.name = "door"}, got.handler());

  expect_control("/createSignalingChannel", R"({"ChannelName":"door","ChannelType":"SINGLE_MASTER"})", "{}");

  EXPECT_EQ(got.code(), Errc::kCorrupt);
  EXPECT_THAT(got.detail(), HasSubstr("ChannelARN"));
}

TEST_F(ChannelApiTest, CreateCanWaitUntilTheChannelIsActive) {
  Got<std::string> got;
  start().create_channel({.name = "door", .wait_until_active = true}, got.handler());
  expect_control("/createSignalingChannel", R"({"ChannelName":"door","ChannelType":"SINGLE_MASTER"})",
                 R"({"ChannelARN":")" + kArn + "\"}");

  for (int i = 0; i < 3; ++i) {
    expect_control("/describeSignalingChannel", R"({"ChannelARN":")" + kArn + "\"}", described("CREATING"));
    EXPECT_FALSE(got.is_there());
    EXPECT_TRUE(script.calls.empty()) << "at once";
    script.advance(seconds(1));
  }
  expect_control("/describeSignalingChannel", R"({"ChannelARN":")" + kArn + "\"}", described("ACTIVE"));

  EXPECT_EQ(*got.result(), kArn);
}

TEST_F(ChannelApiTest, WaitingForAChannelEndsWithTheDeadline) {
  options.total_timeout = seconds(2);
  Got<std::string> got;
  start().create_channel({.name = "door", .wait_until_active = true}, got.handler());
  script.answer(200, R"({"ChannelARN":")" + kArn + "\"}");

  for (int i = 0; i < 10 && !got.is_there(); ++i) {
    script.answer(200, described("CREATING"));
    script.advance(std::chrono::milliseconds(500));
  }

  EXPECT_EQ(got.code(), Errc::kTimeout);
  EXPECT_THAT(got.detail(), HasSubstr("still being created"));
}

TEST_F(ChannelApiTest, DescribeGoesByNameOrByArn) {
  Got<ChannelInfo> by_name;
  start().describe_channel("door", by_name.handler());
  expect_control("/describeSignalingChannel", R"({"ChannelName":"door"})", described());
  Got<ChannelInfo> by_arn;
  api->describe_channel(kArn, by_arn.handler());
  expect_control("/describeSignalingChannel", R"({"ChannelARN":")" + kArn + "\"}", described("UPDATING"));

  ASSERT_TRUE(by_name.result());
  const ChannelInfo& info = by_name.result().value();
  EXPECT_EQ(info.name, "door");
  EXPECT_EQ(info.arn, kArn);
  EXPECT_EQ(info.type, ChannelType::kSingleMaster);
  EXPECT_EQ(info.status, ChannelStatus::kActive);
  EXPECT_EQ(info.created.time_since_epoch().count(), 1'712'136'149'494);
  EXPECT_EQ(info.message_ttl, seconds(60));
  EXPECT_EQ(info.version, "v1");
  EXPECT_EQ(by_arn.result().value().status, ChannelStatus::kUpdating);
}

TEST_F(ChannelApiTest, AnswersThatMakeNoSenseAreCorrupt) {
  for (const char* answer :
       {"{}", R"({"ChannelInfo":7})", R"({"ChannelInfo":{"ChannelName":"door"}})",
        R"({"ChannelInfo":{"ChannelName":"door","ChannelARN":"arn","ChannelStatus":"DANCING"}})"}) {
    SCOPED_TRACE(answer);
    Got<ChannelInfo> got;
    start().describe_channel("door", got.handler());

    script.answer(200, answer);

    EXPECT_EQ(got.code(), Errc::kCorrupt);
  }
}

TEST_F(ChannelApiTest, WhatIsNeitherNameNorArnIsNeverSent) {
  Got<ChannelInfo> describe;
  Got<JoinInfo> join;
  Got<void> remove;
  Got<MediaStorage> storage;
  start();
  for (const char* wrong : {"", "two words", "arn:aws:kinesisvideo:us-west-2:1:stream/door/1", "arn:nonsense"}) {
    SCOPED_TRACE(wrong);
    Got<ChannelInfo> got;
    api->describe_channel(wrong, got.handler());
    EXPECT_FALSE(got.is_there()) << "handlers are called later";
    script.run();
    EXPECT_EQ(got.code(), Errc::kInvalidArgument);
  }
  api->join({.channel = "two words"}, join.handler());
  api->delete_channel("two words", {}, remove.handler());
  api->describe_media_storage("two words", storage.handler());
  script.run();

  EXPECT_THAT(join.detail(), HasSubstr("'two words' is no channel's name"));
  EXPECT_EQ(remove.code(), Errc::kInvalidArgument);
  EXPECT_EQ(storage.code(), Errc::kInvalidArgument);
  EXPECT_TRUE(script.calls.empty());
}

TEST_F(ChannelApiTest, OnePageIsOnePage) {
  Got<ChannelPage> got;
  start().list_channels_page({.name_prefix = "do", .page_size = 2, .next_token = "abc"}, got.handler());

  expect_control("/listSignalingChannels",
                 R"({"MaxResults":2,"NextToken":"abc",)"
                 R"("ChannelNameCondition":{"ComparisonOperator":"BEGINS_WITH","ComparisonValue":"do"}})",
                 R"({"ChannelInfoList":[)" + channel_json() + R"(],"NextToken":"def"})");

  EXPECT_EQ(got.result().value().channels.size(), 1U);
  EXPECT_EQ(got.result().value().next_token, "def");
}

TEST_F(ChannelApiTest, ListingWalksAllPagesWithItsCondition) {
  Got<std::vector<ChannelInfo>> got;
  start().list_channels({.name_prefix = "do"}, got.handler());
  const std::string condition = R"("ChannelNameCondition":{"ComparisonOperator":"BEGINS_WITH","ComparisonValue":"do"})";

  expect_control("/listSignalingChannels", "{" + condition + "}",
                 R"({"ChannelInfoList":[)" + channel_json() + R"(],"NextToken":"n1"})");
  expect_control("/listSignalingChannels", R"({"NextToken":"n1",)" + condition + "}",
                 R"({"ChannelInfoList":[],"NextToken":"n2"})");
  expect_control("/listSignalingChannels", R"({"NextToken":"n2",)" + condition + "}",
                 R"({"ChannelInfoList":[)" + channel_json() + "," + channel_json() + R"(],"NextToken":null})");

  EXPECT_EQ(got.result().value().size(), 3U);
}

TEST_F(ChannelApiTest, UpdateOfANamedVersionIsOneCall) {
  Got<void> got;
  start().update_channel(kArn, {.message_ttl = seconds(90), .version = "v7"}, got.handler());

  expect_control(
      "/updateSignalingChannel",
      R"({"ChannelARN":")" + kArn + R"(","CurrentVersion":"v7","SingleMasterConfiguration":{"MessageTtlSeconds":90}})",
      "");

  EXPECT_TRUE(got.result());
}

TEST_F(ChannelApiTest, UpdateWithoutAVersionAsksForItFirst) {
  Got<void> got;
  start().update_channel("door", {.message_ttl = seconds(90)}, got.handler());

  expect_control("/describeSignalingChannel", R"({"ChannelName":"door"})", described());
  EXPECT_EQ(script.request().json().at("CurrentVersion").as_string(), "v1");
  script.refuse(400, "VersionMismatchException");

  EXPECT_EQ(got.code(), Errc::kVersionMismatch);
}

TEST_F(ChannelApiTest, DeleteLooksUpANameAndForgetsTheChannel) {
  Got<void> got;
  start().delete_channel("door", "v1", got.handler());
  expect_control("/describeSignalingChannel", R"({"ChannelName":"door"})", described());
  expect_control("/deleteSignalingChannel", R"({"ChannelARN":")" + kArn + R"(","CurrentVersion":"v1"})", "{}");
  EXPECT_TRUE(got.result());

  Got<Tags> tags;
  api->list_tags("door", tags.handler());
  EXPECT_EQ(script.request().call.url.target, "/describeSignalingChannel");
  script.refuse(404, "ResourceNotFoundException");
  EXPECT_EQ(tags.code(), Errc::kResourceNotFound);
}

TEST_F(ChannelApiTest, TagsAreSetRemovedAndListed) {
  Got<void> set;
  Got<void> removed;
  Got<Tags> listed;
  start();
  const std::string arn = R"({"ResourceARN":")" + kArn + "\"";

  api->tag_channel(kArn, {{"a", "1"}, {"b", ""}}, set.handler());
  expect_control("/TagResource", arn + R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":""}]})", "");
  api->untag_channel(kArn, {"a", "c"}, removed.handler());
  expect_control("/UntagResource", arn + R"(,"TagKeyList":["a","c"]})", "");
  api->list_tags(kArn, listed.handler());
  expect_control("/ListTagsForResource", arn + "}", R"({"NextToken":"n1","Tags":{"b":"2"}})");
  expect_control("/ListTagsForResource", arn + R"(,"NextToken":"n1"})", R"({"Tags":{"c":"3"}})");

  EXPECT_TRUE(set.result());
  EXPECT_TRUE(removed.result());
  EXPECT_THAT(listed.result().value(), ElementsAre(Pair("b", "2"), Pair("c", "3")));
}

TEST_F(ChannelApiTest, NamesAreLookedUpOnceAndAgainWhenTheirArnHasGone) {
  Got<Tags> first;
  Got<Tags> second;
  start().list_tags("door", first.handler());
  expect_control("/describeSignalingChannel", R"({"ChannelName":"door"})", described());
  script.answer(200, R"({"Tags":{}})");
  const std::string newer = "arn:aws:kinesisvideo:us-west-2:123456789012:channel/door/1812136149494";

  api->list_tags("door", second.handler());
  EXPECT_EQ(script.request().json().at("ResourceARN").as_string(), kArn);
  script.refuse(404, "ResourceNotFoundException");
  expect_control("/describeSignalingChannel", R"({"ChannelName":"door"})", described("ACTIVE", newer));
  EXPECT_EQ(script.request().json().at("ResourceARN").as_string(), newer);
  script.answer(200, R"({"Tags":{"new":"yes"}})");

  EXPECT_TRUE(first.result());
  EXPECT_THAT(second.result().value(), ElementsAre(Pair("new", "yes")));
}

TEST_F(ChannelApiTest, MediaStorageIsDescribedAndUpdated) {
  Got<MediaStorage> on;
  Got<MediaStorage> off;
  Got<void> enabled;
  Got<void> disabled;
  start().describe_media_storage("door", on.handler());
  expect_control("/describeMediaStorageConfiguration", R"({"ChannelName":"door"})",
                 R"({"MediaStorageConfiguration":{"Status":"ENABLED","StreamARN":"arn:s"}})");
  api->describe_media_storage(kArn, off.handler());
  expect_control("/describeMediaStorageConfiguration", R"({"ChannelARN":")" + kArn + "\"}",
                 R"({"MediaStorageConfiguration":{"Status":"DISABLED","StreamARN":null}})");
  api->update_media_storage(kArn, {true, "arn:s"}, enabled.handler());
  expect_control(
      "/updateMediaStorageConfiguration",
      R"({"ChannelARN":")" + kArn + R"(","MediaStorageConfiguration":{"Status":"ENABLED","StreamARN":"arn:s"}})", "");
  api->update_media_storage(kArn, {}, disabled.handler());
  EXPECT_EQ(script.request().json().at("MediaStorageConfiguration"), (boost::json::object{{"Status", "DISABLED"}}));
  script.refuse(400, "NoDataRetentionException");

  EXPECT_TRUE(on.result().value().enabled);
  EXPECT_EQ(on.result().value().stream_arn, "arn:s");
  EXPECT_FALSE(off.result().value().enabled);
  EXPECT_TRUE(enabled.result());
  EXPECT_EQ(disabled.code(), Errc::kNoDataRetention);
}

TEST_F(ChannelApiTest, ClosingEndsEverythingThatIsUnderWay) {
  Got<std::string> creating;
  Got<Tags> tags;
  start().create_channel({.name = "door", .wait_until_active = true}, creating.handler());
  script.answer(200, R"({"ChannelARN":")" + kArn + "\"}");
  script.answer(200, described("CREATING"));
  api->list_tags("other", tags.handler());
  script.run();

  api->close();
  script.run();

  EXPECT_EQ(creating.code(), Errc::kClosed);
  EXPECT_EQ(tags.code(), Errc::kClosed);
}

}  // namespace
}  // namespace heliograph::test
