// SendAlexaOfferToMaster over real connections: a call that a master answers.
#include <gtest/gtest.h>

#include <future>

#include "support/app_fixture.hpp"

namespace heliograph::server {
namespace {

using std::chrono::seconds;
using test::HttpAnswer;
using test::wait_until;

class AlexaTest : public test::AppFixture {
 protected:
  /// Calls on another thread, since the answer takes its time.
  std::future<HttpAnswer> ask(const std::string& channel, const std::string& sender = "alexa") {
    const std::string body =
        R"({"ChannelARN":")" + channel + R"(","SenderClientId":")" + sender + R"(","MessagePayload":"b2ZmZXI="})";
    return std::async(std::launch::async, [this, body]() { return call("/v1/send-alexa-offer-to-master", body); });
  }
};

TEST_F(AlexaTest, AMastersAnswerIsTheCallsAnswer) {
  start();
  const std::string channel = create_channel("door");
  auto master = join({.channel = channel});
  auto answer = ask(channel);

  EXPECT_EQ(master.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":"b2ZmZXI=","senderClientId":"alexa"})");
  master.send_text(R"({"action":"SDP_ANSWER","messagePayload":"YW5zd2Vy","recipientClientId":"alexa"})");

  const HttpAnswer given = answer.get();
  EXPECT_EQ(given.status, 200);
  EXPECT_EQ(given.body, R"({"Answer":"YW5zd2Vy"})");
}

TEST_F(AlexaTest, AnOfferWaitsForAMasterThatIsOffline) {
  start();
  const std::string channel = create_channel("door");
  auto answer = ask(channel);
  wait_until([this]() { return app->hub_stats().asks == 1; });

  auto master = join({.channel = channel});
  EXPECT_NE(master.read_text().find("alexa"), std::string::npos);
  master.send_text(R"({"action":"SDP_ANSWER","messagePayload":"YW5zd2Vy","recipientClientId":"alexa"})");

  EXPECT_EQ(answer.get().status, 200);
}

TEST_F(AlexaTest, WithoutAnAnswerItIsNotFoundWhenTheMessageExpires) {
  start();
  const std::string channel = create_channel("door");
  auto answer = ask(channel);
  wait_until([this]() { return app->hub_stats().asks == 1; });

  clock.skip(seconds(50));

  const HttpAnswer given = answer.get();
  EXPECT_EQ(given.status, 404);
  EXPECT_EQ(given.header("x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_NE(given.body.find("did not answer in time"), std::string::npos) << given.body;
}

TEST_F(AlexaTest, ManyThatWaitHoldUpNobody) {
  start();
  const std::string channel = create_channel("door");
  std::vector<std::future<HttpAnswer>> waiting;
  for (int i = 0; i < 10; ++i) waiting.push_back(ask(channel, "alexa-" + std::to_string(i)));
  wait_until([this]() { return app->hub_stats().asks == 10; });

  EXPECT_EQ(call("/listSignalingChannels", "{}").status, 200);
  EXPECT_EQ(call("/deleteSignalingChannel", R"({"ChannelARN":")" + channel + "\"}").status, 200);

  for (auto& answer : waiting) EXPECT_EQ(answer.get().status, 404);
}

TEST_F(AlexaTest, AServiceThatGoesDownEndsThemAtOnce) {
  start();
  const std::string channel = create_channel("door");
  auto answer = ask(channel);
  wait_until([this]() { return app->hub_stats().asks == 1; });

  app->request_stop();

  EXPECT_EQ(answer.get().status, 503);
}

}  // namespace
}  // namespace heliograph::server
