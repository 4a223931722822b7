// Channel operations: what goes in, what comes out, and who is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace json = boost::json;

class ControlPlaneChannelsTest : public testing::Test {
 protected:
  std::vector<std::string> names_in(const json::value& list) {
    std::vector<std::string> names;
    for (const auto& info : list.at("ChannelInfoList").as_array()) {
      names.emplace_back(info.at("ChannelName").as_string());
    }
    return names;
  }
  test::ApiWorld world_;
};

TEST_F(ControlPlaneChannelsTest, CreateAnswersTheArn) {
  const auto answer = world_.call(Operation::kCreateSignalingChannel, R"({"ChannelName":"door"})");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.error_type, "");
  EXPECT_EQ(answer.body, R"({"ChannelARN":"arn:aws:kinesisvideo:eu-west-1:123456789012:channel/door/1712136149494"})");
}

TEST_F(ControlPlaneChannelsTest, DescribeAnswersInTheFormThatEmbeddedParsersCountOn) {
  world_.create("door");
  const std::string version = world_.version_of("door");

  const auto answer = world_.call(Operation::kDescribeSignalingChannel, R"({"ChannelName":"door"})");

  // FreeRTOS: ChannelInfo first, MessageTtlSeconds first. C SDK: nothing escaped. All: CreationTime is a number.
  EXPECT_EQ(answer.body, R"({"ChannelInfo":{"ChannelName":"door",)"
                         R"("ChannelARN":"arn:aws:kinesisvideo:eu-west-1:123456789012:channel/door/1712136149494",)"
                         R"("ChannelType":"SINGLE_MASTER","ChannelStatus":"ACTIVE","CreationTime":1712136149.494,)"
                         R"("SingleMasterConfiguration":{"MessageTtlSeconds":60},"Version":")" +
                             version + R"("}})");
}

TEST_F(ControlPlaneChannelsTest, AFullMeshChannelIsMadeUnlessThatIsForbidden) {
  constexpr std::string_view kMesh = R"({"ChannelName":"mesh","ChannelType":"FULL_MESH"})";
  EXPECT_EQ(world_.call(Operation::kCreateSignalingChannel, std::string(kMesh)).status, 200);
  const auto info = world_.ask(Operation::kDescribeSignalingChannel, R"({"ChannelName":"mesh"})").at("ChannelInfo");
  EXPECT_EQ(info.at("ChannelType").as_string(), "FULL_MESH");

  test::ApiWorld strict({.full_mesh = false});
  const auto answer = strict.call(Operation::kCreateSignalingChannel, std::string(kMesh));

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, testing::HasSubstr("the only type that is supported"));
  EXPECT_EQ(aws_call_limits("us-east-1").full_mesh, 0U);
}

TEST_F(ControlPlaneChannelsTest, CreationTimeKeepsItsLeadingZeros) {
  world_.context.now = WallTime(std::chrono::milliseconds(1'712'136'149'007));
  world_.create("door");

  const auto answer = world_.call(Operation::kDescribeSignalingChannel, R"({"ChannelName":"door"})");

  EXPECT_THAT(answer.body, testing::HasSubstr(R"("CreationTime":1712136149.007,)"));
}

TEST_F(ControlPlaneChannelsTest, CreateTakesTtlTypeAndTags) {
  const auto made = world_.ask(Operation::kCreateSignalingChannel, R"({"ChannelName":"door",
      "ChannelType":"SINGLE_MASTER","SingleMasterConfiguration":{"MessageTtlSeconds":5},
      "Tags":[{"Key":"room","Value":"hall"},{"Key":"room","Value":"attic"},{"Key":"e","Value":""}]})");

  const ChannelArn arn{std::string(made.at("ChannelARN").as_string())};
  EXPECT_EQ(world_.store.channel_by_arn(arn)->message_ttl, std::chrono::seconds(5));
  EXPECT_THAT(world_.store.channel_tags(arn).value(),
              ElementsAre(testing::Pair("e", ""), testing::Pair("room", "attic")));
}

