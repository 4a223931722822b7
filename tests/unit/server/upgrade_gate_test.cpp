// ConnectAsMaster and ConnectAsViewer: who gets in by which policy.
#include "server/upgrade_gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <variant>

#include "server/principals.hpp"
#include "store/memory_store.hpp"
#include "support/test_world.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

class UpgradeGateTest : public ::testing::Test {
 protected:
  UpgradeGateTest() {
    door_ = store_.create_channel({.name = "door"}, clock_.wall)->arn.str();
    garden_ = store_.create_channel({.name = "garden"}, clock_.wall)->arn.str();
    principals_.add({{.name = "watcher",
                      .id = AccessKeyId("AKIAWATCH"),
                      .secret = Secret("w"),
                      .policies = {*core::Policy::parse("watch", R"({"Statement": [
                          {"Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer",
                           "Resource": "arn:aws:kinesisvideo:*:*:channel/door/*"},
                          {"Effect": "Deny", "Action": "*", "Resource": "*",
                           "Condition": {"StringLike": {"aws:UserAgent": "*Bad*"}}}]})")}}});
  }

  net::UpgradeDecision knock(const char* access_key, const std::string& channel, const char* client,
                             const char* user_agent = "test") {
    const PrincipalPtr principal = principals_.find(access_key);
    std::vector<wire::ParamView> params{{"X-Amz-ChannelARN", channel}};
    if (client != nullptr) params.push_back({"X-Amz-ClientId", client});
    wire::SigningKeyCache cache(1);
    const std::string endpoint = "ws://localhost:3000";
    const auto url =
        wire::presign_url({.endpoint = endpoint, .params = params, .region = "us-east-1"},
                          {principal->id.str(), principal->secret, Secret{}, std::nullopt}, clock_.wall_now(), cache);
    net::HttpRequest request{
        .method = "GET", .target = url->substr(endpoint.size()), .headers = {}, .body = {}, .peer = {}};
    request.headers = {{"Host", "localhost:3000"}, {"User-Agent", user_agent}};
    request.peer.address = "192.0.2.1";
    std::promise<net::UpgradeDecision> answer;
    gate_.decide({0, ++serial_}, request,
                 [&answer](net::UpgradeDecision decision) { answer.set_value(std::move(decision)); });
    return answer.get_future().get();
  }
  void expect_refused(const net::UpgradeDecision& decision, int status, const std::string& text) {
    const auto* refusal = std::get_if<net::HttpResponse>(&decision);
    ASSERT_NE(refusal, nullptr) << "was let in";
    EXPECT_EQ(refusal->status, status);
    EXPECT_THAT(refusal->body, HasSubstr(text));
  }

  test::SetClock clock_;
  test::AscendingRng rng_;
  test::MemoryLog log_;
  Principals principals_ = *Principals::parse("[default]\naws_access_key_id = AKIAADMIN\naws_secret_access_key = a\n");
  store::MemoryStore store_{{}, rng_};
  core::Limits limits_;
  Signaling signaling_{limits_, 1, log_};
  Authenticator authenticator_{principals_, "us-east-1", clock_, log_};
  Authorizer authorizer_{store_, log_};
  Executor executor_{1, 8};
  Throttle throttle_{CallLimits{}};
  UpgradeGate gate_{{authenticator_, authorizer_, store_, executor_, signaling_, throttle_, clock_, log_}};
  std::string door_;
  std::string garden_;
  std::uint64_t serial_ = 0;
};

TEST_F(UpgradeGateTest, APolicyLetsInForItsRoleAndChannel) {
  EXPECT_TRUE(std::holds_alternative<net::AcceptUpgrade>(knock("AKIAWATCH", door_, "me")));
  EXPECT_TRUE(std::holds_alternative<net::AcceptUpgrade>(knock("AKIAADMIN", door_, nullptr)));
  EXPECT_TRUE(std::holds_alternative<net::AcceptUpgrade>(knock("AKIAADMIN", garden_, "me")));
}

TEST_F(UpgradeGateTest, AnythingElseIsForbiddenWithTheReason) {
  expect_refused(knock("AKIAWATCH", door_, nullptr), 403,
                 "User: arn:aws:iam::000000000000:user/watcher is not authorized to perform: "
                 "kinesisvideo:ConnectAsMaster on resource: " +
                     door_ + " because no identity-based policy allows the kinesisvideo:ConnectAsMaster action");
  expect_refused(knock("AKIAWATCH", garden_, "me"), 403, "kinesisvideo:ConnectAsViewer on resource: " + garden_);
  expect_refused(knock("AKIAWATCH", door_, "me", "A Bad Browser"), 403,
                 "with an explicit deny in an identity-based policy");
}

TEST_F(UpgradeGateTest, OnlyWhoMayConnectLearnsThatAChannelIsNotThere) {
  const std::string scope = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/";

  expect_refused(knock("AKIAWATCH", scope + "door/1", "me"), 404, "ResourceNotFoundException");
  expect_refused(knock("AKIAWATCH", scope + "cellar/1", "me"), 403, "AccessDeniedException");
}

TEST_F(UpgradeGateTest, ChannelThatIsDeletedWhileTheUpgradeIsLookedAtIsNotJoined) {
  // The store was asked before, a hook perhaps for seconds after that.
  signaling_.on_channel_deleted(ChannelArn(garden_));

  expect_refused(knock("AKIAADMIN", garden_, "me"), 404, "ResourceNotFoundException");
}

}  // namespace
}  // namespace heliograph::server
