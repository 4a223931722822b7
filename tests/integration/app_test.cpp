// A whole service: who gets in, who is refused and how, who displaces whom, and that nobody else notices.
#include <gtest/gtest.h>

#include "support/app_fixture.hpp"

namespace heliograph::server {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::BlockingClient;
using test::HttpAnswer;
using test::Pair;
using test::Presign;
using test::wait_until;
using test::WsClient;

class AppTest : public test::AppFixture {
 protected:
  /// In a channel of its own.
  Pair bystanders(const std::string& name = "bystanders") {
    const std::string channel = create_channel(name);
    auto master = join({.channel = channel});
    auto viewer = join({.channel = channel, .client = "viewer-1"});
    return {std::move(master), std::move(viewer), "viewer-1"};
  }
};

std::string offer(std::string_view more = {}) {
  return R"({"action":"SDP_OFFER","messagePayload":"b2ZmZXI=")" + std::string(more) + "}";
}

TEST_F(AppTest, OfferAnswerAndCandidatesPassBothWays) {
  start();
  auto pair = bystanders();

  for (int i = 0; i < 5; ++i) pair.expect_undisturbed();

  EXPECT_EQ(app->hub_stats().masters, 1U);
  EXPECT_EQ(app->hub_stats().viewers, 1U);
}

TEST_F(AppTest, RefusedUpgradesSayWhyAndDisturbNobody) {
  start();
  auto pair = bystanders();
  const std::string channel = create_channel("asked-for");
  const Presign good{.channel = channel, .client = "me"};
  const auto replace = [](std::string text, std::string_view what, std::string_view with) {
    return text.replace(text.find(what), what.size(), with);
  };
  wire::SigningCredential stranger = key;
  stranger.access_key_id = "AKIASTRANGER12345678";
  wire::SigningCredential guesser = key;
  guesser.secret_access_key = Secret("guessed");
  Presign foreign = good;
  foreign.region = "eu-west-1";
  Presign other_service = good;
  other_service.service = "s3";
  Presign old = good;
  old.ago = minutes(11);
  Presign future = good;
  future.ago = -minutes(11);
  Presign nowhere = good;
  nowhere.channel = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/nowhere/1712136149494";
  Presign no_arn = good;
  no_arn.channel = "not-an-arn";
  Presign unnamed = good;
  unnamed.channel = "";
  Presign reserved = good;
  reserved.client = "AWS_me";
  struct Case {
    const char* name;
    std::string target;
    int status;
    const char* type;
    const char* text;
  };
  // protocol: 403 for who, 400 for what, 404 for where; the texts are those of the real service's authentication layer.
  const Case cases[] = {
      {"wrong secret", target(good, guesser), 403, "AccessDeniedException", "signature we calculated does not match"},
      {"unknown key", target(good, stranger), 403, "AccessDeniedException",
       "security token included in the request is invalid"},
      {"expired", target(old), 403, "AccessDeniedException", "Signature expired: "},
      {"from the future", target(future), 403, "AccessDeniedException", "Signature not yet current: "},
      {"tampered client", replace(target(good), "ClientId=me", "ClientId=you"), 403, "AccessDeniedException",
       "signature we calculated does not match"},
      {"tampered channel", replace(target(good), "asked-for", "bystander"), 403, "AccessDeniedException",
       "signature we calculated does not match"},
      {"parameter added", target(good) + "&X-Amz-More=1", 403, "AccessDeniedException",
       "signature we calculated does not match"},
      {"foreign region", target(foreign), 403, "AccessDeniedException", "eu-west-1"},
      {"foreign service", target(other_service), 403, "AccessDeniedException", "s3"},
      {"not signed", "/?X-Amz-ChannelARN=" + channel, 403, "AccessDeniedException", "Missing Authentication Token"},
      {"half signed", "/?X-Amz-Algorithm=AWS4-HMAC-SHA256", 400, "InvalidArgumentException", "X-Amz-"},
      {"unknown channel", target(nowhere), 404, "ResourceNotFoundException", "not found"},
      {"no channel", target(unnamed), 400, "InvalidArgumentException", "X-Amz-ChannelARN is missing"},
      {"malformed ARN", target(no_arn), 400, "InvalidArgumentException", "X-Amz-ChannelARN"},
      {"reserved client id", target(reserved), 400, "InvalidArgumentException", "X-Amz-ClientId"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const HttpAnswer answer = knock(c.target);

    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.header("x-amzn-ErrorType"), c.type);
    EXPECT_FALSE(answer.header("x-amzn-RequestId").empty());
    EXPECT_FALSE(answer.header("Date").empty());
    EXPECT_NE(answer.body.find(c.text), std::string::npos) << answer.body;
    EXPECT_EQ(answer.body.find(key.secret_access_key.reveal()), std::string::npos);
    pair.expect_undisturbed();
  }
  EXPECT_EQ(knock(target(good)).status, 101);
  EXPECT_EQ(log.text().find(key.secret_access_key.reveal()), std::string::npos);
}

TEST_F(AppTest, RequestsThatAreRefusedUnreadHaveWhatSdksAndPagesLookFor) {
  start();
  const std::string too_long =
      "POST /listSignalingChannels HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 30000000\r\n\r\n";
  const std::string bad_upgrade = "GET / HTTP/1.1\r\nHost: " + host +
                                  "\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n\r\n";
  for (const auto& [request, status] : {std::pair(too_long, 413), std::pair(bad_upgrade, 426)}) {
    SCOPED_TRACE(status);

    const HttpAnswer answer = BlockingClient(port).ask(request);

    EXPECT_EQ(answer.status, status);
    EXPECT_FALSE(answer.header("x-amzn-RequestId").empty());
    EXPECT_FALSE(answer.header("x-amzn-ErrorType").empty());
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  }
}

TEST_F(AppTest, RefusedCallsSayWhy) {
  start();
  auto pair = bystanders();
  const wire::SigningCredential right = key;
  key.secret_access_key = Secret("guessed");
  HttpAnswer answer = call("/listSignalingChannels", "{}");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.header("x-amzn-ErrorType"), "InvalidSignatureException");
  EXPECT_NE(answer.body.find("\"message\":"), std::string::npos) << answer.body;
  key = right;
  key.access_key_id = "AKIASTRANGER12345678";
  answer = call("/listSignalingChannels", "{}");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.header("x-amzn-ErrorType"), "UnrecognizedClientException");
  key = right;

  EXPECT_EQ(call("/listSignalingChannels", "{}").status, 200);
  EXPECT_EQ(call("/noSuchOperation", "{}").status, 404);
  answer = call("/describeSignalingChannel", R"({"ChannelName":"nowhere"})");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_NE(answer.body.find("\"Message\":"), std::string::npos) << answer.body;
  pair.expect_undisturbed();
}

