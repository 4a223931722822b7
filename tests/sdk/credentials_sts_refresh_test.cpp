// Roles in time: refreshed before they end, and what becomes of them when the service is slow.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>

#include "support/hook_receiver.hpp"
#include "support/provider_fixture.hpp"

namespace heliograph {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::ask;
using test::ask_text;

constexpr const char* kRole = "arn:aws:iam::000000000000:role/camera";

/// A kind of role, by the action of STS that gives it.
class RoleInTimeTest : public test::ProviderFixture, public testing::WithParamInterface<const char*> {
 protected:
  net::HttpResponse answer(const std::string& id, seconds life) const {
    const std::string action = GetParam();
    return {200,
            {{"Content-Type", "text/xml"}},
            "<" + action + "Response><" + action + "Result><Credentials><AccessKeyId>" + id +
                "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" +
                test::iso_in(life) + "</Expiration></Credentials></" + action + "Result></" + action + "Response>"};
  }
  std::shared_ptr<CredentialProvider> provider() {
    if (GetParam() == std::string("AssumeRole")) {
      AssumeRoleCredentialsOptions options;
      options.loop = loop;
      options.source = static_credentials({"AKIA", Secret("s"), {}, {}});
      options.role_arn = kRole;
      options.region = "us-east-1";
      options.endpoint = server.url("").text();
      return assume_role_credentials(options);
    }
    WebIdentityCredentialsOptions options;
    options.loop = loop;
    options.role_arn = kRole;
    options.token_file = (dir.path() / "token").string();
    options.region = "us-east-1";
    options.endpoint = server.url("").text();
    std::ofstream(options.token_file) << "eyJ.token.of-a-test\n";
    return web_identity_credentials(options);
  }

  test::TempDir dir;
  test::HookReceiver server;
};

TEST_P(RoleInTimeTest, RoleIsRefreshedBeforeItEndsWhileTheOldOneIsGiven) {
  // Of a life of 8 s the last 2 are for refreshing: the old is good for all of them.
  std::atomic<std::int64_t> refreshed_at{0};
  server.answer_with([this, &refreshed_at](const net::HttpRequest&, std::size_t number) {
    if (number == 0) return answer("old", seconds(8));
    refreshed_at = SystemClock().wall_now().time_since_epoch().count();
    return answer("new", hours(1));
  });
  const auto role = provider();
  const auto old = ask(*role);
  ASSERT_TRUE(old) << old.error().detail;
  EXPECT_EQ(old->access_key_id, "old");

  std::string now;
  test::wait_until([&]() { return (now = ask_text(*role)) != "old"; });

  EXPECT_EQ(now, "new");
  EXPECT_EQ(server.count(), 2U);
  EXPECT_LT(refreshed_at.load(), old->expires->time_since_epoch().count()) << "before it ended";
}

TEST_P(RoleInTimeTest, SlowServiceIsWaitedForUntilNobodyAsksAnyMore) {
  server.answer_with([](const net::HttpRequest&, std::size_t) { return std::nullopt; });
  auto slow = provider();
  auto answer = test::begin(*slow);
  server.wait_for(1);

  slow.reset();

  const auto closed = test::end(std::move(answer));
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, Errc::kClosed);
}

TEST_P(RoleInTimeTest, ServiceThatIsInTroubleOnceIsAskedAgain) {
  server.answer_with([this](const net::HttpRequest&, std::size_t number) -> std::optional<net::HttpResponse> {
    if (number == 0) return net::HttpResponse{503, {}, {}};
    return answer("ASIA", hours(1));
  });
  EXPECT_EQ(ask_text(*provider()), "ASIA");
  EXPECT_EQ(server.count(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Kinds, RoleInTimeTest, testing::Values("AssumeRole", "AssumeRoleWithWebIdentity"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace heliograph
