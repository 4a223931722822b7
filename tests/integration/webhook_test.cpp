// Presence as events, and how they reach a receiver that is well, slow, broken, away or somebody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "server/events/hook_signer.hpp"
#include "support/app_fixture.hpp"
#include "support/hook_receiver.hpp"

namespace heliograph::server {
namespace {

using test::HookReceiver;
using test::Presign;
using test::wait_until;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr const char* kSecret = "a-secret-of-the-test";

class WebhookTest : public test::AppFixture {
 protected:
  WebhookTest() {
    config.events.webhook = receiver.url();
    config.events.secret = Secret(kSecret);
    config.events.timeout = std::chrono::milliseconds(3000);
  }
  ~WebhookTest() override { stop(); }  // Before the receiver goes.

  std::uint64_t metric(const std::string& sample) {
    const std::string page = get_signed("/metrics").body;
    const auto at = page.find("\n" + sample + " ");
    EXPECT_NE(at, std::string::npos) << sample;
    return at == std::string::npos ? 0 : std::stoull(page.substr(at + sample.size() + 2));
  }

  HookReceiver receiver;
};

TEST_F(WebhookTest, WhoComesAndGoesIsToldInOrder) {
  start();
  const std::string cam = create_channel("cam");
  {
    auto viewer = join({.channel = cam, .client = "alice"});
    auto first = join({.channel = cam});
    receiver.wait_for(3);
    auto second = join({.channel = cam});
    EXPECT_EQ(first.read_close(), 4001);
    viewer.send_close(1000);
    viewer.read_close();
    receiver.wait_for(6);
    EXPECT_EQ(call("/deleteSignalingChannel", R"({"ChannelARN":")" + cam + "\"}").status, 200);
    EXPECT_EQ(second.read_close(), 4002);
  }

