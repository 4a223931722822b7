// The API's way over the executor: what a client gets when an operation throws.
#include "server/api_gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <new>
#include <string>

#include "server/principals.hpp"
#include "store/memory_store.hpp"
#include "support/test_world.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class NoNews final : public ChannelEvents {
 public:
  void on_deleted(const ChannelArn&) override {}
  void on_ttl_changed(const ChannelArn&, std::chrono::seconds) override {}
};

class NoMaster final : public MasterLine {
 public:
  void ask(SteadyTime, core::Ask, std::function<void(Result<std::string>)> reply) override {
    reply(Errc::kResourceNotFound);
  }
};

class ThrowingRelays final : public relay::RelayDirectory {
 public:
  [[nodiscard]] std::vector<relay::RelayServer> servers(std::string_view) const override { throw std::bad_alloc(); }
};

class ApiGatewayTest : public testing::Test {
 protected:
  net::HttpResponse call(const std::string& target, const std::string& body, std::string_view access_key = "AKIATEST") {
    const Principal& key = *principals_.find(access_key);
    wire::SigningKeyCache cache(1);
    const auto headers =
        wire::sign_headers({.host = "localhost:3000", .target = target, .body = body, .region = "us-east-1"},
                           {key.id.str(), key.secret, Secret{}, std::nullopt}, clock_.wall_now(), cache);
    net::HttpRequest request{.method = "POST", .target = target, .headers = {}, .body = body, .peer = {}};
    request.peer.address = "192.0.2.1";
    request.headers.push_back({"Host", "localhost:3000"});
    request.headers.push_back({"X-Amz-Date", headers.x_amz_date});
    request.headers.push_back({"Authorization", headers.authorization});
    std::promise<net::HttpResponse> answer;
    gateway_.on_request(request, "request-1",
                        [&answer](net::HttpResponse response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }

  test::SetClock clock_;
  test::AscendingRng rng_;
  test::MemoryLog log_;
  Principals principals_ = *Principals::parse("[default]\naws_access_key_id = AKIATEST\naws_secret_access_key = s\n");
  store::MemoryStore store_{{}, rng_};
  NoNews news_;
  ThrowingRelays relays_;
  NoMaster master_;
  Authorizer authorizer_{store_, log_};
  Throttle throttle_{CallLimits{}};
  ControlPlane control_plane_{{store_, news_, relays_, master_, throttle_, log_, authorizer_}, {}};
  Authenticator authenticator_{principals_, "us-east-1", clock_, log_};
  Executor executor_{1, 8};
  ApiGateway gateway_{{authenticator_, control_plane_, executor_, clock_, log_}};
};

TEST_F(ApiGatewayTest, AnOperationThatThrowsIsAnInternalFailureAndLogged) {
  const auto created = call("/createSignalingChannel", R"({"ChannelName":"c"})");
  ASSERT_EQ(created.status, 200) << created.body;
  const std::string arn = store_.channel_by_name("c")->arn.str();

  const auto failed = call("/v1/get-ice-server-config", R"({"ChannelARN":")" + arn + R"("})");
  const auto next = call("/describeSignalingChannel", R"({"ChannelName":"c"})");

  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, HasSubstr("InternalFailureException"));
  EXPECT_THAT(failed.body, Not(HasSubstr("bad_alloc")));
  EXPECT_THAT(log_.text(), HasSubstr("request failed request_id=request-1 error=std::bad_alloc"));
  EXPECT_EQ(next.status, 200);
}

TEST_F(ApiGatewayTest, PoliciesAreAskedAboutWhoCallsFromWhere) {
  principals_.add({{.name = "guest",
                    .id = AccessKeyId("AKIAGUEST"),
                    .secret = Secret("g"),
                    .policies = {*core::Policy::parse("office", R"({"Statement": {
                        "Effect": "Allow", "Action": "*", "Resource": "*",
                        "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}})")}}});

  const auto refused = call("/listSignalingChannels", "{}", "AKIAGUEST");
  const auto served = call("/listSignalingChannels", "{}");

  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("User: arn:aws:iam::000000000000:user/guest is not authorized to perform: "
                                      "kinesisvideo:ListSignalingChannels on resource: * because no identity-based "
                                      "policy allows the kinesisvideo:ListSignalingChannels action"));
  EXPECT_THAT(log_.text(), HasSubstr("access denied by=guest action=kinesisvideo:ListSignalingChannels"));
  EXPECT_THAT(log_.text(), HasSubstr("(the request's value is \"192.0.2.1\")"));
  EXPECT_EQ(served.status, 200);
}

}  // namespace
}  // namespace heliograph::server
