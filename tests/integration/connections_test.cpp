// What the operator sees of connections, how they are ended, and the stream of events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "support/app_fixture.hpp"
#include "wire/uri.hpp"

namespace heliograph::server {
namespace {

using test::BlockingClient;
using test::wait_until;
using ::testing::HasSubstr;

constexpr const char* kAdmin = "/_heliograph/v1/admin/";

class ConnectionsTest : public test::AppFixture {
 protected:
  boost::json::value list(const std::string& query) {
    const auto answer = get_signed(kAdmin + ("connections" + query));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return boost::json::parse(answer.body);
  }
  test::HttpAnswer disconnect(const std::string& body) { return call(kAdmin + std::string("disconnect"), body); }
  /// A stream of events that has begun.
  BlockingClient follow(const std::string& more = {}) {
    BlockingClient client(port);
    client.send("GET " + std::string(kAdmin) + "events HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n");
    read_until(client, "retry: 2000\n\n");
    return client;
  }
  static std::string read_until(BlockingClient& client, const std::string& mark) {
    std::size_t at = 0;
    while ((at = client.input().find(mark)) == std::string::npos)
      if (!client.read_more()) throw std::runtime_error("ended after " + client.input());
    const std::string text = client.input().substr(0, at + mark.size());
    client.input().erase(0, at + mark.size());
    return text;
  }
};

TEST_F(ConnectionsTest, AreListedWithWhoseTheyAre) {
  start();
  const std::string cam = create_channel("cam");
  auto master = join({.channel = cam});
  auto viewer = join({.channel = cam, .client = "alice"});
  wait_until([&]() { return list("").at("connections").as_array().size() == 2; });

  const auto all = list("?channel=cam&client=alice");

  ASSERT_EQ(all.at("connections").as_array().size(), 1U);
  const auto& one = all.at("connections").as_array().front();
  EXPECT_EQ(one.at("channel").at("arn").as_string(), cam);
  EXPECT_EQ(one.at("connection").at("role").as_string(), "VIEWER");
  EXPECT_EQ(one.at("connection").at("address").as_string(), "127.0.0.1");
  EXPECT_EQ(one.at("connection").at("principal").at("accessKeyId").as_string(), key.access_key_id);
  EXPECT_EQ(list("?role=master").at("connections").as_array().size(), 1U);
  EXPECT_EQ(list("?channel=other").at("connections").as_array().size(), 0U);
}

TEST_F(ConnectionsTest, PagesHoldEveryOneOnce) {
  start();
  const std::string cam = create_channel("cam");
  std::vector<test::WsClient> viewers;
  for (const char* id : {"a", "b", "c", "d", "e"}) viewers.push_back(join({.channel = cam, .client = id}));
  wait_until([&]() { return list("").at("connections").as_array().size() == 5; });

  std::set<std::string> seen;
  std::string query = "?limit=2";
  for (int pages = 1;; ++pages) {
    const auto page = list(query);
    for (const auto& one : page.at("connections").as_array())
      EXPECT_TRUE(seen.insert(std::string(one.at("connection").at("id").as_string())).second);
    const auto* next = page.as_object().if_contains("next");
    if (next == nullptr) {
      EXPECT_EQ(pages, 3);
      break;
    }
    query = "?limit=2&after=" + std::string(next->as_string());
  }
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_EQ(get_signed(std::string(kAdmin) + "connections?limit=1001").status, 400);
  EXPECT_EQ(get_signed(std::string(kAdmin) + "connections?after=x").status, 400);
}

TEST_F(ConnectionsTest, ChannelsAreListedWithWhoIsThere) {
  start();
  const std::string cam = create_channel("cam");
  create_channel("door");
  auto master = join({.channel = cam});
  auto viewer = join({.channel = cam, .client = "alice"});
  wait_until([&]() { return list("").at("connections").as_array().size() == 2; });

  const auto answer = boost::json::parse(get_signed(std::string(kAdmin) + "channels").body);

  const auto& channels = answer.at("channels").as_array();
  ASSERT_EQ(channels.size(), 2U);
  EXPECT_EQ(channels[0].at("name").as_string(), "cam");
  EXPECT_EQ(channels[0].at("masters").to_number<int>(), 1);
  EXPECT_EQ(channels[0].at("viewers").to_number<int>(), 1);
  EXPECT_EQ(channels[1].at("masters").to_number<int>(), 0);
}

TEST_F(ConnectionsTest, DisconnectedPeerHearsTheReasonAndOthersStay) {
  start();
  const std::string cam = create_channel("cam");
  test::Pair pair(join({.channel = cam}), join({.channel = cam, .client = "alice"}), "alice");
  auto stranger = join({.channel = cam, .client = "mallory"});
  wait_until([&]() { return list("").at("connections").as_array().size() == 3; });

  const auto answer = disconnect(R"({"channel":"cam","clientId":"mallory","reason":"house rules"})");

  EXPECT_EQ(answer.body, R"({"disconnected":1})");
  EXPECT_EQ(stranger.read_close(), 4005);
  EXPECT_EQ(stranger.close_reason(), "house rules");
  pair.expect_undisturbed();
  EXPECT_EQ(disconnect(R"({"role":"MASTER"})").body, R"({"disconnected":1})");
  EXPECT_EQ(pair.master().read_close(), 4005);
  EXPECT_EQ(pair.master().close_reason(), "ended by the operator");
}

TEST_F(ConnectionsTest, DisconnectThatNamesNobodyOrMisspellsIsRefused) {
  start();

  EXPECT_EQ(disconnect("{}").status, 400);
  EXPECT_EQ(disconnect(R"({"reason":"because"})").status, 400);
  EXPECT_EQ(disconnect(R"({"chanel":"cam"})").status, 400);
  EXPECT_EQ(disconnect(R"({"channel":7})").status, 400);
  EXPECT_EQ(disconnect("x").status, 400);
  EXPECT_EQ(disconnect(R"({"channel":"cam","reason":")" + std::string(124, 'x') + "\"}").status, 400);
  EXPECT_EQ(disconnect(R"({"channel":"nobody-there"})").body, R"({"disconnected":0})");
}

TEST_F(ConnectionsTest, NobodyButTheAdministratorSeesOrEndsAnybody) {
  others.push_back(
      {.name = "watcher", .id = AccessKeyId("AKIAWATCH"), .secret = Secret("w"), .policies = {administrator_access()}});
  config.console_login = ConsoleLogin::kAlways;
  start();
  key.access_key_id = "AKIAWATCH";
  key.secret_access_key = Secret("w");

  for (const char* path : {"connections", "channels", "events"}) {
    EXPECT_EQ(get_signed(kAdmin + std::string(path)).status, 403) << path;
    EXPECT_EQ(BlockingClient(port).get(kAdmin + std::string(path)).status, 401) << path;
  }
  EXPECT_EQ(disconnect(R"({"role":"MASTER"})").status, 403);
}

TEST_F(ConnectionsTest, EventsAreFollowedLiveAndFromWhereOneWas) {
  start();
  const std::string cam = create_channel("cam");
  auto stream = follow();
  auto master = join({.channel = cam});
  const std::string online = read_until(stream, "\n\n");
  EXPECT_THAT(online, HasSubstr("event: master.online\n"));
  const std::string id = online.substr(4, online.find('\n') - 4);
  auto viewer = join({.channel = cam, .client = "alice"});
  EXPECT_THAT(read_until(stream, "\n\n"), HasSubstr("event: viewer.joined\n"));
  stream.close();

  auto again = follow("Last-Event-ID: " + id + "\r\n");

  EXPECT_THAT(read_until(again, "\n\n"), HasSubstr("event: viewer.joined\n"));
  auto lost = follow("Last-Event-ID: of-another-process-1\r\n");
  EXPECT_THAT(read_until(lost, "\n\n"), HasSubstr("event: gap\n"));
}

TEST_F(ConnectionsTest, StreamOfAChannelTellsOfThatOne) {
  start();
  const std::string cam = create_channel("cam");
  const std::string door = create_channel("door");
  BlockingClient stream(port);
  stream.send("GET " + std::string(kAdmin) + "events?channel=door HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  read_until(stream, "retry: 2000\n\n");

  auto first = join({.channel = cam});
  wait_until([&]() { return list("").at("connections").as_array().size() == 1; });
  auto second = join({.channel = door});

  EXPECT_THAT(read_until(stream, "\n\n"), HasSubstr(R"("name":"door")"));
}

TEST_F(ConnectionsTest, StreamTakesTheArnOfItsChannelToo) {
  start();
  const std::string cam = create_channel("cam");
  const std::string door = create_channel("door");
  BlockingClient stream(port);
  stream.send("GET " + std::string(kAdmin) + "events?channel=" + wire::percent_encode(door) +
              " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  read_until(stream, "retry: 2000\n\n");

  auto first = join({.channel = cam});
  wait_until([&]() { return list("").at("connections").as_array().size() == 1; });
  auto second = join({.channel = door});

  EXPECT_THAT(read_until(stream, "\n\n"), HasSubstr(R"("name":"door")"));
}

TEST_F(ConnectionsTest, StreamsEndWithAGoodbyeWhenTheServiceDrains) {
  start();
  auto stream = follow();

  app->request_stop();

  EXPECT_THAT(stream.read_to_end(), HasSubstr("event: bye\n"));
}

TEST_F(ConnectionsTest, FollowerThatGoesIsForgotten) {
  start();
  {
    auto stream = follow();
    EXPECT_THAT(get_signed("/metrics").body, HasSubstr("\nheliograph_event_streams 1\n"));
  }

  wait_until([&]() { return get_signed("/metrics").body.find("\nheliograph_event_streams 0\n") != std::string::npos; });
}

}  // namespace
}  // namespace heliograph::server