  EXPECT_THAT(receiver.stories(8),
              ElementsAre("service.started", "viewer.joined cam alice", "master.online cam", "master.replaced cam",
                          "master.online cam", "viewer.left cam alice", "master.offline cam", "channel.deleted cam"));
  const std::string left = receiver.wait_for(8)[5].body;
  EXPECT_THAT(left, HasSubstr(R"("reason":{"code":1000,"by":"peer")"));
  EXPECT_THAT(left, HasSubstr(R"("accessKeyId":")" + key.access_key_id));
}

TEST_F(WebhookTest, EveryCallIsSignedWithATime) {
  start();

  const auto request = receiver.wait_for(1).front();

  const std::string header(request.header(events::HookSigner::kHeader));
  const std::string time = header.substr(2, header.find(',') - 2);
  const std::string expected =
      events::HookSigner(Secret(kSecret)).sign(request.body, WallTime(std::chrono::seconds(std::stoll(time))));
  EXPECT_EQ(header, expected);
  EXPECT_NE(header,
            events::HookSigner(Secret("another")).sign(request.body, WallTime(std::chrono::seconds(std::stoll(time)))));
  EXPECT_LE(std::llabs(std::stoll(time) - std::time(nullptr)), 60);
  EXPECT_EQ(request.header("Heliograph-Event"), "service.started");
  EXPECT_EQ(request.header("Heliograph-Attempt"), "1");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_THAT(request.body, HasSubstr(std::string(request.header("Heliograph-Event-Id"))));
}

TEST_F(WebhookTest, WhatIsRefusedComesAgainUntilItIsTakenAndBeforeWhatFollows) {
  receiver.answer = [](const net::HttpRequest&, std::size_t number) {
    return net::HttpResponse{number == 1 ? 500 : number == 2 ? 302 : 200, {{"Location", "/elsewhere"}}, {}};
  };
  start();
  const std::string cam = create_channel("cam");
  receiver.wait_for(1);
  auto viewer = join({.channel = cam, .client = "alice"});
  auto master = join({.channel = cam});

  EXPECT_THAT(receiver.stories(5), ElementsAre("service.started", "viewer.joined cam alice", "viewer.joined cam alice",
                                               "viewer.joined cam alice", "master.online cam"));
  const auto requests = receiver.wait_for(5);
  EXPECT_EQ(requests[3].header("Heliograph-Attempt"), "3");
  EXPECT_EQ(requests[1].header("Heliograph-Event-Id"), requests[3].header("Heliograph-Event-Id"));
  EXPECT_EQ(requests[3].target, "/hook") << "no redirect is followed";
  EXPECT_EQ(metric("heliograph_webhook_calls_total{result=\"refused\"}"), 2U);
}

TEST_F(WebhookTest, ReceiverThatIsAwayGetsEverythingWhenItIsBack) {
  receiver.down();
  start();
  const std::string cam = create_channel("cam");
  auto viewer = join({.channel = cam, .client = "alice"});
  wait_until([&]() { return metric("heliograph_webhook_waiting") == 2; });
  wait_until([&]() { return log.text().find("webhook receiver does not take events") != std::string::npos; });

  receiver.up();

  EXPECT_THAT(receiver.stories(2), UnorderedElementsAre("service.started", "viewer.joined cam alice"));
  wait_until([&]() { return metric("heliograph_webhook_waiting") == 0; });
  EXPECT_THAT(log.text(), HasSubstr("webhook receiver takes events again"));
}

TEST_F(WebhookTest, EventsOutliveTheService) {
  receiver.down();
  start();
  const std::string cam = create_channel("cam");
  {
    auto viewer = join({.channel = cam, .client = "alice"});
    wait_until([&]() { return metric("heliograph_webhook_waiting") == 2; });
  }
  stop();

  receiver.up();
  start();

  const auto stories = receiver.stories(4);
  EXPECT_EQ(stories.size(), 4U);
  EXPECT_EQ(std::count(stories.begin(), stories.end(), "service.started"), 2);
  const auto joined = std::find(stories.begin(), stories.end(), "viewer.joined cam alice");
  const auto left = std::find(stories.begin(), stories.end(), "viewer.left cam alice");
  EXPECT_LT(joined, left);
  EXPECT_NE(left, stories.end());
}

TEST_F(WebhookTest, ReceiverThatNeverAnswersDoesNotSlowTheRelay) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) { return std::nullopt; };
  config.events.timeout = std::chrono::seconds(60);
  start();
  const std::string cam = create_channel("cam");
  test::Pair pair(join({.channel = cam}), join({.channel = cam, .client = "alice"}), "alice");
  receiver.wait_for(2);

  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) pair.expect_undisturbed();

  // 250 messages; a single wait for the receiver would be a minute.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
  EXPECT_GE(metric("heliograph_webhook_waiting"), 2U);
}

TEST_F(WebhookTest, FullOutboxLosesItsOldestAndCountsThem) {
  receiver.down();
  config.events.max_waiting = 3;
  start();
  const std::string cam = create_channel("cam");
  std::vector<test::WsClient> viewers;
  for (const char* id : {"a", "b", "c", "d"}) viewers.push_back(join({.channel = cam, .client = id}));
  wait_until([&]() { return metric("heliograph_webhook_dropped_total{reason=\"full\"}") == 2; });

  receiver.up();

  const auto stories = receiver.stories(3);
  EXPECT_EQ(stories.back(), "viewer.joined cam d");
}

TEST_F(WebhookTest, CertificateOfTheReceiverIsVerified) {
  // Another service's development certificate, of a CA that is not ours.
  test::AppFixture::start();
  const auto tls = dir.path() / "data" / "tls";
  HookReceiver secure({(tls / "server.pem").string(), (tls / "server-key.pem").string()});
  stop();
  config.events.webhook = secure.url();
  start();
  wait_until([&]() { return metric("heliograph_webhook_calls_total{result=\"unreachable\"}") > 0; });
  EXPECT_EQ(secure.count(), 0U);
  EXPECT_THAT(log.text(), HasSubstr("certificate verify failed"));
  stop();

  config.events.ca_file = (tls / "ca.pem").string();
  start();

  EXPECT_FALSE(secure.stories(1).empty());
  stop();
}

}  // namespace
}  // namespace heliograph::server
