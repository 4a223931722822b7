// Cognito: a provider against an HTTP server that answers as an identity pool does.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <mutex>
#include <thread>

#include "support/hook_receiver.hpp"
#include "support/provider_fixture.hpp"

namespace heliograph {
namespace {

using std::chrono::seconds;
using test::ask;
using test::ask_text;
using ::testing::HasSubstr;

constexpr const char* kPool = "eu-west-1:01234567-89ab-cdef-0123-456789abcdef";

net::HttpResponse json(const std::string& body, int status = 200) {
  return {status, {{"Content-Type", "application/x-amz-json-1.1"}}, body};
}

class CognitoTest : public test::ProviderFixture {
 protected:
  CognitoTest() {
    options.loop = loop;
    options.identity_pool_id = kPool;
    options.endpoint = server.url("/").text();
    server.answer_with([this](const net::HttpRequest& request, std::size_t) { return answer(request); });
  }
  /// As the service: knows one pool and the identities it gave, and whoever logs in must say "open sesame".
  std::optional<net::HttpResponse> answer(const net::HttpRequest& request) {
    const std::lock_guard lock(mutex);
    const auto body = boost::json::parse(request.body).as_object();
    const auto* logins = body.if_contains("Logins");
    if (logins != nullptr && logins->at("login.example").as_string() != "open sesame") {
      const std::string token(logins->at("login.example").as_string());
      return json(R"({"__type":"NotAuthorizedException","message":"Invalid login token: )" + token + R"(."})", 400);
    }
    if (request.header("X-Amz-Target") == "AWSCognitoIdentityService.GetId") {
      if (body.at("IdentityPoolId").as_string() != kPool)
        return json(R"({"__type":"ResourceNotFoundException","message":"IdentityPool not found."})", 400);
      identity = "eu-west-1:" + std::to_string(++identities);
      return json("{\"IdentityId\":\"" + identity + "\"}");
    }
    if (body.at("IdentityId").as_string() != identity.c_str())
      return json(R"({"__type":"ResourceNotFoundException","message":"Identity not found."})", 400);
    const auto end = std::chrono::floor<seconds>(SystemClock().wall_now() + life).time_since_epoch().count();
    return json(R"({"IdentityId":")" + identity + R"(","Credentials":{"AccessKeyId":"ASIA)" + identity.substr(10) +
                R"(","SecretKey":"s","SessionToken":"t","Expiration":)" + std::to_string(end) + ".0E0}}");
  }

  CognitoCredentialsOptions options;
  seconds life{3600};  ///< Set before the first request.
  std::mutex mutex;    ///< Of what follows.
  std::string identity;
  int identities = 0;
  test::HookReceiver server;
};

TEST_F(CognitoTest, GuestGetsCredentialsAndKeepsItsIdentity) {
  const auto provider = cognito_credentials(options);
  EXPECT_EQ(ask_text(*provider), "ASIA1");
  provider->forget();
  EXPECT_EQ(ask_text(*provider), "ASIA1");

  const std::lock_guard lock(mutex);
  EXPECT_EQ(identities, 1);
  EXPECT_EQ(server.count(), 3U);
}

TEST_F(CognitoTest, IdentityThatTheServiceHasLostIsReplaced) {
  const auto provider = cognito_credentials(options);
  EXPECT_EQ(ask_text(*provider), "ASIA1");
  provider->forget();
  {
    const std::lock_guard lock(mutex);
    identity = "gone";
  }

  EXPECT_EQ(ask_text(*provider), "ASIA2");
}

TEST_F(CognitoTest, LoginsComeFromAnotherThreadAndAreNotQuoted) {
  std::string token = "open sesame";
  std::vector<std::thread> threads;
  options.ask_for_logins = [&](const std::function<void(Result<CognitoLogins>)>& give) {
    threads.emplace_back([&token, give]() { give(CognitoLogins{{"login.example", Secret(token)}}); });
  };
  const auto provider = cognito_credentials(options);
  EXPECT_EQ(ask_text(*provider), "ASIA1");

  token = "close " + std::string(1000, 's') + "esame";
  provider->forget();
  const auto result = ask(*provider);
  for (std::thread& thread : threads) thread.join();

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kNotAuthorized);
  EXPECT_EQ(result.error().detail,
            "Cognito: GetId: the service answered 400: NotAuthorizedException (Invalid login token: [removed].)");
}

TEST_F(CognitoTest, LoginsThatThrowFailTheFetchWhateverIsThrown) {
  options.ask_for_logins = [](const std::function<void(Result<CognitoLogins>)>&) { throw 1; };  // NOLINT

  EXPECT_EQ(ask_text(*cognito_credentials(options)),
            "error: Cognito: the logins: ask_for_logins threw: what is no std::exception");
}

TEST_F(CognitoTest, PoolThatIsNotThereIsSaidSo) {
  options.identity_pool_id = "eu-west-1:another";
  const auto result = ask(*cognito_credentials(options));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kResourceNotFound);
}

TEST_F(CognitoTest, NonsenseAndEndedCredentialsAreFailures) {
  life = seconds(-60);
  const auto ended = ask(*cognito_credentials(options));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::kExpiredToken);

  server.answer_with([](const net::HttpRequest&, std::size_t) { return json("<html/>"); });
  const auto nonsense = ask(*cognito_credentials(options));
  ASSERT_FALSE(nonsense);
  EXPECT_EQ(nonsense.error().code, Errc::kCorrupt);
}

TEST_F(CognitoTest, ProviderThatGoesWhileTheServiceIsSlowTellsWhoeverWaits) {
  server.answer_with([](const net::HttpRequest&, std::size_t) { return std::nullopt; });
  auto provider = cognito_credentials(options);
  auto answer = test::begin(*provider);
  server.wait_for(1);

  provider.reset();
  const auto result = test::end(std::move(answer));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kClosed);
}

}  // namespace
}  // namespace heliograph
