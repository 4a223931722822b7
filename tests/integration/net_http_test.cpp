// HTTP over real sockets: keep-alive, pipelining, timeouts, limits, and what a peer's end does to a request at hand.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using std::chrono::seconds;
using test::BlockingClient;
using test::HttpAnswer;
using test::wait_until;

class NetHttpTest : public test::NetFixture {};

std::string request(std::string_view method, std::string_view target, std::string_view more = {},
                    std::string_view body = {}) {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
  return text.append(more).append("\r\n").append(body);
}

TEST_F(NetHttpTest, ConnectionServesOneRequestAfterTheOther) {
  start();
  auto client = connect();

  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get("/" + std::to_string(i)).body, "GET /" + std::to_string(i) + " ");

  EXPECT_EQ(network->stats().accepted, 1U);
}

TEST_F(NetHttpTest, AnswersLeaveInTheOrderOfPipelinedRequests) {
  start();
  auto client = connect();
  std::string all;
  for (int i = 0; i < 2000; ++i) all += request("GET", "/" + std::to_string(i));
  client.send(all);

  for (int i = 0; i < 2000; ++i) ASSERT_EQ(client.read_answer().body, "GET /" + std::to_string(i) + " ");
}

TEST_F(NetHttpTest, PipelineWaitsWhileARequestIsNotAnswered) {
  start();
  auto client = connect();
  client.send(request("GET", "/later") + request("GET", "/next"));
  auto reply = service.take_reply();
  EXPECT_EQ(service.requests(), 1U);

  reply({200, {}, "first"});

  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().body, "GET /next ");
}

TEST_F(NetHttpTest, PipelineWithoutAReaderCostsNoMoreThanItsAnswerAtHand) {
  service.big = 128 * 1024;
  start();
  auto greedy = connect();
  std::string all;
  for (int i = 0; i < 300; ++i) all += request("GET", "/big");
  greedy.send(all);
  auto bystander = connect();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bystander.get("/").status, 200);

  EXPECT_LT(service.requests(), 150U);  // What the kernel buffers, and one more: not 300 times 128 KiB.

  for (int i = 0; i < 300; ++i) ASSERT_EQ(greedy.read_answer().body.size(), service.big);
}

TEST_F(NetHttpTest, HalfClosedClientStillGetsItsAnswer) {
  start();
  auto client = connect();
  client.send(request("GET", "/later"));
  client.shut_down_write();
  auto reply = service.take_reply();

  reply({200, {}, "still here"});

  EXPECT_EQ(client.read_answer().body, "still here");
  EXPECT_TRUE(client.ends());
}

TEST_F(NetHttpTest, HalfClosedClientGetsEveryPipelinedAnswer) {
  service.big = 100 * 1024;
  start();
  auto client = connect();
  for (int i = 0; i < 50; ++i) client.send(request("GET", "/big"));
  client.shut_down_write();

  for (int i = 0; i < 50; ++i) ASSERT_EQ(client.read_answer().body.size(), service.big);
  EXPECT_TRUE(client.ends());
}

TEST_F(NetHttpTest, HeadGetsALengthAndNoBody) {
  start();
  auto client = connect();

  const HttpAnswer answer = client.ask(request("HEAD", "/"), true);

  EXPECT_EQ(answer.header("Content-Length"), "7");
  EXPECT_EQ(client.get("/next").body, "GET /next ");  // In step: no body came.
}

