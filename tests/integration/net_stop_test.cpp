// Stopping while busy: everyone is told, what was taken is given back once, and the deadline holds.
#include <gtest/gtest.h>

#include <thread>

#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using std::chrono::milliseconds;
using test::BlockingClient;
using test::wait_until;
using test::WsClient;

constexpr milliseconds kLong{60'000};

class NetStopTest : public test::NetFixture {
 protected:
  /// stop() on a thread of its own, because clients have to play along.
  std::thread stop_beside(milliseconds deadline) {
    return std::thread([this, deadline]() { network->stop(deadline); });
  }
};

TEST_F(NetStopTest, WebSocketsAreToldThatTheServiceGoesAway) {
  config.threads = 2;
  start();
  std::vector<WsClient> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(connect_ws());
  service.wait_for("open", 20);

  auto stopping = stop_beside(kLong);

  for (auto& client : clients) {
    EXPECT_EQ(client.read_text(), R"({"messageType":"GO_AWAY"})");
    EXPECT_EQ(client.read_close(), 1001);
    EXPECT_EQ(client.close_reason(), "service is going away");
    EXPECT_EQ(client.read(), std::nullopt);
    client.socket().close();
  }
  stopping.join();
  const auto closed = service.wait_for("closed", 20);
  EXPECT_EQ(closed.size(), 20U);
  for (const auto& event : closed) EXPECT_EQ(event.info.why, Errc::kGoingAway);
}

class NetDrainTest : public NetStopTest {
 protected:
  NetDrainTest() {
    limits.go_away_grace = std::chrono::hours(10);
    limits.ping_interval = std::chrono::seconds(0);
  }
  /// Connections with an hour to leave.
  void begin(std::size_t count) {
    start();
    for (std::size_t i = 0; i < count; ++i) clients.push_back(connect_ws());
    service.wait_for("open", count);
    network->begin_stop({.window = std::chrono::hours(1), .patience = std::chrono::hours(1)},
                        [this]() { has_ended = true; });
    // One write for each handshake, and the first GO_AWAY.
    wait_until([this, count]() { return network->stats().writes == count + 1; });
  }

  std::vector<WsClient> clients;
  std::atomic<bool> has_ended{false};
};

TEST_F(NetDrainTest, EverybodyIsToldInTheFirstHalfAndServedUntilItsTurnInTheSecond) {
  begin(4);
  clock.skip(std::chrono::minutes(29));
  for (auto& client : clients) {
    EXPECT_EQ(client.read_text(), R"({"messageType":"GO_AWAY"})");
    client.send_text("still here");
    EXPECT_EQ(client.read_text(), "still here");
  }
  EXPECT_THROW(connect(), std::runtime_error);

  for (std::size_t gone = 1; gone <= 4; ++gone) {
    clock.skip(milliseconds(450'000));  // An eighth of the window.
    EXPECT_EQ(service.wait_for("closed", gone).size(), gone);
  }

  for (auto& client : clients) {
    EXPECT_EQ(client.read_close(), 1001);
    client.socket().close();
  }
  wait_until([this]() { return has_ended.load(); });
}

TEST_F(NetDrainTest, WhoLeavesIsNotWaitedFor) {
  begin(3);

  clients.clear();

  wait_until([this]() { return has_ended.load(); });
}

TEST_F(NetDrainTest, NewPlanHurriesThoseWhoAreLeft) {
  begin(3);

  network->begin_stop({}, [this]() { has_ended = true; });

  wait_until([this]() { return has_ended.load(); });
  for (auto& client : clients) EXPECT_EQ(client.read_close(), 1001);
}

TEST_F(NetStopTest, PeersThatDoNotAnswerAreDroppedAtTheDeadline) {
  start();
  auto client = connect_ws();
  service.wait_for("open", 1);

  network->stop(milliseconds(100));

  EXPECT_EQ(service.wait_for("closed", 1).size(), 1U);
  EXPECT_EQ(client.read_close(), 1001);
}

TEST_F(NetStopTest, RequestAtHandIsAnsweredAndIsTheLast) {
  start();
  auto client = connect();
  client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  auto reply = service.take_reply();
  auto idle = connect();
  EXPECT_EQ(idle.get("/").status, 200);

  auto stopping = stop_beside(kLong);
  EXPECT_TRUE(idle.ends());
  idle.close();
  reply({200, {}, "the last"});

  const auto answer = client.read_answer();
  EXPECT_EQ(answer.body, "the last");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.ends());
  client.close();
  stopping.join();
  EXPECT_EQ(service.requests(), 2U);
}

TEST_F(NetStopTest, UpgradeGrantedWhileStoppingIsGivenBack) {
  start();
  BlockingClient client(port);
  client.send(test::ws_request("/ws-later"));
  auto reply = service.take_upgrade();
  auto idle = connect();
  EXPECT_EQ(idle.get("/").status, 200);
  auto stopping = stop_beside(kLong);
  EXPECT_TRUE(idle.ends());  // So the worker has begun to stop.
  idle.close();

  reply(AcceptUpgrade{5});

  EXPECT_EQ(client.read_answer().status, 503);
  EXPECT_TRUE(client.ends());
  client.close();
  stopping.join();
  const auto closed = service.wait_for("closed", 1);
  EXPECT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].tag, 5U);
  EXPECT_EQ(service.wait_for("open", 0).size(), 0U);
}

