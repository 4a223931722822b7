// Metrics of a service at work: who may read them, and that they say what happened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/app_fixture.hpp"

namespace heliograph::server {
namespace {

using test::BlockingClient;
using test::wait_until;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public test::AppFixture {
 protected:
  std::string page() { return BlockingClient(port).get("/metrics").body; }
  bool says(std::string_view line) {
    return ("\n" + page()).find("\n" + std::string(line) + "\n") != std::string::npos;
  }
};

TEST_F(MetricsTest, OnLoopbackNobodyIsAskedForALogin) {
  start();

  const auto answer = BlockingClient(port).get("/metrics");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("heliograph_ready 1\n"));
}

TEST_F(MetricsTest, ElsewhereTheAdministratorsSignatureOrAPortOfItsOwnIsNeeded) {
  config.console_login = ConsoleLogin::kAlways;
  config.metrics_listen = net::ListenAddress{"127.0.0.1", 0};
  start();

  EXPECT_EQ(BlockingClient(port).get("/metrics").status, 401);
  EXPECT_EQ(get_signed("/metrics").status, 200);
  key.secret_access_key = Secret("guessed");
  EXPECT_EQ(get_signed("/metrics").status, 403);

  const std::string said = log.text();
  const auto at = said.find("metrics on http://127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << said;
  const auto own = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(':', at + 16) + 1)));
  EXPECT_EQ(BlockingClient(own).get("/metrics").status, 200);
  EXPECT_EQ(BlockingClient(own).get("/livez").status, 200);
  EXPECT_EQ(BlockingClient(own).get("/readyz").status, 200);
  EXPECT_EQ(BlockingClient(own).get("/").status, 404);
  EXPECT_EQ(BlockingClient(own).ask("POST /metrics HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").status, 405);
  EXPECT_EQ(BlockingClient(own).ask(test::ws_request("/")).status, 404);
}

TEST_F(MetricsTest, TheyTellWhatHappened) {
  start();
  const std::string channel = create_channel("a-name-nobody-may-read-here");
  auto master = join({.channel = channel});
  auto viewer = join({.channel = channel, .client = "an-id-nobody-may-read-here"});
  viewer.send_text(R"({"action":"SDP_OFFER","messagePayload":"AAAA"})");
  master.read_text();
  viewer.send_text(R"({"action":"ICE_CANDIDATE","messagePayload":"AAAA"})");
  master.read_text();
  master.send_text(R"({"action":"SDP_ANSWER","messagePayload":"AAAA","recipientClientId":"nobody-there"})");
  wait_until([this]() { return says("heliograph_messages_waiting 1"); });
  auto usurper = join({.channel = channel});
  EXPECT_EQ(master.read_close(), 4001);
  viewer.send_close(1000);
  EXPECT_EQ(viewer.read_close(), 1000);
  EXPECT_EQ(knock(target({.channel = channel, .client = "x", .ago = std::chrono::minutes(10)})).status, 403);
  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":"nowhere"})").status, 404);

  for (const char* line : {
           R"(heliograph_messages_relayed_total{type="SDP_OFFER"} 1)",
           R"(heliograph_messages_relayed_total{type="SDP_ANSWER"} 0)",
           R"(heliograph_messages_relayed_total{type="ICE_CANDIDATE"} 1)",
           "heliograph_messages_retained_total 1",
           R"(heliograph_connections{role="master"} 1)",
           R"(heliograph_connections{role="viewer"} 0)",
           R"(heliograph_handshakes_total{result="accepted"} 3)",
           R"(heliograph_handshake_refusals_total{error="AccessDeniedException"} 1)",
           R"(heliograph_auth_failures_total{reason="expired"} 1)",
           R"(heliograph_websocket_closes_total{code="4001",initiator="service"} 1)",
           R"(heliograph_websocket_closes_total{code="1000",initiator="peer"} 1)",
           R"(heliograph_http_requests_total{operation="CreateSignalingChannel",status="200"} 1)",
           R"(heliograph_http_requests_total{operation="DescribeSignalingChannel",status="404"} 1)",
           R"(heliograph_http_request_duration_seconds_count{operation="CreateSignalingChannel"} 1)",
           R"(heliograph_store_duration_seconds_count{call="write"} 1)",
           "heliograph_channels 1",
           "heliograph_relay_supervised 0",
       }) {
    SCOPED_TRACE(line);
    wait_until([&]() { return says(line); });
  }
  EXPECT_THAT(page(), Not(HasSubstr("may-read-here")));
}

TEST_F(MetricsTest, TheyShowThatTheServiceLeavesWhileTheirPortStaysToTheEnd) {
  config.metrics_listen = net::ListenAddress{"127.0.0.1", 0};
  config.drain.notice = std::chrono::hours(1);
  start();
  const std::string said = log.text();
  const auto at = said.find("metrics on http://127.0.0.1:");
  const auto own = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(':', at + 16) + 1)));

  app->request_stop();

  wait_until([&]() { return BlockingClient(own).get("/readyz").status == 503; });
  EXPECT_THAT(BlockingClient(own).get("/metrics").body, HasSubstr("heliograph_ready 0\n"));
}

}  // namespace
}  // namespace heliograph::server