TEST_F(NetHttpTest, ChunkedBodyArrivesWhole) {
  start();
  auto client = connect();

  const auto answer = client.ask(
      request("POST", "/", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n4\r\ndefg\r\n0\r\nHost: evil\r\n\r\n"));

  EXPECT_EQ(answer.body, "POST / abcdefg");
}

TEST_F(NetHttpTest, BodyThatAsksToBeSentIsAskedFor) {
  start();
  auto client = connect();
  client.send(request("POST", "/", "Expect: 100-continue\r\nContent-Length: 3\r\n"));

  EXPECT_EQ(client.read_answer().status, 100);
  client.send("abc");

  EXPECT_EQ(client.read_answer().body, "POST / abc");
}

TEST_F(NetHttpTest, NothingBehindTheLastRequestIsServed) {
  start();
  auto client = connect();
  client.send(request("GET", "/1", "Connection: close\r\n") + request("GET", "/2"));

  const HttpAnswer answer = client.read_answer();

  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.ends());
  EXPECT_EQ(service.requests(), 1U);
}

TEST_F(NetHttpTest, RefusedRequestsNameTheRuleAndEndTheConnection) {
  struct Case {
    const char* name;
    std::string stream;
    int status;
  };
  const Case cases[] = {
      {"header too large", request("GET", "/", "A: " + std::string(20'000, 'a') + "\r\n"), 431},
      {"body too large", request("POST", "/", "Content-Length: 1048577\r\n"), 413},
      {"body too large, asked before", request("POST", "/", "Expect: 100-continue\r\nContent-Length: 1048577\r\n"),
       413},
      {"chunks too large", request("POST", "/", "Transfer-Encoding: chunked\r\n", "100001\r\n"), 413},
      {"two lengths of a body",
       request("POST", "/", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"garbage", "\r\n\r\n\r\n", 400},
      {"no HTTP/1", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505},
  };
  start();
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    auto client = connect();
    client.send(c.stream + request("GET", "/smuggled"));

    const HttpAnswer answer = client.read_answer();

    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(answer.body.starts_with("{\"message\":\"")) << answer.body;
    EXPECT_TRUE(client.ends());
  }
  EXPECT_EQ(service.requests(), 0U);
}

TEST_F(NetHttpTest, LongAnswerToAClientThatStillSendsIsNotLost) {
  service.big = 3 << 20;
  start();
  auto client = connect();
  client.send(request("POST", "/big", "Connection: close\r\nContent-Length: 2\r\n", "ab") + std::string(100'000, 'x'));

  EXPECT_EQ(client.read_answer().body.size(), service.big);  // A reset would have cut it off.
}

TEST_F(NetHttpTest, RequestThatDoesNotArriveInTimeIsToldSo) {
  start();
  for (const std::string& part : {std::string("GET / HT"), request("GET", "/").substr(0, 30),
                                  request("POST", "/", "Content-Length: 10\r\n", "abc")}) {
    SCOPED_TRACE(part);
    auto client = connect();
    client.send(part);
    EXPECT_EQ(connect().get("/").status, 200);  // Accepted after it, so that one was read.

    clock.skip(config.request_timeout + seconds(1));

    EXPECT_EQ(client.read_answer().status, 408);
    EXPECT_TRUE(client.ends());
  }
}

TEST_F(NetHttpTest, TricklingDoesNotProlongARequest) {
  start();
  auto client = connect();
  const std::string text = request("GET", "/");
  std::size_t sent = 0;
  for (; sent < 10; ++sent) {
    client.send(text.substr(sent, 1));
    EXPECT_EQ(connect().get("/").status, 200);
    clock.skip(seconds(2));
  }

  clock.skip(seconds(11));

  EXPECT_EQ(client.read_answer().status, 408);
}

TEST_F(NetHttpTest, SilentConnectionsEnd) {
  start();
  auto silent = connect();
  auto kept = connect();
  EXPECT_EQ(kept.get("/").status, 200);

  clock.skip(config.keep_alive_timeout + seconds(1));

  EXPECT_TRUE(silent.ends());
  EXPECT_TRUE(kept.ends());
}

TEST_F(NetHttpTest, ConnectionIsNotTimedOutWhileTheServiceThinks) {
  start();
  auto client = connect();
  client.send(request("GET", "/later"));
  auto reply = service.take_reply();
  clock.skip(seconds(600));
  EXPECT_EQ(connect().get("/").status, 200);

  reply({200, {}, "at last"});

  EXPECT_EQ(client.read_answer().body, "at last");
}

TEST_F(NetHttpTest, ReplyToAClientThatHasGoneIsDropped) {
  start();
  auto client = connect();
  client.send(request("GET", "/later"));
  auto reply = service.take_reply();
  client.reset();

  reply({200, {}, std::string(1 << 20, 'x')});

  EXPECT_EQ(connect().get("/").status, 200);
}

TEST_F(NetHttpTest, RequestStaysReadableUntilTheServiceReturns) {
  start();

  EXPECT_EQ(connect().get("/").status, 200);

  EXPECT_FALSE(service.lost_a_request());
}

TEST_F(NetHttpTest, ExceptionEndsOneConnectionAndNoOther) {
  start();
  auto bystander = connect();
  EXPECT_EQ(bystander.get("/").status, 200);
  auto client = connect();

  client.send(request("GET", "/throw"));

  EXPECT_TRUE(client.ends());
  EXPECT_EQ(bystander.get("/").status, 200);
  EXPECT_NE(log.text().find("a service that breaks its word"), std::string::npos);
}

TEST_F(NetHttpTest, RefusedUpgradeLeavesTheConnectionUsable) {
  start();
  auto client = connect();

  EXPECT_EQ(client.ask(test::ws_request("/refuse")).status, 403);
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_EQ(client.ask(test::ws_request("/")).status, 101);
}

TEST_F(NetHttpTest, NoConnectionBeyondTheLimit) {
  config.max_connections = 3;
  start();
  std::vector<BlockingClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect());
    EXPECT_EQ(clients.back().get("/").status, 200);
  }

  EXPECT_TRUE(connect().ends());

  EXPECT_EQ(clients.front().get("/").status, 200);
}

TEST_F(NetHttpTest, DescriptorsComeBack) {
  start();
  EXPECT_EQ(connect().ask(request("GET", "/", "Connection: close\r\n")).status, 200);
  wait_until([this]() { return network->stats().open_sockets == 0; });
  const std::size_t before = test::open_descriptors();
  for (int i = 0; i < 200; ++i) {
    auto client = connect();
    client.send(i % 2 == 0 ? request("GET", "/") : std::string("GET"));
    if (i % 3 == 0) client.reset();
  }

  wait_until([this]() { return network->stats().accepted == 201 && network->stats().open_sockets == 0; });
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_F(NetHttpTest, RunningOutOfDescriptorsIsSurvived) {
  start();
  auto before = connect();
  EXPECT_EQ(before.get("/").status, 200);
  auto waiting = std::make_unique<BlockingClient>(port);
  EXPECT_EQ(waiting->get("/").status, 200);
  auto late = std::make_unique<BlockingClient>(port);  // Its socket exists; the server's end of it will not.
  EXPECT_EQ(late->get("/").status, 200);
  const int spare = ::socket(AF_INET, SOCK_STREAM, 0);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  const rlimit tight{static_cast<rlim_t>(spare) + 1, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(spare, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::string text = request("GET", "/", "Connection: close\r\n");
  ASSERT_EQ(::send(spare, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));

  wait_until([this]() { return log.text().find("cannot take a new connection") != std::string::npos; });
  EXPECT_EQ(before.get("/").status, 200);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);

  std::array<char, 64> answer{};
  EXPECT_GT(::recv(spare, answer.data(), answer.size(), 0), 0);
  ::close(spare);
}

TEST_F(NetHttpTest, TakenPortIsToldWithWhatToDo) {
  start();
  NetConfig second = config;
  second.listen = network->bound();
  Network other(second, limits, service, clock, log);

  const auto started = other.start();

  ASSERT_FALSE(started);
  EXPECT_NE(started.error().detail.find("the port is in use"), std::string::npos) << started.error().detail;
}

TEST_F(NetHttpTest, PortsOfWorkersAreTheSame) {
  config.threads = 3;
  start();

  ASSERT_EQ(network->bound().size(), 1U);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(connect().get("/").status, 200);
}

}  // namespace
}  // namespace heliograph::net