TEST_F(NetStopTest, ConnectionsThatSaidNothingEndAtOnce) {
  start();
  auto silent = connect();
  EXPECT_EQ(connect().get("/").status, 200);

  network->stop(kLong);

  EXPECT_TRUE(silent.ends());
}

TEST_F(NetStopTest, RepliesAndMessagesAfterTheEndAreDropped) {
  start();
  auto client = connect();
  client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
  auto reply = service.take_reply();
  auto upgrading = connect();
  upgrading.send(test::ws_request("/ws-later"));
  auto upgrade = service.take_upgrade();
  auto ws = connect_ws();
  const ConnId conn = service.wait_for("open", 1)[0].conn;

  network->stop(milliseconds(0));

  network->send(conn, "late");
  network->close(conn, Errc::kReplaced);
  network.reset();
  reply({200, {}, "late"});
  upgrade(AcceptUpgrade{1});
  EXPECT_TRUE(client.ends());
}

TEST_F(NetStopTest, StoppingTwiceAndWithoutStartIsFine) {
  {
    Network never(config, limits, service, clock, log);
    never.stop(milliseconds(10));
  }
  start();
  network->stop(milliseconds(10));
  network->stop(milliseconds(10));
}

TEST_F(NetStopTest, PortIsFreeAfterwards) {
  start();
  config.listen = network->bound();
  auto client = connect_ws();
  network->stop(milliseconds(0));

  start();

  EXPECT_EQ(network->bound().front().port, config.listen.front().port);
  EXPECT_EQ(connect().get("/").status, 200);
}

TEST_F(NetStopTest, NothingIsLeftBehindWhenItStopsWhileBusy) {
  config.threads = 2;
  for (int round = 0; round < 5; ++round) {
    const std::size_t before = test::open_descriptors();
    start();
    std::atomic<bool> go_on{true};
    std::vector<std::thread> busy;
    for (int i = 0; i < 4; ++i) {
      busy.emplace_back([&, i]() {
        while (go_on) {
          try {
            if (i % 2 == 0) {
              connect().get("/");
            } else {
              auto client = connect_ws();
              for (int n = 0; n < 20; ++n) {
                client.send_text("busy");
                client.read_text();
              }
            }
          } catch (const std::runtime_error&) {
            // The service has gone.
          }
        }
      });
    }
    wait_until([this]() { return service.texts() > 200; });

    network->stop(milliseconds(round % 2 == 0 ? 1000 : 0));

    go_on = false;
    for (auto& thread : busy) thread.join();
    EXPECT_EQ(network->stats().open_sockets, 0U);
    EXPECT_EQ(network->stats().open_websockets, 0U);
    network.reset();
    EXPECT_EQ(test::open_descriptors(), before);
  }
  EXPECT_EQ(service.wait_for("open", 1).size(), service.wait_for("closed", 1).size());
}

}  // namespace
}  // namespace heliograph::net
