// Whoever has the answer to a ping knows that what was sent before it has left the service, whatever becomes of that.
#include <gtest/gtest.h>
#include <poll.h>

#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using test::WsClient;

/// What each connection says goes to all others.
class NetReceiptsTest : public test::NetFixture, public ::testing::WithParamInterface<unsigned> {
 protected:
  void SetUp() override {
    config.threads = GetParam();
    service.on_message = [this](ConnId conn, std::string_view text) {
      std::vector<ConnId> to;
      {
        const std::lock_guard lock(mutex_);
        if (text == "join") all_.push_back(conn);
        to = all_;
      }
      if (text == "join") return service.network->send(conn, "joined");
      for (const ConnId one : to)
        if (one != conn) service.network->send(one, text);
    };
    start();
  }

  WsClient join() {
    WsClient client = connect_ws();
    client.send_text("join");
    EXPECT_EQ(client.read_text(), "joined");
    return client;
  }
  /// Whether the kernel has something for a client now.
  static bool has_come(WsClient& client) {
    pollfd ready{client.socket().descriptor(), POLLIN, 0};
    return ::poll(&ready, 1, 0) == 1;
  }

 private:
  std::mutex mutex_;
  std::vector<ConnId> all_;
};

TEST_P(NetReceiptsTest, PongComesWhenWhatWasSentBeforeIsWithItsRecipients) {
  WsClient sender = join();
  std::vector<WsClient> others;
  for (int i = 0; i < 6; ++i) others.push_back(join());

  int late = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string number = std::to_string(round);
    // The first ping has something to be written to the sender before the recipients have.
    sender.send_raw(test::masked(wire::WsKind::kPing, "early") + test::masked(wire::WsKind::kText, number) +
                    test::masked(wire::WsKind::kPing, number));
    for (std::string pong; pong != number;) {
      const auto message = sender.read();
      ASSERT_TRUE(message);
      ASSERT_EQ(message->kind, wire::WsKind::kPong);
      pong = message->payload;
    }
    for (WsClient& other : others)
      if (!has_come(other)) ++late;
    for (WsClient& other : others) ASSERT_EQ(other.read_text(), number);
  }

  EXPECT_EQ(late, 0);
}

INSTANTIATE_TEST_SUITE_P(Workers, NetReceiptsTest, ::testing::Values(1U, 4U));

}  // namespace
}  // namespace heliograph::net
