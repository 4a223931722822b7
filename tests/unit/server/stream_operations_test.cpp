// Streams: settings that can be made, listed, changed and removed, and how a mistake is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using testing::HasSubstr;

class StreamOperationsTest : public testing::Test {
 protected:
  std::string make(std::string_view more = {}) {
    const auto answer = world.ask(Operation::kCreateStream, R"({"StreamName":"door")" + std::string(more) + "}");
    return std::string(answer.at("StreamARN").as_string());
  }
  boost::json::value describe() {
    return world.ask(Operation::kDescribeStream, R"({"StreamName":"door"})").at("StreamInfo");
  }
  std::string version() { return std::string(describe().at("Version").as_string()); }

  test::ApiWorld world;
};

TEST_F(StreamOperationsTest, DescribeShowsWhatCreateWasGiven) {
  const std::string arn =
      make(R"(,"DeviceName":"cam","MediaType":"video/h264,audio/aac","KmsKeyId":"alias/k","DataRetentionInHours":24)");

  EXPECT_EQ(arn, "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/door/1712136149494");
  EXPECT_EQ(boost::json::serialize(describe()),
            R"({"DeviceName":"cam","MediaType":"video/h264,audio/aac","KmsKeyId":"alias/k","StreamName":"door",)"
            R"("StreamARN":")" +
                arn + R"(","Version":")" + version() +
                R"(","Status":"ACTIVE","CreationTime":1.712136149494E9,"DataRetentionInHours":24})");
}

TEST_F(StreamOperationsTest, WhatWasNotGivenIsLeftOut) {
  make();

  const auto info = describe();

  EXPECT_FALSE(info.as_object().contains("DeviceName"));
  EXPECT_FALSE(info.as_object().contains("KmsKeyId"));
  EXPECT_EQ(info.at("DataRetentionInHours"), 0);
}

TEST_F(StreamOperationsTest, RetentionGoesUpAndDownWithTheVersion) {
  const std::string arn = make(R"(,"DataRetentionInHours":5)");
  const auto change = [&](const std::string& operation, int hours) {
    return world.call(Operation::kUpdateDataRetention, R"({"StreamARN":")" + arn + R"(","CurrentVersion":")" +
                                                           version() + R"(","Operation":")" + operation +
                                                           R"(_DATA_RETENTION","DataRetentionChangeInHours":)" +
                                                           std::to_string(hours) + "}");
  };
  const std::string first = version();

  EXPECT_EQ(change("INCREASE", 7).body, "{}");
  EXPECT_EQ(describe().at("DataRetentionInHours"), 12);
  EXPECT_NE(version(), first);
  EXPECT_EQ(change("DECREASE", 12).body, "{}");
  EXPECT_EQ(describe().at("DataRetentionInHours"), 0);

  EXPECT_THAT(change("DECREASE", 1).body, HasSubstr("leave the stream with -1 hours"));
  EXPECT_THAT(change("INCREASE", 87'601).body, HasSubstr("DataRetentionChangeInHours must be"));
  EXPECT_THAT(change("DOUBLE", 1).body, HasSubstr("INCREASE_DATA_RETENTION or DECREASE_DATA_RETENTION"));
}

TEST_F(StreamOperationsTest, UpdateChangesWhatItNames) {
  make(R"(,"DeviceName":"cam")");

  const auto updated = world.call(Operation::kUpdateStream, R"({"StreamName":"door","CurrentVersion":")" + version() +
                                                                R"(","MediaType":"video/h265"})");
  const auto stale =
      world.call(Operation::kUpdateStream, R"({"StreamName":"door","CurrentVersion":"stale","DeviceName":"x"})");

  EXPECT_EQ(updated.status, 200) << updated.body;
  EXPECT_EQ(describe().at("DeviceName"), "cam");
  EXPECT_EQ(describe().at("MediaType"), "video/h265");
  EXPECT_EQ(stale.error_type, "VersionMismatchException");
  EXPECT_THAT(stale.body, HasSubstr("the stream's version"));
}

TEST_F(StreamOperationsTest, TagsAreAMapBothWays) {
  const std::string arn = make(R"(,"Tags":{"a":"1"})");

  EXPECT_EQ(world.call(Operation::kTagStream, R"({"StreamARN":")" + arn + R"(","Tags":{"b":"2","a":"3"}})").body, "{}");
  EXPECT_EQ(world.call(Operation::kListTagsForStream, R"({"StreamName":"door"})").body,
            R"({"Tags":{"a":"3","b":"2"}})");
  EXPECT_EQ(world.call(Operation::kUntagStream, R"({"StreamName":"door","TagKeyList":["a","x"]})").body, "{}");
  EXPECT_EQ(world.call(Operation::kListTagsForStream, R"({"StreamName":"door"})").body, R"({"Tags":{"b":"2"}})");
}

