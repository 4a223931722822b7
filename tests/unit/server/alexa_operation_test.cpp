// SendAlexaOfferToMaster: what it takes, what the master is asked, and what comes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;

class AlexaOperationTest : public testing::Test {
 protected:
  ApiAnswer send(std::string_view sender, std::string_view payload) {
    boost::json::object body{{"ChannelARN", arn}, {"SenderClientId", sender}, {"MessagePayload", payload}};
    return world.call(Operation::kSendAlexaOfferToMaster, boost::json::serialize(body));
  }
  test::ApiWorld world;
  std::string arn = world.create("door");
};

TEST_F(AlexaOperationTest, TheMastersAnswerIsTheAnswer) {
  const auto answer = send("alexa", "b2ZmZXI=");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"Answer":"YW5zd2Vy"})");
  ASSERT_EQ(world.master.asked.size(), 1U);
  EXPECT_EQ(world.master.asked[0].channel.str(), arn);
  EXPECT_EQ(world.master.asked[0].sender.str(), "alexa");
  EXPECT_EQ(world.master.asked[0].payload, "b2ZmZXI=");
}

TEST_F(AlexaOperationTest, ItWaitsAsLongAsMessagesDoButLessThanAMinute) {
  static_cast<void>(send("alexa", "b2ZmZXI="));
  const std::string update = R"({"ChannelARN":")" + arn + R"(","CurrentVersion":")" + world.version_of("door") +
                             R"(","SingleMasterConfiguration":{"MessageTtlSeconds":5}})";
  ASSERT_EQ(world.call(Operation::kUpdateSignalingChannel, update).status, 200);
  static_cast<void>(send("alexa", "b2ZmZXI="));

  EXPECT_EQ(world.master.asked[0].patience, seconds(50));
  EXPECT_EQ(world.master.asked[1].patience, seconds(5));
}

TEST_F(AlexaOperationTest, WhatIsNotValidReachesNoMaster) {
  struct Case {
    const char* name;
    std::string sender;
    std::string payload;
    const char* said;
  };
  const Case cases[] = {
      {"no sender", "", "b2ZmZXI=", "SenderClientId"},
      {"a sender with spaces", "my echo", "b2ZmZXI=", "SenderClientId"},
      {"a long sender", std::string(257, 'a'), "b2ZmZXI=", "SenderClientId"},
      {"no payload", "alexa", "", "MessagePayload"},
      {"a payload that is not base64", "alexa", "?", "MessagePayload"},
      {"a long payload", "alexa", std::string(10'004, 'A'), "MessagePayload"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const auto answer = send(c.sender, c.payload);

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.error_type, "InvalidArgumentException");
    EXPECT_THAT(answer.body, HasSubstr(c.said));
  }
  EXPECT_THAT(world.master.asked, IsEmpty());
}

TEST_F(AlexaOperationTest, FailuresAreThoseOfTheSignalingModel) {
  struct Case {
    Errc why;
    int status;
    const char* type;
  };
  const Case cases[] = {
      {Errc::kResourceNotFound, 404, "ResourceNotFoundException"},
      {Errc::kChannelDeleted, 404, "ResourceNotFoundException"},
      {Errc::kReplaced, 400, "ResourceInUseException"},
      {Errc::kClientLimitExceeded, 400, "ClientLimitExceededException"},
      {Errc::kServiceUnavailable, 503, "ServiceUnavailableException"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.type);
    world.master.outcome = Error{c.why, {}};

    const auto answer = send("alexa", "b2ZmZXI=");

    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.error_type, c.type);
  }
}

TEST_F(AlexaOperationTest, AnUnknownChannelHasNoMaster) {
  arn = "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/nowhere/1712136149494";

  EXPECT_EQ(send("alexa", "b2ZmZXI=").status, 404);
  EXPECT_THAT(world.master.asked, IsEmpty());
}

}  // namespace
}  // namespace heliograph::server
