// The authorization webhook, and keys that were revoked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "server/events/hook_signer.hpp"
#include "support/app_fixture.hpp"
#include "support/hook_receiver.hpp"

namespace heliograph::server {
namespace {

using test::HookReceiver;
using test::wait_until;
using ::testing::HasSubstr;
using ::testing::Not;

net::HttpResponse say(std::string body) { return {200, {{"Content-Type", "application/json"}}, std::move(body)}; }

class AuthorizeTest : public test::AppFixture {
 protected:
  AuthorizeTest() {
    config.events.authorize_webhook = receiver.url("/may");
    config.events.secret = Secret("a-secret-of-the-test");
    config.events.authorize_timeout = std::chrono::milliseconds(300);
  }
  ~AuthorizeTest() override { stop(); }

  test::HttpAnswer ice(const std::string& arn) {
    return call("/v1/get-ice-server-config", R"({"ChannelARN":")" + arn + R"(","ClientId":"alice"})");
  }

  HookReceiver receiver;
};

TEST_F(AuthorizeTest, YesLetsInAndTheQuestionSaysWhoAsks) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) { return say(R"({"allow":true})"); };
  start();
  const std::string cam = create_channel("cam");

  auto master = join({.channel = cam});
  test::Pair pair(std::move(master), join({.channel = cam, .client = "alice"}), "alice");

  pair.expect_undisturbed();
  const auto asked = receiver.wait_for(2);
  EXPECT_THAT(asked[0].body, HasSubstr(R"("action":"ConnectAsMaster")"));
  EXPECT_THAT(asked[1].body, HasSubstr(R"("action":"ConnectAsViewer")"));
  EXPECT_THAT(asked[1].body, HasSubstr(R"("clientId":"alice")"));
  EXPECT_THAT(asked[1].body, HasSubstr(key.access_key_id));
  EXPECT_EQ(asked[1].header(events::HookSigner::kHeader).substr(0, 2), "t=");
}

TEST_F(AuthorizeTest, NoIsTheRefusalsText) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) {
    return say(R"({"allow":false,"reason":"the door is closed at night"})");
  };
  start();
  const std::string cam = create_channel("cam");

  const auto refused = knock(target({.channel = cam, .client = "alice"}));

  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.header("x-amzn-ErrorType"), "AccessDeniedException");
  EXPECT_THAT(refused.body, HasSubstr("the door is closed at night"));
  EXPECT_EQ(ice(cam).status, 401);
  EXPECT_THAT(get_signed("/metrics").body, HasSubstr("heliograph_authorize_webhook_total{result=\"denied\"} 2"));
}

TEST_F(AuthorizeTest, NoIsADenialInTheAuditLogThoughPoliciesAllow) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) {
    return say(R"({"allow":false,"reason":"closed at night"})");
  };
  config.audit_log = (dir.path() / "audit.log").string();
  start();
  const std::string cam = create_channel("cam");
  EXPECT_EQ(knock(target({.channel = cam, .client = "alice"})).status, 403);
  EXPECT_EQ(ice(cam).status, 401);
  const std::string wish = R"({"channelName":"cam","role":"MASTER"})";
  test::BlockingClient(port).ask(
      "POST /_heliograph/v1/join HTTP/1.1\r\nHost: " + host +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(wish.size()) + "\r\n\r\n" + wish);
  stop();

  std::ifstream file(config.audit_log);
  std::vector<boost::json::object> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(boost::json::parse(line).as_object());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].at("allowed"), true);
  EXPECT_EQ(lines[1].at("event"), "connect");
  EXPECT_EQ(lines[2].at("action"), "kinesisvideo:GetIceServerConfig");
  EXPECT_EQ(lines[3].at("action"), "heliograph:Join");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(lines[i].at("allowed"), false);
    EXPECT_EQ(lines[i].at("why"), "authorization webhook: closed at night");
    EXPECT_EQ(lines[i].at("error"), i == 1 ? "AccessDeniedException" : "NotAuthorizedException");
    EXPECT_EQ(std::string(lines[i].at("resource").as_string()), cam);
  }
}

TEST_F(AuthorizeTest, StrangersAreNotAskedFor) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) { return say(R"({"allow":true})"); };
  start();
  const std::string cam = create_channel("cam");
  key.secret_access_key = Secret("guessed");

  EXPECT_EQ(knock(target({.channel = cam})).status, 403);

  EXPECT_EQ(receiver.count(), 0U);
}

TEST_F(AuthorizeTest, SilenceAndNonsenseDenyUnlessTheSettingSaysAllow) {
  receiver.answer = [](const net::HttpRequest&, std::size_t number) -> std::optional<net::HttpResponse> {
    if (number % 4 == 0) return std::nullopt;
    if (number % 4 == 1) return say("yes");
    if (number % 4 == 2) return say(R"({"allow":"true"})");
    return net::HttpResponse{302, {{"Location", "/elsewhere"}}, {}};
  };
  for (const bool is_allowed : {false, true}) {
    SCOPED_TRACE(is_allowed ? "allow" : "deny");
    config.events.allow_when_unreachable = is_allowed;
    start();
    const std::string cam = create_channel(is_allowed ? "open" : "closed");
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(knock(target({.channel = cam, .client = "a" + std::to_string(i)})).status, is_allowed ? 101 : 503);
    stop();
  }
  EXPECT_THAT(log.text(), HasSubstr("authorization webhook failed"));
  EXPECT_THAT(log.text(), HasSubstr("status=503"));
  EXPECT_THAT(log.text(), HasSubstr("why=the authorization webhook gave no answer: "));
  EXPECT_THAT(log.text(), Not(HasSubstr("plain http"))) << "the receiver is on loopback";
}

