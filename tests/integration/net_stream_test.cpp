// Answers that come bit by bit: backpressure, ends, goodbyes. And the client that reads them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>

#include "net/http_client.hpp"
#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using test::wait_until;
using ::testing::EndsWith;
using ::testing::HasSubstr;

/// What a test says, and what it hears of the connection.
struct Tap {
  std::atomic<std::size_t> reads{0};
  std::atomic<bool> is_gone{false};
  std::atomic<bool> has_stalled{false};
  std::size_t helping = 0;  ///< Bytes of each read; 0: what is in `texts`.
  std::mutex mutex;
  std::deque<std::string> texts;
  bool is_over = false;
  std::function<void()> wake;

  void say(std::string text, bool last = false) {
    const std::lock_guard lock(mutex);
    texts.push_back(std::move(text));
    is_over = last;
    if (wake) wake();
  }
};

class TapSource final : public BodySource {
 public:
  explicit TapSource(Tap& tap) : tap_(tap) {}
  ~TapSource() override { tap_.is_gone = true; }
  void start(std::function<void()> wake) override {
    const std::lock_guard lock(tap_.mutex);
    tap_.wake = std::move(wake);
  }
  bool read(std::string& out) override {
    ++tap_.reads;
    if (tap_.helping > 0) return out.append(tap_.helping, 'x'), true;
    const std::lock_guard lock(tap_.mutex);
    for (const std::string& text : tap_.texts) out += text;
    tap_.texts.clear();
    if (is_going_down_) out += "bye";
    return !tap_.is_over && !is_going_down_;
  }
  void go_down() override { is_going_down_ = true; }
  void on_stall() override { tap_.has_stalled = true; }

 private:
  Tap& tap_;
  bool is_going_down_ = false;
};

class NetStreamTest : public test::NetFixture {
 protected:
  NetStreamTest() {
    service.on_plain = [this](const HttpRequest& request, const Reply& reply) {
      if (request.target != "/stream") return false;
      reply({200, {{"Content-Type", "text/plain"}}, {}, std::make_shared<TapSource>(tap)});
      return true;
    };
  }
  ~NetStreamTest() override { stop(); }

  Tap tap;
};

void read_until(test::BlockingClient& client, std::string_view mark) {
  while (client.input().find(mark) == std::string::npos)
    if (!client.read_more()) throw std::runtime_error("ended after " + client.input());
}

