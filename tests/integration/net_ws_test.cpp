// WebSocket connections over real sockets: messages of every size and cut, broken rules, and many at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using std::chrono::seconds;
using test::BlockingClient;
using test::masked;
using test::OwnedMessage;
using test::raw_frame;
using test::wait_until;
using test::WsClient;
using wire::WsKind;

class NetWsTest : public test::NetFixture {};

TEST_F(NetWsTest, TextComesBack) {
  start();
  auto client = connect_ws();

  for (const std::string_view text : {"hello", "", "äöü €"}) {
    client.send_text(text);
    EXPECT_EQ(client.read_text(), text);
  }

  const auto opened = service.wait_for("open", 1);
  EXPECT_EQ(opened[0].tag, 7U);
}

TEST_F(NetWsTest, MessagesOfEverySizeComeBack) {
  start();
  auto client = connect_ws();
  for (const std::size_t size : {125U, 126U, 65535U, 65536U, 128U * 1024}) {
    SCOPED_TRACE(size);
    const std::string text(size, 'm');
    client.send_text(text);
    EXPECT_EQ(client.read_text(), text);
  }
}

TEST_F(NetWsTest, CutsAndFragmentsDoNotMatter) {
  start();
  auto client = connect_ws();
  const std::string frame = masked(WsKind::kText, "byte by byte");
  for (const char byte : frame) client.send_raw({&byte, 1});
  EXPECT_EQ(client.read_text(), "byte by byte");

  client.send_raw(
      raw_frame({.opcode = 1, .payload = "in ", .final = false}) + raw_frame({.opcode = 9, .payload = "between"}) +
      raw_frame({.opcode = 0, .payload = "three ", .final = false}) + raw_frame({.opcode = 0, .payload = "parts"}));

  // A pong comes behind what the same read led to (net_receipts_test.cpp); the read may have been cut.
  std::vector<std::string> answers;
  for (int i = 0; i < 2; ++i) answers.push_back(client.read().value_or(OwnedMessage{}).payload);
  EXPECT_THAT(answers, ::testing::UnorderedElementsAre("between", "in three parts"));
}

TEST_F(NetWsTest, FramesRightBehindTheHandshakeAreRead) {
  start();
  BlockingClient socket(port);
  socket.send(test::ws_request("/") + masked(WsKind::kText, "early") + masked(WsKind::kText, "bird"));
  EXPECT_EQ(socket.read_answer().status, 101);

  while (socket.input().size() < 13) ASSERT_TRUE(socket.read_more());
  EXPECT_EQ(socket.input(),
            "\x81\x05"
            "early\x81\x04"
            "bird");
}

TEST_F(NetWsTest, FramesBehindAnUpgradeThatIsStillBeingDecidedAreRead) {
  start();
  BlockingClient socket(port);
  socket.send(test::ws_request("/ws-later") + masked(WsKind::kText, "early"));
  auto reply = service.take_upgrade();
  socket.send(masked(WsKind::kText, "late"));

  reply(AcceptUpgrade{1});

  EXPECT_EQ(socket.read_answer().status, 101);
  while (socket.input().size() < 13) ASSERT_TRUE(socket.read_more());
  EXPECT_EQ(socket.input(),
            "\x81\x05"
            "early\x81\x04"
            "late");
}

TEST_F(NetWsTest, BurstIsAnsweredInOrder) {
  start();
  auto client = connect_ws();
  std::string burst;
  for (int i = 0; i < 5000; ++i) burst += masked(WsKind::kText, std::to_string(i));
  client.send_raw(burst);

  for (int i = 0; i < 5000; ++i) ASSERT_EQ(client.read_text(), std::to_string(i));
}

TEST_F(NetWsTest, PingIsAnsweredWithItsPayload) {
  start();
  auto client = connect_ws();

  client.send_raw(masked(WsKind::kPing, "are you there"));

  EXPECT_EQ(client.read(), (OwnedMessage{WsKind::kPong, "are you there"}));
}

