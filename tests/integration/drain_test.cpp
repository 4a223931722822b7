// Leaving: who is told and when, who is waited for, and what a second signal does.
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "server/drain_times.hpp"
#include "support/service_process.hpp"
#include "support/signing_client.hpp"

namespace heliograph::server {
namespace {

using test::BlockingClient;
using test::wait_until;
using test::WsClient;

constexpr std::string_view kGoAway = R"({"messageType":"GO_AWAY"})";

/// A real process, because signals are a process's.
class DrainTest : public ::testing::Test, protected test::SigningClient {
 protected:
  void launch(std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--listen", "127.0.0.1:0", "--turn", "off"});
    ASSERT_NO_FATAL_FAILURE(service.launch(dir.path() / "data", std::move(flags)));
    use(service.port(), service.data() / "credentials");
  }
  test::Pair pair() {
    const std::string channel = create_channel("c");
    auto master = join({.channel = channel});
    auto viewer = join({.channel = channel, .client = "v"});
    return {std::move(master), std::move(viewer), "v"};
  }
  [[nodiscard]] bool is_listening() const {
    try {
      BlockingClient probe(port);
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  test::TempDir dir;
  test::ServiceProcess service;
};

TEST_F(DrainTest, NobodyConnectedMeansNoWait) {
  for (const int number : {SIGTERM, SIGINT}) {
    ASSERT_NO_FATAL_FAILURE(launch({"--drain-window", "3600"}));

    service.signal(number);

    EXPECT_EQ(service.end(), "exit status 0");
    EXPECT_TRUE(service.has_said("stopped undelivered_messages=0")) << service.text();
  }
}

TEST_F(DrainTest, DuringTheNoticeReadyzSaysSoAndOnlyNewcomersAreRefused) {
  ASSERT_NO_FATAL_FAILURE(launch({"--drain-notice", "3600"}));
  auto both = pair();
  const std::string channel = create_channel("another");

  service.signal(SIGTERM);
  wait_until([this]() { return BlockingClient(port).get("/readyz").status == 503; });

  EXPECT_EQ(BlockingClient(port).get("/readyz").body, "going away\n");
  EXPECT_EQ(BlockingClient(port).get("/livez").status, 200);
  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":"another"})").status, 200);
  const auto refused = knock(target({.channel = channel}));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("x-amzn-ErrorType"), "ServiceUnavailableException");
  EXPECT_EQ(refused.header("Retry-After"), "1");
  wait_until([this]() { return service.has_said("the service is going down"); });
  both.expect_undisturbed();

  service.signal(SIGTERM);
  EXPECT_EQ(both.master().read_text(), kGoAway);
  EXPECT_EQ(both.master().read_close(), 1001);
  EXPECT_EQ(service.end(), "exit status 0");
  EXPECT_TRUE(service.has_said("stopping at once")) << service.text();
}

TEST_F(DrainTest, ClientsThatLeaveOnTheirOwnEndTheWait) {
  ASSERT_NO_FATAL_FAILURE(launch({"--drain-window", "3600"}));
  auto both = pair();

  service.signal(SIGTERM);
  wait_until([this]() { return service.has_said("closing connections websockets=2 window_ms=3600000"); });
  wait_until([this]() { return !is_listening(); });
  wait_until([this]() { return service.has_said("still stopping remaining_websockets=2"); });
  both.master().socket().close();
  both.viewer().socket().close();

  EXPECT_EQ(service.end(), "exit status 0");
}

TEST_F(DrainTest, SecondSignalClosesEverybodyAtOnce) {
  ASSERT_NO_FATAL_FAILURE(launch({"--drain-window", "3600"}));
  auto both = pair();
  service.signal(SIGTERM);
  wait_until([this]() { return service.has_said("closing connections"); });

  service.signal(SIGINT);

  for (WsClient* client : {&both.master(), &both.viewer()}) {
    EXPECT_EQ(client->read_text(), kGoAway);
    EXPECT_EQ(client->read_close(), 1001);
  }
  EXPECT_EQ(service.end(), "exit status 0");
}

TEST_F(DrainTest, WithoutSettingsAFewConnectionsAreClosedAtOnce) {
  ASSERT_NO_FATAL_FAILURE(launch({}));
  auto both = pair();

  service.signal(SIGTERM);

  for (WsClient* client : {&both.master(), &both.viewer()}) {
    EXPECT_EQ(client->read_text(), kGoAway);
    EXPECT_EQ(client->read_close(), 1001);
    client->socket().close();
  }
  EXPECT_EQ(service.end(), "exit status 0");
  EXPECT_TRUE(service.has_said("closing connections websockets=2 window_ms=40")) << service.text();
}

TEST_F(DrainTest, WhatWasAcknowledgedBeforeTheEndIsThereAfterwards) {
  ASSERT_NO_FATAL_FAILURE(launch({}));
  std::vector<std::string> acknowledged;
  std::thread signaller;
  try {
    for (int i = 0; i < 10'000; ++i) {
      const std::string name = "c" + std::to_string(i);
      if (call("/createSignalingChannel", R"({"ChannelName":")" + name + "\"}").status != 200) break;
      acknowledged.push_back(name);
      if (i == 20) signaller = std::thread([this]() { service.signal(SIGTERM); });
    }
  } catch (const std::runtime_error&) {
    // The service has gone.
  }
  signaller.join();
  EXPECT_EQ(service.end(), "exit status 0");
  ASSERT_GT(acknowledged.size(), 20U);

  ASSERT_NO_FATAL_FAILURE(launch({}));

  for (const std::string& name : acknowledged)
    EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":")" + name + "\"}").status, 200) << name;
  service.signal(SIGTERM);
  EXPECT_EQ(service.end(), "exit status 0");
}

TEST(DrainTimesTest, WindowGrowsWithTheConnectionsToFiveSeconds) {
  EXPECT_EQ(drain_window(0), std::chrono::milliseconds(0));
  EXPECT_EQ(drain_window(3), std::chrono::milliseconds(60));
  EXPECT_EQ(drain_window(250), std::chrono::milliseconds(5000));
  EXPECT_EQ(drain_window(200'000), std::chrono::milliseconds(5000));
}

}  // namespace
}  // namespace heliograph::server