TEST_F(StreamOperationsTest, ListsHaveAConditionAndPages) {
  for (const char* name : {"a-1", "a-2", "a-3", "b"})
    world.call(Operation::kCreateStream, R"({"StreamName":")" + std::string(name) + "\"}");
  const std::string condition = R"("StreamNameCondition":{"ComparisonOperator":"BEGINS_WITH","ComparisonValue":"a-"})";

  const auto first = world.ask(Operation::kListStreams, R"({"MaxResults":2,)" + condition + "}");
  const std::string token(first.at("NextToken").as_string());
  const auto second = world.ask(Operation::kListStreams, R"({"NextToken":")" + token + R"(",)" + condition + "}");

  EXPECT_EQ(first.at("StreamInfoList").as_array().size(), 2U);
  ASSERT_EQ(second.at("StreamInfoList").as_array().size(), 1U);
  EXPECT_EQ(second.at("StreamInfoList").at(0).at("StreamName"), "a-3");
  EXPECT_FALSE(second.as_object().contains("NextToken"));
}

TEST_F(StreamOperationsTest, DataEndpointIsThisHost) {
  make();

  const auto endpoint =
      world.ask(Operation::kGetDataEndpoint, R"({"StreamName":"door","APIName":"PUT_MEDIA"})").at("DataEndpoint");

  EXPECT_EQ(endpoint, "http://localhost:3000");
}

TEST_F(StreamOperationsTest, DeletedStreamIsNotFound) {
  const std::string arn = make();

  EXPECT_EQ(world.call(Operation::kDeleteStream, R"({"StreamARN":")" + arn + R"("})").body, "{}");

  EXPECT_EQ(world.call(Operation::kDescribeStream, R"({"StreamName":"door"})").status, 404);
  EXPECT_EQ(world.call(Operation::kDeleteStream, R"({"StreamARN":")" + arn + R"("})").status, 404);
}

TEST_F(StreamOperationsTest, MistakesNameTheMemberAndTheRule) {
  make();
  struct Case {
    Operation operation;
    std::string body;
    const char* type;
    const char* said;
  };
  const Case cases[] = {
      {Operation::kCreateStream, "{}", "InvalidArgumentException", "StreamName"},
      {Operation::kCreateStream, R"({"StreamName":"door"})", "ResourceInUseException", "A stream named door"},
      {Operation::kCreateStream, R"({"StreamName":"x","MediaType":"video"})", "InvalidArgumentException", "MediaType"},
      {Operation::kCreateStream, R"({"StreamName":"x","DeviceName":"a b"})", "InvalidArgumentException", "DeviceName"},
      {Operation::kCreateStream, R"({"StreamName":"x","KmsKeyId":""})", "InvalidArgumentException", "KmsKeyId"},
      {Operation::kCreateStream, R"({"StreamName":"x","DataRetentionInHours":-1})", "InvalidArgumentException",
       "DataRetentionInHours"},
      {Operation::kCreateStream, R"({"StreamName":"x","Tags":[]})", "InvalidArgumentException", "Tags"},
      {Operation::kCreateStream, R"({"StreamName":"x","Tags":{"k":1}})", "InvalidArgumentException", "Tags.k"},
      {Operation::kCreateStream, R"({"StreamName":"x","Tags":{"?":"v"}})", "InvalidArgumentException", "Tags"},
      {Operation::kDescribeStream, "{}", "InvalidArgumentException", "StreamName or StreamARN is required"},
      {Operation::kDescribeStream, R"({"StreamName":"gate"})", "ResourceNotFoundException", "requested stream"},
      {Operation::kUpdateStream, R"({"StreamName":"door"})", "InvalidArgumentException", "CurrentVersion"},
      {Operation::kUpdateDataRetention, R"({"StreamName":"door","CurrentVersion":"v"})", "InvalidArgumentException",
       "Operation is required"},
      {Operation::kDeleteStream, R"({"StreamName":"door"})", "InvalidArgumentException", "StreamARN"},
      {Operation::kGetDataEndpoint, R"({"StreamName":"door"})", "InvalidArgumentException", "APIName is required"},
      {Operation::kGetDataEndpoint, R"({"StreamName":"door","APIName":"PUT"})", "InvalidArgumentException",
       "GET_IMAGES"},
      {Operation::kTagStream, R"({"StreamName":"door","Tags":{}})", "InvalidArgumentException", "at least one tag"},
      {Operation::kListTagsForStream, R"({"StreamName":"door","NextToken":"eA=="})", "InvalidArgumentException",
       "NextToken"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(to_string(c.operation)) + c.body);

    const auto answer = world.call(c.operation, c.body);

    EXPECT_EQ(answer.error_type, c.type);
    EXPECT_THAT(answer.body, HasSubstr(c.said));
  }
}

}  // namespace
}  // namespace heliograph::server