TEST_F(AppTest, ASignatureServesUntilItExpires) {
  start();
  const std::string channel = create_channel("c");
  const std::string url = target({.channel = channel, .client = "me", .expires = seconds(60)});

  EXPECT_EQ(knock(url).status, 101);
  clock.skip(seconds(50));
  EXPECT_EQ(knock(url).status, 101);
  clock.skip(seconds(20));
  const auto late = knock(url);

  EXPECT_EQ(late.status, 403);
  EXPECT_NE(late.body.find("Signature expired"), std::string::npos) << late.body;
}

TEST_F(AppTest, SecondMasterDisplacesTheFirstOnly) {
  start();
  auto pair = bystanders();
  const std::string channel = create_channel("contested");
  auto viewer = join({.channel = channel, .client = "v"});
  auto first = join({.channel = channel});
  auto second = join({.channel = channel});

  EXPECT_EQ(first.read_close(), 4001);
  EXPECT_EQ(first.close_reason(), "replaced by a newer connection of the same role and id");

  viewer.send_text(offer());
  EXPECT_EQ(second.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":"b2ZmZXI=","senderClientId":"v"})");
  second.send_text(R"({"action":"SDP_ANSWER","messagePayload":"YQ==","recipientClientId":"v"})");
  EXPECT_EQ(viewer.read_text(), R"({"messageType":"SDP_ANSWER","messagePayload":"YQ=="})");
  pair.expect_undisturbed();
}