TEST_F(ControlPlaneChannelsTest, DescribesByNameByArnOrByBothIfTheyAgree) {
  const std::string arn = world_.create("door");
  world_.create("window");

  for (const std::string& body : {R"({"ChannelName":"door"})" + std::string(), R"({"ChannelARN":")" + arn + "\"}",
                                  R"({"ChannelName":"door","ChannelARN":")" + arn + "\"}",
                                  R"({"ChannelName":null,"ChannelARN":")" + arn + "\"}"}) {
    SCOPED_TRACE(body);
    EXPECT_EQ(world_.ask(Operation::kDescribeSignalingChannel, body).at("ChannelInfo").at("ChannelName"), "door");
  }
  EXPECT_EQ(world_.call(Operation::kDescribeSignalingChannel, R"({"ChannelName":"window","ChannelARN":")" + arn + "\"}")
                .error_type,
            "InvalidArgumentException");
}

TEST_F(ControlPlaneChannelsTest, MissingChannelIsNotFoundInTheServicesWords) {
  const auto answer = world_.call(Operation::kDescribeSignalingChannel, R"({"ChannelName":"door"})");

  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.error_type, "ResourceNotFoundException");
  EXPECT_EQ(answer.body, R"({"__type":"ResourceNotFoundException","Message":)"
                         R"("The requested channel is not found or not active. Asked for: door"})");
}

TEST_F(ControlPlaneChannelsTest, ArnOfAnotherAccountOrRegionIsNotFound) {
  world_.create("door");

  for (const char* arn : {"arn:aws:kinesisvideo:us-east-1:123456789012:channel/door/1712136149494",
                          "arn:aws:kinesisvideo:eu-west-1:000000000000:channel/door/1712136149494",
                          "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/door/1712136149494"}) {
    SCOPED_TRACE(arn);
    const std::string body = std::string(R"({"ChannelARN":")") + arn + "\"}";
    EXPECT_EQ(world_.call(Operation::kDescribeSignalingChannel, body).status, 404);
    EXPECT_EQ(world_.call(Operation::kDeleteSignalingChannel, body).status, 404);
    EXPECT_EQ(world_.call(Operation::kGetSignalingChannelEndpoint, body).status, 404);
    EXPECT_EQ(world_.call(Operation::kGetIceServerConfig, body).status, 404);
  }
}

TEST_F(ControlPlaneChannelsTest, NameThatIsTakenIsInUse) {
  world_.create("door");

  const auto answer = world_.call(Operation::kCreateSignalingChannel, R"({"ChannelName":"door"})");

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.error_type, "ResourceInUseException");
}

TEST_F(ControlPlaneChannelsTest, QuotaDependsOnTheRegion) {
  EXPECT_EQ(aws_call_limits("us-east-1").max_channels, 10'000U);
  EXPECT_EQ(aws_call_limits("us-west-2").max_channels, 10'000U);
  EXPECT_EQ(aws_call_limits("eu-central-1").max_channels, 5'000U);
}

TEST_F(ControlPlaneChannelsTest, ChannelsBeyondTheLimitAreRefused) {
  test::ApiWorld world({.max_channels = 2});
  world.create("a");
  world.create("b");

  const auto answer = world.call(Operation::kCreateSignalingChannel, R"({"ChannelName":"c"})");

  EXPECT_EQ(answer.error_type, "AccountChannelLimitExceededException");
  EXPECT_EQ(world.store.channel_count(), 2U);
}

TEST_F(ControlPlaneChannelsTest, UpdateSetsTheTtlAndTellsTheHub) {
  const std::string arn = world_.create("door");

  const auto answer = world_.call(Operation::kUpdateSignalingChannel,
                                  R"({"ChannelARN":")" + arn + R"(","CurrentVersion":")" + world_.version_of("door") +
                                      R"(","SingleMasterConfiguration":{"MessageTtlSeconds":90}})");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(world_.store.channel_by_name("door")->message_ttl, std::chrono::seconds(90));
  EXPECT_THAT(world_.events.seen, ElementsAre("ttl " + arn + " 90"));
}

TEST_F(ControlPlaneChannelsTest, UpdateWithAStaleVersionChangesNothing) {
  const std::string arn = world_.create("door");

  const auto answer = world_.call(
      Operation::kUpdateSignalingChannel,
      R"({"ChannelARN":")" + arn + R"(","CurrentVersion":"old","SingleMasterConfiguration":{"MessageTtlSeconds":90}})");

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.error_type, "VersionMismatchException");
  EXPECT_THAT(world_.events.seen, IsEmpty());
}