TEST_F(NetWsTest, BrokenRulesAreAnsweredWithTheirCode) {
  struct Case {
    const char* name;
    std::string bytes;
    std::uint16_t code;
  };
  const std::string binary = masked(WsKind::kBinary, "x");
  const Case cases[] = {
      {"not masked", raw_frame({.payload = "x", .masked = false}), 1002},
      {"reserved bit", raw_frame({.payload = "x", .reserved = 4}), 1002},
      {"reserved opcode", raw_frame({.opcode = 3, .payload = "x"}), 1002},
      {"continuation of nothing", raw_frame({.opcode = 0, .payload = "x"}), 1002},
      {"fragmented ping", raw_frame({.opcode = 9, .payload = "x", .final = false}), 1002},
      {"long ping", raw_frame({.opcode = 9, .payload = std::string_view(std::string(126, 'x'))}), 1002},
      {"length not minimal", raw_frame({.payload = "x", .form = test::LengthForm::k64Bits}), 1002},
      {"text within text", raw_frame({.payload = "x", .final = false}) + raw_frame({.payload = "y"}), 1002},
      {"close code of nobody", raw_frame({.opcode = 8, .payload = std::string_view("\x03\xED", 2)}), 1002},
      {"not UTF-8", raw_frame({.payload = "\xff\xfe"}), 1007},
      {"UTF-8 that stops within a character", raw_frame({.payload = "\xe2\x82"}), 1007},
      {"too big", raw_frame({.payload = {}, .claimed_length = 128 * 1024 + 1}), 1009},
      {"far too big", raw_frame({.payload = {}, .claimed_length = 1ULL << 62}), 1009},
      {"too big in fragments",
       raw_frame({.payload = "x", .final = false}) + raw_frame({.opcode = 0, .claimed_length = 128 * 1024}), 1009},
      {"binary", binary, 1003},
  };
  start();
  auto bystander = connect_ws();
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    auto client = connect_ws();
    client.send_raw(c.bytes + masked(WsKind::kText, "never read"));

    EXPECT_EQ(client.read_close(), c.code);
    EXPECT_FALSE(client.close_reason().empty());
    EXPECT_EQ(client.read(), std::nullopt);
  }
  EXPECT_EQ(service.texts(), 0U);
  bystander.send_text("fine");
  EXPECT_EQ(bystander.read_text(), "fine");
  service.wait_for("closed", std::size(cases));
}

TEST_F(NetWsTest, TwoHundredConnectionsComeAndGo) {
  config.threads = 2;
  start();
  {
    auto warm = connect_ws();
    warm.send_close(1000);
    EXPECT_EQ(warm.read_close(), 1000);
  }
  service.wait_for("closed", 1);
  wait_until([this]() { return network->stats().open_sockets == 0; });
  const std::size_t before = test::open_descriptors();
  for (int round = 0; round < 4; ++round) {
    std::vector<WsClient> clients;
    for (int i = 0; i < 50; ++i) clients.push_back(connect_ws());
    for (auto& client : clients) client.send_text("x");
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (i % 3 == 0) clients[i].socket().reset();
      if (i % 3 == 1) clients[i].send_close(1000);
    }
  }

  EXPECT_EQ(service.wait_for("closed", 201).size(), 201U);
  EXPECT_EQ(service.wait_for("open", 201).size(), 201U);
  wait_until([this]() { return network->stats().open_sockets == 0; });
  EXPECT_EQ(network->stats().open_websockets, 0U);
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_F(NetWsTest, UpgradeWhoseSocketDiedIsGivenBackWithoutHavingOpened) {
  start();
  BlockingClient socket(port);
  socket.send(test::ws_request("/ws-later"));
  auto reply = service.take_upgrade();
  socket.reset();

  reply(AcceptUpgrade{42});

  // The worker learns of the reset when it writes, at the latest: either nothing opened, or what opened was closed.
  const auto closed = service.wait_for("closed", 1);
  EXPECT_EQ(closed[0].tag, 42U);
  stop();
  EXPECT_EQ(service.wait_for("closed", 1).size(), 1U);
}

TEST_F(NetWsTest, UpgradeThatWasRefusedTwiceOrLateHarmsNobody) {
  start();
  BlockingClient socket(port);
  socket.send(test::ws_request("/ws-later"));
  auto reply = service.take_upgrade();

  reply(HttpResponse{403, {}, "no"});
  reply(HttpResponse{404, {}, "still no"});

  EXPECT_EQ(socket.read_answer().status, 403);
  EXPECT_EQ(socket.get("/").status, 200);
}

TEST_F(NetWsTest, MessagesBetweenWorkersKeepTheirOrder) {
  config.threads = 4;
  std::mutex mutex;
  std::vector<ConnId> all;
  service.on_message = [&](ConnId conn, std::string_view text) {
    std::vector<ConnId> to;
    {
      const std::lock_guard lock(mutex);
      if (text == "join") all.push_back(conn);
      to = all;
    }
    if (text == "join") return service.network->send(conn, "joined");
    for (const ConnId one : to)
      if (one != conn)
        service.network->send(
            one, std::to_string(conn.worker) + "/" + std::to_string(conn.serial) + " " + std::string(text));
  };
  start();
  std::vector<WsClient> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(connect_ws());
    clients.back().send_text("join");
    ASSERT_EQ(clients.back().read_text(), "joined");
  }

  for (int i = 0; i < 50; ++i)
    for (auto& client : clients) client.send_text(std::to_string(i));

  for (auto& client : clients) {
    std::map<std::string, int> next;
    for (int i = 0; i < 50 * 11; ++i) {
      const std::string text = client.read_text();
      const auto blank = text.find(' ');
      ASSERT_EQ(std::stoi(text.substr(blank + 1)), next[text.substr(0, blank)]++);
    }
  }
}

TEST_F(NetWsTest, ExceptionEndsOneConnectionAndNoOther) {
  start();
  auto bystander = connect_ws();
  auto client = connect_ws();

  client.send_text("throw");

  EXPECT_EQ(client.read(), std::nullopt);
  EXPECT_EQ(service.wait_for("closed", 1).size(), 1U);
  bystander.send_text("fine");
  EXPECT_EQ(bystander.read_text(), "fine");
}

}  // namespace
}  // namespace heliograph::net