TEST_F(AppTest, SameViewerIdTwiceDisplacesTheFirstOnly) {
  start();
  auto pair = bystanders();
  const std::string channel = create_channel("contested");
  auto master = join({.channel = channel});
  auto other = join({.channel = channel, .client = "other"});
  auto first = join({.channel = channel, .client = "same"});
  auto second = join({.channel = channel, .client = "same"});

  EXPECT_EQ(first.read_close(), 4001);

  master.send_text(R"({"action":"SDP_OFFER","messagePayload":"YQ==","recipientClientId":"same"})");
  EXPECT_EQ(second.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":"YQ=="})");
  other.send_text(offer());
  EXPECT_EQ(master.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":"b2ZmZXI=","senderClientId":"other"})");
  pair.expect_undisturbed();
}

TEST_F(AppTest, MessagesToAViewerThatIsClosingAwaitItsReturn) {
  start();
  const std::string channel = create_channel("c");
  auto master = join({.channel = channel});
  auto leaving = join({.channel = channel, .client = "v"});
  leaving.send_close(1000);
  EXPECT_EQ(leaving.read_close(), 1000);  // Its socket stays open all the same.

  master.send_text(R"({"action":"SDP_ANSWER","messagePayload":"YQ==","recipientClientId":"v"})");
  auto back = join({.channel = channel, .client = "v"});

  EXPECT_EQ(back.read_text(), R"({"messageType":"SDP_ANSWER","messagePayload":"YQ=="})");
}

TEST_F(AppTest, MessagesThatCannotBeReadAreAnsweredWhereTheyAsk) {
  start();
  auto pair = bystanders();

  for (const char* text : {"", "no JSON", "{}", "[]", R"({"action":"NOTHING"})", R"({"action":"SDP_OFFER"})"})
    pair.viewer().send_text(text);  // None asks for a status.
  pair.expect_undisturbed();
  pair.viewer().send_text(R"({"action":"SDP_OFFER","messagePayload":"not base64!","correlationId":"c-1"})");

  const auto status = boost::json::parse(pair.viewer().read_text());
  EXPECT_EQ(status.at("messageType").as_string(), "STATUS_RESPONSE");
  EXPECT_EQ(status.at("statusResponse").at("correlationId").as_string(), "c-1");
  EXPECT_EQ(status.at("statusResponse").at("statusCode").as_string(), "400");
  EXPECT_EQ(status.at("statusResponse").at("success").as_bool(), false);
  EXPECT_EQ(status.at("statusResponse").at("errorType").as_string(), "InvalidArgumentException");
  EXPECT_NE(status.at("statusResponse").at("description").as_string().find("base64"), std::string::npos);
  pair.expect_undisturbed();
}

TEST_F(AppTest, WhatWasSentToAnAbsentMasterIsThereWhenItComes) {
  start();
  const std::string channel = create_channel("early");
  auto viewer = join({.channel = channel, .client = "v"});
  viewer.send_text(offer());
  wait_until([this]() { return app->hub_stats().retained_messages == 1; });

  auto master = join({.channel = channel});

  EXPECT_EQ(master.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":"b2ZmZXI=","senderClientId":"v"})");
}

TEST_F(AppTest, LargestPayloadPassesAndALargerOneIsRefused) {
  start();
  auto pair = bystanders();
  const std::string largest(config.limits.max_payload, 'A');
  pair.viewer().send_text(R"({"action":"SDP_OFFER","messagePayload":")" + largest + "\"}");
  EXPECT_GT(pair.master().read_text().size(), largest.size());

  pair.viewer().send_text(R"({"action":"SDP_OFFER","messagePayload":")" + largest + R"(AAAA","correlationId":"c"})");

  EXPECT_NE(pair.viewer().read_text().find("\"statusCode\":\"400\""), std::string::npos);
  pair.expect_undisturbed();
}

TEST_F(AppTest, ViewerBeyondTheLimitIsRefused) {
  config.limits.max_viewers = 2;
  start();
  auto pair = bystanders();
  const std::string channel = create_channel("full");
  auto a = join({.channel = channel, .client = "a"});
  auto b = join({.channel = channel, .client = "b"});
  wait_until([this]() { return app->hub_stats().viewers == 3; });

  const HttpAnswer refused = knock(target({.channel = channel, .client = "c"}));

  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.header("x-amzn-ErrorType"), "ClientLimitExceededException");
  auto again = join({.channel = channel, .client = "a"});  // A takeover needs no room.
  EXPECT_EQ(a.read_close(), 4001);
  pair.expect_undisturbed();
}

