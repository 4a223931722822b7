// How WebSocket connections end: by either side, politely or not, and with peers that do not read or do not answer,
// beside bystanders that must not notice.
#include <gtest/gtest.h>

#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using std::chrono::seconds;
using test::BlockingClient;
using test::masked;
using test::OwnedMessage;
using test::wait_until;
using test::WsClient;
using wire::WsKind;

class NetWsCloseTest : public test::NetFixture {};

TEST_F(NetWsCloseTest, ClosingHandshakeEchoesTheCode) {
  start();
  for (const std::uint16_t code : {std::uint16_t{1000}, std::uint16_t{1001}, std::uint16_t{4321}, wire::kNoCloseCode}) {
    SCOPED_TRACE(code);
    auto client = connect_ws();
    client.send_close(code);

    EXPECT_EQ(client.read(), (OwnedMessage{WsKind::kClose, "", code}));
    EXPECT_EQ(client.read(), std::nullopt);
  }
  const auto closed = service.wait_for("closed", 4);
  EXPECT_EQ(closed[2].info.peer_code, 4321);
  EXPECT_EQ(closed[2].info.why, Errc::kClosed);
}

TEST_F(NetWsCloseTest, PeerThatJustGoesIsReportedOnce) {
  start();
  {
    auto polite = connect_ws();
    auto rude = connect_ws();
    auto silent = connect_ws();
    silent.socket().shut_down_write();
    rude.socket().reset();
    EXPECT_TRUE(silent.read() == std::nullopt);
  }

  const auto closed = service.wait_for("closed", 3);

  for (const auto& event : closed) EXPECT_EQ(event.info.peer_code, 1006);
  stop();
  EXPECT_EQ(service.wait_for("closed", 3).size(), 3U);
}

TEST_F(NetWsCloseTest, NetworkClosesWithTheCodeOfItsReason) {
  start();
  auto client = connect_ws();
  const ConnId conn = service.wait_for("open", 1)[0].conn;

  network->close(conn, Errc::kReplaced);
  network->send(conn, "never seen");
  network->close(conn, Errc::kChannelDeleted);

  EXPECT_EQ(client.read_close(), 4001);
  EXPECT_EQ(client.read(), std::nullopt);
  client.socket().close();
  EXPECT_EQ(service.wait_for("closed", 1)[0].info.why, Errc::kReplaced);
  network->send(conn, "nobody");
  network->close(conn, Errc::kReplaced);
}

TEST_F(NetWsCloseTest, PeerThatDoesNotAnswerACloseIsHungUp) {
  start();
  auto client = connect_ws();
  const ConnId conn = service.wait_for("open", 1)[0].conn;
  network->close(conn, Errc::kReplaced);
  EXPECT_EQ(client.read()->close_code, 4001);

  clock.skip(limits.close_timeout + seconds(1));

  EXPECT_EQ(client.read(), std::nullopt);
  client.socket().close();
  service.wait_for("closed", 1);
}

TEST_F(NetWsCloseTest, PeerThatDoesNotReadIsClosedAndNobodyElseIs) {
  limits.max_outbox = 256 * 1024;
  std::atomic<std::uint64_t> victim{0};
  service.on_message = [&](ConnId conn, std::string_view text) {
    if (text == "me") victim = conn.serial;
    if (text == "flood") {
      for (int i = 0; i < 100; ++i) service.network->send({conn.worker, victim}, std::string(64 * 1024, 'f'));
    }
    service.network->send(conn, text);
  };
  start();
  WsClient deaf(BlockingClient(port, 4096));
  deaf.send_text("me");
  auto flooder = connect_ws();
  auto bystander = connect_ws();
  wait_until([&]() { return victim != 0; });

  while (network->stats().slow_peers_closed == 0) {
    flooder.send_text("flood");
    EXPECT_EQ(flooder.read_text(), "flood");
    bystander.send_text("fine");
    EXPECT_EQ(bystander.read_text(), "fine");
  }

  // What it had been sent before is still there to be read, and then why it ended.
  EXPECT_EQ(deaf.read_close(), 1008);
  EXPECT_EQ(deaf.close_reason(), "peer reads too slowly");
  deaf.socket().close();
  EXPECT_EQ(service.wait_for("closed", 1)[0].info.why, Errc::kSlowPeer);
  EXPECT_EQ(network->stats().slow_peers_closed, 1U);
}

TEST_F(NetWsCloseTest, PeerThatNeverReadsAgainIsDropped) {
  limits.max_outbox = 256 * 1024;
  service.on_message = [&](ConnId conn, std::string_view) {
    for (int i = 0; i < 200; ++i) service.network->send(conn, std::string(64 * 1024, 'f'));
  };
  start();
  WsClient deaf(BlockingClient(port, 4096));
  deaf.send_text("flood me");
  wait_until([this]() { return network->stats().slow_peers_closed == 1; });

  clock.skip(limits.close_timeout + seconds(1));

  service.wait_for("closed", 1);
  wait_until([this]() { return network->stats().open_sockets == 0; });
}

TEST_F(NetWsCloseTest, PingsWithoutAReaderAreBoundedToo) {
  limits.max_outbox = 64 * 1024;
  start();
  BlockingClient socket(port, 4096);
  socket.send(test::ws_request("/"));
  EXPECT_EQ(socket.read_answer().status, 101);
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += masked(WsKind::kPing, std::string(125, 'p'));

  while (network->stats().slow_peers_closed == 0 && socket.send(pings)) {
  }

  EXPECT_EQ(network->stats().slow_peers_closed, 1U);
}

TEST_F(NetWsCloseTest, SilentPeerIsPingedAndThenClosed) {
  start();
  auto silent = connect_ws();
  auto answering = connect_ws();
  service.wait_for("open", 2);

  clock.skip(limits.ping_interval + seconds(1));
  EXPECT_EQ(silent.read(), (OwnedMessage{WsKind::kPing, ""}));
  EXPECT_EQ(answering.read(), (OwnedMessage{WsKind::kPing, ""}));
  answering.send_raw(masked(WsKind::kPong, ""));
  answering.send_text("seen");
  EXPECT_EQ(answering.read_text(), "seen");
  clock.skip(limits.ping_timeout + seconds(1));

  EXPECT_EQ(silent.read_close(), 4004);
  answering.send_text("still here");
  EXPECT_EQ(answering.read_text(), "still here");
}

}  // namespace
}  // namespace heliograph::net
