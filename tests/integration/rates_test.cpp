// Rates over real connections: what comes too fast is answered, what slows down passes, and nobody else notices.
#include <gtest/gtest.h>

#include "support/app_fixture.hpp"

namespace heliograph::server {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::HttpAnswer;
using test::wait_until;

class RatesTest : public test::AppFixture {
 protected:
  /// Asks until the answer is not 200; the first that is not.
  template <class Ask>
  HttpAnswer until_refused(Ask&& ask, int good = 200) {
    for (int i = 0; i < 1000; ++i) {
      HttpAnswer answer = ask();
      if (answer.status != good) return answer;
    }
    ADD_FAILURE() << "a thousand calls passed";
    return {};
  }
};

TEST_F(RatesTest, CallsThatComeTooFastAreRefusedForTheirChannelOnlyAndPassLater) {
  config.call_limits.of(Operation::kDescribeSignalingChannel).channel = 2;
  start();
  const std::string arn = create_channel("door");
  create_channel("gate");
  const auto by_arn = [&] { return call("/describeSignalingChannel", R"({"ChannelARN":")" + arn + "\"}"); };
  const auto by_name = [&] { return call("/describeSignalingChannel", R"({"ChannelName":"door"})"); };

  const HttpAnswer refused = until_refused(by_arn);
  const HttpAnswer named = until_refused(by_name);
  const HttpAnswer other = call("/describeSignalingChannel", R"({"ChannelName":"gate"})");
  clock.skip(seconds(1));

  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.header("x-amzn-ErrorType"), "ClientLimitExceededException");
  EXPECT_FALSE(refused.header("x-amzn-RequestId").empty());
  EXPECT_NE(refused.body.find("DescribeSignalingChannel API for resource 'door'"), std::string::npos) << refused.body;
  EXPECT_EQ(named.status, 400);
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(by_arn().status, 200);
}

TEST_F(RatesTest, RefusedCallsHaveTheStatusThatSdksRetryWhenAskedFor) {
  config.call_limits.of(Operation::kListSignalingChannels).account = 1;
  config.throttle_status = 429;
  start();

  const HttpAnswer refused = until_refused([this] { return call("/listSignalingChannels", "{}"); });

  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("x-amzn-ErrorType"), "ClientLimitExceededException");
}

TEST_F(RatesTest, ConnectsThatComeTooFastAreRefusedPerChannelAndRole) {
  config.call_limits.viewer_connects = 1;
  start();
  const std::string channel = create_channel("door");
  const std::string other = create_channel("gate");
  const auto connect = [&] { return knock(target({.channel = channel, .client = "v"})); };

  const HttpAnswer refused = until_refused(connect, 101);
  const HttpAnswer master = knock(target({.channel = channel}));
  const HttpAnswer elsewhere = knock(target({.channel = other, .client = "v"}));
  clock.skip(seconds(1));

  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.header("x-amzn-ErrorType"), "ClientLimitExceededException");
  EXPECT_NE(refused.body.find("ConnectAsViewer"), std::string::npos) << refused.body;
  EXPECT_EQ(master.status, 101);
  EXPECT_EQ(elsewhere.status, 101);
  EXPECT_EQ(connect().status, 101);
  EXPECT_NE(log.text().find("connect refused role=VIEWER client=v"), std::string::npos);
}

TEST_F(RatesTest, EveryMessageThatComesTooFastIsAnsweredAndTheConnectionLivesOn) {
  config.limits.rates.offers = 1;
  start();
  const std::string channel = create_channel("door");
  auto master = join({.channel = channel});
  auto viewer = join({.channel = channel, .client = "v"});
  constexpr int kSent = 200;

  for (int i = 0; i < kSent; ++i)
    viewer.send_text(R"({"action":"SDP_OFFER","messagePayload":"AAAA","correlationId":")" + std::to_string(i) + "\"}");
  viewer.send_text(R"({"action":"ICE_CANDIDATE","messagePayload":"BBBB"})");

  int delivered = 0;
  while (master.read_text().find("ICE_CANDIDATE") == std::string::npos) ++delivered;
  int told = 0;
  for (; told < kSent - delivered; ++told) {
    const std::string status = viewer.read_text();
    ASSERT_NE(status.find("\"errorType\":\"ClientLimitExceededException\",\"statusCode\":\"400\""), std::string::npos);
  }
  clock.skip(seconds(1));
  viewer.send_text(R"({"action":"SDP_OFFER","messagePayload":"CCCC","correlationId":"last"})");

  EXPECT_GE(delivered, 1);
  EXPECT_GE(told, 1);
  EXPECT_NE(master.read_text().find("CCCC"), std::string::npos);
  EXPECT_NE(log.text().find("message refused role=VIEWER client=v"), std::string::npos);
  EXPECT_NE(log.text().find("why=more messages of this type per second"), std::string::npos);
}

TEST_F(RatesTest, TheHourOfTheAwsProfileEndsAMinuteAfterGoAway) {
  config.limits = core::aws_limits();
  config.limits.ping_interval = seconds(0);
  config.limits.idle_timeout = seconds(0);
  start();
  const std::string channel = create_channel("door");
  auto viewer = join({.channel = channel, .client = "v"});
  wait_until([this]() { return app->hub_stats().viewers == 1; });

  clock.skip(minutes(59));
  EXPECT_EQ(viewer.read_text(), R"({"messageType":"GO_AWAY"})");
  clock.skip(minutes(1));

  EXPECT_EQ(viewer.read_close(), 1001);
}

}  // namespace
}  // namespace heliograph::server