TEST_F(ControlPlaneChannelsTest, DeleteTellsTheHubOnceItIsDone) {
  const std::string arn = world_.create("door");

  const auto stale =
      world_.call(Operation::kDeleteSignalingChannel, R"({"ChannelARN":")" + arn + R"(","CurrentVersion":"old"})");
  EXPECT_EQ(stale.error_type, "VersionMismatchException");
  EXPECT_THAT(world_.events.seen, IsEmpty());

  const auto done = world_.call(Operation::kDeleteSignalingChannel, R"({"ChannelARN":")" + arn + "\"}");
  EXPECT_EQ(done.body, "{}");
  EXPECT_THAT(world_.events.seen, ElementsAre("deleted " + arn));

  const auto again = world_.call(Operation::kDeleteSignalingChannel, R"({"ChannelARN":")" + arn + "\"}");
  EXPECT_EQ(again.status, 404);
  EXPECT_THAT(world_.events.seen, ElementsAre("deleted " + arn));
}

TEST_F(ControlPlaneChannelsTest, ListOfNothingHasNoToken) {
  EXPECT_EQ(world_.call(Operation::kListSignalingChannels, "").body, R"({"ChannelInfoList":[]})");
}

TEST_F(ControlPlaneChannelsTest, ListWalksPagesByToken) {
  for (const char* name : {"b", "c", "a"}) world_.create(name);

  const auto first = world_.ask(Operation::kListSignalingChannels, R"({"MaxResults":2})");
  const std::string token(first.at("NextToken").as_string());
  const auto second = world_.ask(Operation::kListSignalingChannels, R"({"MaxResults":2,"NextToken":")" + token + "\"}");

  EXPECT_THAT(names_in(first), ElementsAre("a", "b"));
  EXPECT_THAT(names_in(second), ElementsAre("c"));
  EXPECT_FALSE(second.as_object().contains("NextToken"));
}

TEST_F(ControlPlaneChannelsTest, TokenOfTheLongestNameFitsTheModel) {
  world_.create(std::string(256, 'a'));
  world_.create("b");

  const auto page = world_.ask(Operation::kListSignalingChannels, R"({"MaxResults":1})");

  const std::string token(page.at("NextToken").as_string());
  EXPECT_LE(token.size(), 512U);
  EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/="),
            std::string::npos);
  EXPECT_THAT(names_in(world_.ask(Operation::kListSignalingChannels, R"({"NextToken":")" + token + "\"}")),
              ElementsAre("b"));
}

TEST_F(ControlPlaneChannelsTest, ListTakesAConditionOnTheName) {
  for (const char* name : {"cam-1", "cam-2", "door"}) world_.create(name);

  const auto list = world_.ask(
      Operation::kListSignalingChannels,
      R"({"ChannelNameCondition":{"ComparisonOperator":"BEGINS_WITH","ComparisonValue":"cam-"},"NextToken":""})");

  EXPECT_THAT(names_in(list), ElementsAre("cam-1", "cam-2"));
}

TEST_F(ControlPlaneChannelsTest, TokensThatWereNotGivenOutAreRefused) {
  for (const char* token : {"AAAA", "=", "====", "MTpi=", "MTo=", "b2xkOmE=", "MTphL2I=", "MTph\\n"}) {
    SCOPED_TRACE(token);
    const auto answer =
        world_.call(Operation::kListSignalingChannels, std::string(R"({"NextToken":")") + token + "\"}");
    EXPECT_EQ(answer.error_type, "InvalidArgumentException");
    EXPECT_THAT(answer.body, testing::HasSubstr("NextToken must"));
  }
}

TEST_F(ControlPlaneChannelsTest, MediaStorageIsDisabledForEveryChannel) {
  world_.create("door");

  EXPECT_EQ(world_.call(Operation::kDescribeMediaStorageConfiguration, R"({"ChannelName":"door"})").body,
            R"({"MediaStorageConfiguration":{"Status":"DISABLED","StreamARN":null}})");
  EXPECT_EQ(world_.call(Operation::kDescribeMediaStorageConfiguration, R"({"ChannelName":"none"})").status, 404);
}

}  // namespace
}  // namespace heliograph::server