TEST_F(AuthorizeTest, QuestionWithoutAnswerHoldsUpNobodyElse) {
  receiver.answer = [](const net::HttpRequest& request, std::size_t) -> std::optional<net::HttpResponse> {
    if (request.body.find("\"slow\"") != std::string::npos) return std::nullopt;
    return say(R"({"allow":true})");
  };
  config.events.authorize_timeout = std::chrono::seconds(60);
  start();
  const std::string cam = create_channel("cam");
  std::vector<test::BlockingClient> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.emplace_back(port);
    waiting.back().send(test::ws_request(target({.channel = cam, .client = "slow"}), host));
  }
  receiver.wait_for(8);

  test::Pair pair(join({.channel = cam}), join({.channel = cam, .client = "alice"}), "alice");

  pair.expect_undisturbed();
  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":"cam"})").status, 200);
}

TEST_F(AuthorizeTest, ReceiverOfEventsThatNeverAnswersHoldsUpNoQuestion) {
  HookReceiver silent;
  silent.answer = [](const net::HttpRequest&, std::size_t) { return std::nullopt; };
  receiver.answer = [](const net::HttpRequest&, std::size_t) { return say(R"({"allow":true})"); };
  config.events.webhook = silent.url();
  config.events.timeout = std::chrono::seconds(60);
  config.events.authorize_timeout = std::chrono::seconds(20);
  start();
  const std::string cam = create_channel("cam");
  silent.wait_for(1);

  test::Pair pair(join({.channel = cam}), join({.channel = cam, .client = "alice"}), "alice");

  pair.expect_undisturbed();
  EXPECT_EQ(receiver.count(), 2U);
  stop();  // Before the receiver goes.
}

TEST_F(AuthorizeTest, QuestionAboutIceServersTellsNoRole) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) { return say(R"({"allow":true})"); };
  start();
  const std::string cam = create_channel("cam");

  EXPECT_EQ(ice(cam).status, 200);
  EXPECT_EQ(call("/v1/get-ice-server-config", R"({"ChannelARN":")" + cam + "\"}").status, 200);

  const auto asked = receiver.wait_for(2);
  EXPECT_THAT(asked[0].body, HasSubstr(R"("connection":{"clientId":"alice","since":)"));
  EXPECT_THAT(asked[1].body, HasSubstr(R"("connection":{"since":)"));
  for (const auto& question : asked) EXPECT_THAT(question.body, Not(HasSubstr("\"role\"")));
}

TEST_F(AuthorizeTest, IceServersAreAddedToTheAnswer) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) {
    return say(
        R"({"allow":true,"iceServers":[{"urls":["turn:relay.example:3478"],"username":"u","credential":"p","ttl":60},)"
        R"({"urls":"stun:stun.example"}]})");
  };
  start();
  const std::string cam = create_channel("cam");

  const auto answer = ice(cam);

  EXPECT_EQ(answer.body,
            R"({"IceServerList":[{"Uris":["turn:relay.example:3478"],"Username":"u","Password":"p","Ttl":60},)"
            R"({"Uris":["stun:stun.example"],"Username":"","Password":"","Ttl":300}]})");
}

class RevokedKeyTest : public test::AppFixture {
 protected:
  RevokedKeyTest() {
    others.push_back(
        {.name = "guest", .id = AccessKeyId("AKIAGUEST"), .secret = Secret("g"), .policies = {administrator_access()}});
  }
  ~RevokedKeyTest() override { stop(); }
  test::HttpAnswer admin(const std::string& path, const std::string& body) {
    return call("/_heliograph/v1/admin/" + path, body);
  }
  wire::SigningCredential guest{"AKIAGUEST", Secret("g"), Secret{}, std::nullopt};
};

TEST_F(RevokedKeyTest, EndsItsConnectionsAndIsRefusedAlsoAfterARestart) {
  start();
  const std::string cam = create_channel("cam");
  auto mine = join({.channel = cam});
  test::WsClient theirs(test::BlockingClient(port), target({.channel = cam, .client = "guest"}, guest), host);
  const std::string url = target({.channel = cam, .client = "again"}, guest);
  wait_until([&]() { return app->hub_stats().viewers == 1; });

  const auto answer = admin("revoke-key", R"({"accessKeyId":"AKIAGUEST"})");

  EXPECT_EQ(answer.body, R"({"disconnected":1})");
  EXPECT_EQ(theirs.read_close(), 4005);
  EXPECT_EQ(theirs.close_reason(), "access key was revoked");
  EXPECT_EQ(knock(url).status, 403);
  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":"cam"})", guest).status, 403);
  EXPECT_EQ(app->hub_stats().masters, 1U);
  stop();
  start();
  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":"cam"})", guest).status, 403);
  EXPECT_THAT(get_signed("/_heliograph/v1/admin/revoked-keys").body, HasSubstr(R"("accessKeyId":"AKIAGUEST")"));

  EXPECT_EQ(admin("restore-key", R"({"accessKeyId":"AKIAGUEST"})").status, 200);

  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName":"cam"})", guest).status, 200);
}

TEST_F(RevokedKeyTest, AdministratorsKeyCannotBeRevoked) {
  start();

  const auto answer = admin("revoke-key", R"({"accessKeyId":")" + key.access_key_id + "\"}");

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("DATA/credentials"));
  EXPECT_EQ(admin("revoke-key", R"({"channel":"cam"})").status, 400);
  EXPECT_EQ(admin("restore-key", R"({"accessKeyId":"AKIANEVER"})").status, 404);
}

}  // namespace
}  // namespace heliograph::server