constexpr std::string_view kGet = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST_F(NetStreamTest, TextComesAsItIsSaidAndTheBodyEndsWithTheConnection) {
  start();
  auto client = connect();
  client.send(kGet);
  read_until(client, "\r\n\r\n");
  EXPECT_THAT(client.input(), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(client.input(), ::testing::Not(HasSubstr("Content-Length")));
  EXPECT_THAT(client.input(), EndsWith("\r\n\r\n"));

  wait_until([&]() { return tap.reads > 0; });
  tap.say("one ");
  read_until(client, "one ");
  tap.say("two", true);

  EXPECT_THAT(client.read_to_end(), EndsWith("one two"));
  wait_until([&]() { return tap.is_gone.load(); });
}

TEST_F(NetStreamTest, PeerThatDoesNotReadIsNotReadFor) {
  tap.helping = 64 * 1024 * 1024;  // More than all buffers between them hold.
  start();
  test::BlockingClient client(port, 4096);

  client.send(kGet);

  wait_until([&]() { return tap.reads > 0; });
  EXPECT_FALSE(tap.is_gone.load());

  // Again and again, because what still fits into the buffers counts as taken.
  wait_until([&]() {
    clock.skip(std::chrono::seconds(31));
    return tap.is_gone.load();
  });
  EXPECT_EQ(tap.reads.load(), 1U);
  EXPECT_TRUE(tap.has_stalled.load());
  EXPECT_EQ(network->stats().slow_peers_closed, 1U);
}

TEST_F(NetStreamTest, PeerThatGoesEndsIt) {
  start();
  {
    auto client = connect();
    client.send(kGet);
    wait_until([&]() { return tap.reads > 0; });
  }

  wait_until([&]() { return tap.is_gone.load(); });
  EXPECT_FALSE(tap.has_stalled.load());
}

TEST_F(NetStreamTest, NodeThatStopsLetsItSayGoodbye) {
  start();
  auto client = connect();
  client.send(kGet);
  wait_until([&]() { return tap.reads > 0; });

  network->begin_stop({.patience = std::chrono::seconds(20)}, {});

  EXPECT_THAT(client.read_to_end(), EndsWith("bye"));
}

TEST_F(NetStreamTest, HeadHasNoBody) {
  start();
  auto client = connect();

  const auto answer = client.ask("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(tap.reads.load(), 0U);
}

class HttpClientTest : public test::NetFixture {
 protected:
  HttpUrl url(const std::string& target, const std::string& name = "localhost") const {
    return parse_http_url("http://" + name + ":" + std::to_string(port) + target).value();
  }
  std::unique_ptr<HttpClient> client = HttpClient::make({}).value();
};

TEST_F(HttpClientTest, GetsWholeAnswers) {
  service.big = 200'000;
  start();

  const auto posted = client->run({.url = url("/x?y=1"), .body = "hello"});
  const auto big = client->run({.url = url("/big"), .method = "GET"});

  ASSERT_TRUE(posted) << posted.error().detail;
  EXPECT_EQ(posted->status, 200);
  EXPECT_EQ(posted->body, "POST /x?y=1 hello");
  ASSERT_TRUE(big) << big.error().detail;
  EXPECT_EQ(big->body.size(), 200'000U);
}

TEST_F(HttpClientTest, BoundsWhatItTakesAndHowLongItWaits) {
  service.big = HttpCall{}.max_reply_body + 1;
  start();

  const auto late = client->run({.url = url("/later"), .timeout = std::chrono::milliseconds(100)});
  const auto big = client->run({.url = url("/big"), .method = "GET"});
  network->stop(std::chrono::milliseconds(0));
  const auto away = client->run({.url = url("/"), .method = "GET"});

  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::kTimeout);
  ASSERT_FALSE(big);
  EXPECT_EQ(big.error().code, Errc::kIo);
  ASSERT_FALSE(away);
  EXPECT_THAT(away.error().detail, HasSubstr("cannot connect"));
}

TEST_F(HttpClientTest, CallsUnderWayEndWithTheClient) {
  start();
  std::promise<Result<HttpReply>> answer;
  client->start({.url = url("/later"), .timeout = std::chrono::minutes(10)},
                [&](Result<HttpReply> result) { answer.set_value(std::move(result)); });
  service.take_reply();

  client.reset();

  const auto ended = answer.get_future().get();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::kClosed);
}

TEST_F(HttpClientTest, AddressesAreNotLookedUp) {
  start();
  std::atomic<int> lookups{0};
  client = HttpClient::make({}, [&](const std::string&) -> Result<std::vector<std::string>> {
             ++lookups;
             return Error{Errc::kIo, "unknown"};
           }).value();

  const auto by_address = client->run({.url = url("/x", "127.0.0.1"), .body = "hello"});
  const auto by_name = client->run({.url = url("/x"), .body = "hello"});

  ASSERT_TRUE(by_address) << by_address.error().detail;
  EXPECT_EQ(by_address->body, "POST /x hello");
  ASSERT_FALSE(by_name);
  EXPECT_EQ(by_name.error().detail, "cannot find the host localhost (unknown)");
  EXPECT_EQ(lookups.load(), 1);
}

TEST_F(HttpClientTest, SilentResolverDelaysNeitherOtherHostsNorTheEnd) {
  start();
  std::promise<void> word;
  client = HttpClient::make(
               {},
               [heard = word.get_future().share()](const std::string& host) -> Result<std::vector<std::string>> {
                 if (host == "silent.example") heard.wait();
                 return std::vector<std::string>{"127.0.0.1"};
               })
               .value();
  std::promise<Result<HttpReply>> answer;
  client->start({.url = url("/x", "silent.example"), .timeout = std::chrono::minutes(10)},
                [&](Result<HttpReply> result) { answer.set_value(std::move(result)); });

  const auto late = client->run({.url = url("/x", "silent.example"), .timeout = std::chrono::milliseconds(50)});
  const auto other = client->run({.url = url("/x", "other.example"), .body = "hello"});
  client.reset();

  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::kTimeout);
  ASSERT_TRUE(other) << other.error().detail;
  EXPECT_EQ(other->body, "POST /x hello");
  const auto ended = answer.get_future().get();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::kClosed);
  word.set_value();
}

TEST(HttpUrlTest, SaysWhereToGo) {
  const auto url = parse_http_url("https://[::1]:8443/hook?a=b").value();
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/hook?a=b");
  EXPECT_EQ(url.authority(), "[::1]:8443");
  EXPECT_EQ(url.text(), "https://[::1]:8443/hook") << "a query may be secret";
  EXPECT_EQ(parse_http_url("http://host").value().target, "/");
  EXPECT_EQ(parse_http_url("http://host?x").value().target, "/?x");
  EXPECT_EQ(parse_http_url("http://host").value().authority(), "host");
}

TEST(HttpUrlTest, RefusesWhatIsNone) {
  for (const char* text : {"", "host", "ftp://host/", "http://", "http://:80/", "http://user:pw@host/",
                           "http://host/#x", "http://host:0/", "http://host:65536/", "http://host:x/", "http://ho st/",
                           "http://[::1/", "http://host/a\r\nX: y", "http://host[/"})
    EXPECT_FALSE(parse_http_url(text)) << text;
}

}  // namespace
}  // namespace heliograph::net