TEST_F(AppTest, DeletedChannelClosesItsConnectionsOnly) {
  start();
  auto pair = bystanders();
  const std::string channel = create_channel("doomed");
  auto master = join({.channel = channel});
  auto viewer = join({.channel = channel, .client = "v"});

  EXPECT_EQ(call("/deleteSignalingChannel", R"({"ChannelARN":")" + channel + "\"}").status, 200);

  EXPECT_EQ(master.read_close(), 4002);
  EXPECT_EQ(viewer.read_close(), 4002);
  EXPECT_EQ(knock(target({.channel = channel})).status, 404);
  pair.expect_undisturbed();
}

TEST_F(AppTest, RudePeersOfTheChannelDoNotDisturbIt) {
  start();
  auto pair = bystanders("shared");
  const auto listed = call("/describeSignalingChannel", R"({"ChannelName":"shared"})");
  const std::string channel(boost::json::parse(listed.body).at("ChannelInfo").at("ChannelARN").as_string());
  for (int i = 0; i < 30; ++i) {
    auto rude = join({.channel = channel, .client = "rude-" + std::to_string(i)});
    if (i % 3 == 0) rude.send_raw("\xff\xff\xff\xff");
    if (i % 3 == 1) rude.send_text("{\"action\":");
    rude.socket().reset();
  }

  pair.expect_undisturbed();
  wait_until([this]() { return app->hub_stats().viewers == 1; });
}

TEST_F(AppTest, SecondServiceOnTheSameDataIsRefused) {
  start();
  App second(config, clock, rng, log);

  const auto started = second.start();

  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::kResourceInUse);
}

TEST_F(AppTest, RestartKeepsKeysAndChannels) {
  start();
  const std::string channel = create_channel("kept");
  auto master = join({.channel = channel});
  const std::string id = key.access_key_id;
  config.listen = {{"127.0.0.1", port}};
  std::thread stopping([this]() { stop(); });
  EXPECT_EQ(master.read_text(), R"({"messageType":"GO_AWAY"})");
  EXPECT_EQ(master.read_close(), 1001);
  master.socket().close();
  stopping.join();

  start();

  EXPECT_EQ(key.access_key_id, id);
  auto again = join({.channel = channel});
  auto viewer = join({.channel = channel, .client = "v"});
  viewer.send_text(offer());
  EXPECT_EQ(again.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":"b2ZmZXI=","senderClientId":"v"})");
}

TEST_F(AppTest, HealthIsToldWithoutASignature) {
  start();
  test::BlockingClient client(port);

  EXPECT_EQ(client.get("/livez").status, 200);
  EXPECT_EQ(client.get("/readyz").status, 200);
}

TEST_F(AppTest, StopsWhileBusy) {
  config.drain.patience = seconds(1);
  start();
  const std::string channel = create_channel("busy");
  std::atomic<bool> go_on{true};
  std::atomic<int> rounds{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i]() {
      wire::SigningKeyCache own;
      while (go_on) {
        try {
          const std::string id = "viewer-" + std::to_string(i);
          const wire::ParamView params[] = {{"X-Amz-ChannelARN", channel}, {"X-Amz-ClientId", id}};
          const std::string endpoint = "ws://" + host;
          const auto url = wire::presign_url({.endpoint = endpoint, .params = params, .region = config.region}, key,
                                             clock.wall_now(), own);
          WsClient viewer(test::BlockingClient(port), url->substr(endpoint.size()), host);
          for (int n = 0; n < 10; ++n) viewer.send_text(offer(R"(,"correlationId":"c")"));
          ++rounds;
        } catch (const std::runtime_error&) {
          // The service has gone.
        }
      }
    });
  }
  wait_until([&]() { return rounds > 40; });

  stop();

  go_on = false;
  for (auto& client : clients) client.join();
  EXPECT_NE(log.text().find("stopped"), std::string::npos);
}

}  // namespace
}  // namespace heliograph::server
