// Roles: providers against the STS of a whole heliographd, and against a server that is slow or speaks nonsense.
#include <gmock/gmock.h>

#include "support/hook_receiver.hpp"
#include "support/identity_fixture.hpp"
#include "support/provider_fixture.hpp"
#include "support/token_issuer.hpp"

namespace heliograph {
namespace {

using std::chrono::minutes;
using test::ask;
using test::ask_text;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kRole = "arn:aws:iam::000000000000:role/camera";
constexpr const char* kTrust = R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                   "Principal": {"AWS": "000000000000"},
                                   "Condition": {"StringEquals": {"sts:ExternalId": "42"}}}})";

class RoleCredentialsTest : public test::IdentityFixture {
 protected:
  void start_with_role() {
    start();
    create_channel("front-door");
    add_role("camera", kTrust);
    options.source = static_credentials({key.access_key_id, key.secret_access_key, {}, {}});
    options.role_arn = kRole;
    options.external_id = "42";
    options.region = "us-east-1";
    options.endpoint = "http://" + host;
  }
  static wire::SigningCredential signing(const Credentials& credentials) {
    return {credentials.access_key_id, credentials.secret_access_key, credentials.session_token, {}};
  }

  AssumeRoleCredentialsOptions options;
};

TEST_F(RoleCredentialsTest, AssumedRoleMayWhatTheRoleMay) {
  start_with_role();
  options.session_name = "cam-7";
  const auto credentials = ask(*assume_role_credentials(options));

  ASSERT_TRUE(credentials) << credentials.error().detail;
  EXPECT_EQ(describe(signing(*credentials)), 200);
  EXPECT_EQ(call("/createSignalingChannel", R"({"ChannelName": "mine"})", signing(*credentials)).status, 401);
  EXPECT_GT(*credentials->expires, SystemClock().wall_now() + minutes(59));
  const auto who = sts("Action=GetCallerIdentity&Version=2011-06-15", signing(*credentials));
  EXPECT_EQ(test::element(who.body, "Arn"), "arn:aws:sts::000000000000:assumed-role/camera/cam-7");
}

TEST_F(RoleCredentialsTest, RoleIsAskedForOnceAndAnewWhenForgotten) {
  start_with_role();
  const auto role = assume_role_credentials(options);
  const std::string first = ask_text(*role);

  EXPECT_THAT(first, StartsWith("ASIA"));
  EXPECT_EQ(ask_text(*role), first);
  role->forget();
  EXPECT_NE(ask_text(*role), first);
}

TEST_F(RoleCredentialsTest, RefusalsAreThoseOfTheService) {
  start_with_role();
  options.external_id = "43";
  const auto outsider = ask(*assume_role_credentials(options));
  ASSERT_FALSE(outsider);
  EXPECT_EQ(outsider.error().code, Errc::kAccessDenied);
  EXPECT_THAT(outsider.error().detail, HasSubstr("AccessDenied (User: arn:aws:iam::000000000000:user/default"));

  options.source = static_credentials({key.access_key_id, Secret("guessed"), {}, {}});
  const auto guessed = ask(*assume_role_credentials(options));
  ASSERT_FALSE(guessed);
  EXPECT_EQ(guessed.error().code, Errc::kSignatureMismatch);

  options.source = static_credentials({"AKIANOBODY0000000000", Secret("s"), {}, {}});
  const auto nobody = ask(*assume_role_credentials(options));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Errc::kUnrecognizedClient);

  options.source = nullptr;
  EXPECT_THAT(ask_text(*assume_role_credentials(options)), HasSubstr("no source of credentials is set up"));
}

TEST_F(RoleCredentialsTest, WrongClockOfTheDeviceDoesNotMatter) {
  start_with_role();
  clock.skip(minutes(90));  // It is the service's that is off here, which looks the same.
  const auto credentials = ask(*assume_role_credentials(options));

  ASSERT_TRUE(credentials) << credentials.error().detail;
  EXPECT_EQ(describe(signing(*credentials)), 200);
  EXPECT_LT(*credentials->expires, SystemClock().wall_now() + minutes(61)) << "by the device's clock";
}

TEST_F(RoleCredentialsTest, RoleBehindARoleIsSignedForByTheFirst) {
  start_with_role();
  add_role("inner", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
      "Principal": {"AWS": "arn:aws:iam::000000000000:role/camera"}}})");
  AssumeRoleCredentialsOptions inner = options;
  inner.role_arn = "arn:aws:iam::000000000000:role/inner";
  inner.source = assume_role_credentials(options);

  const auto credentials = ask(*assume_role_credentials(inner));

  ASSERT_TRUE(credentials) << credentials.error().detail;
  const auto who = sts("Action=GetCallerIdentity&Version=2011-06-15", signing(*credentials));
  EXPECT_THAT(test::element(who.body, "Arn"), HasSubstr("assumed-role/inner/heliograph-"));
}

TEST_F(RoleCredentialsTest, ProfileNamesTheRoleAndTheEndpoint) {
  start_with_role();
  ProfileCredentialsOptions profile;
  profile.profile = "cam";
  profile.credentials_file =
      file("credentials", "[admin]\naws_access_key_id = " + key.access_key_id +
                              "\naws_secret_access_key = " + std::string(key.secret_access_key.reveal()) + "\n");
  profile.config_file = file("config", "[profile cam]\nrole_arn = " + std::string(kRole) +
                                           "\nsource_profile = admin\nexternal_id = 42\nregion = us-east-1\n"
                                           "endpoint_url = http://" +
                                           host + "\n");

  EXPECT_THAT(ask_text(*profile_credentials(profile)), StartsWith("ASIA"));
}

TEST_F(RoleCredentialsTest, SlowServiceAndNonsenseAreFailures) {
  test::HookReceiver server;
  options.source = static_credentials({"AKIA", Secret("s"), {}, {}});
  options.role_arn = kRole;
  options.endpoint = server.url("").text();
  options.region = "us-east-1";
  server.answer_with([](const net::HttpRequest&, std::size_t) { return net::HttpResponse{200, {}, "<html></html>"}; });
  const auto nonsense = ask(*assume_role_credentials(options));
  ASSERT_FALSE(nonsense);
  EXPECT_EQ(nonsense.error().code, Errc::kCorrupt);

  server.answer_with([](const net::HttpRequest&, std::size_t) { return std::nullopt; });
  auto slow = assume_role_credentials(options);
  auto answer = test::begin(*slow);
  server.wait_for(2);
  slow.reset();
  const auto closed = test::end(std::move(answer));
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, Errc::kClosed);
}

class WebIdentityCredentialsTest : public RoleCredentialsTest {
 protected:
  WebIdentityCredentialsTest() {
    config.oidc_issuers = {"https://login.example=" + file("jwks.json", issuer.jwks())};
    config.oidc_audiences = {"here"};
  }
  void start_for_tokens() {
    start();
    create_channel("front-door");
    add_role("camera", R"({"Statement": {"Effect": "Allow", "Principal": {"Federated": "login.example"},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"login.example:aud": "here"}}}})");
    web.role_arn = kRole;
    web.endpoint = "http://" + host;
    web.region = "us-east-1";
    web.token_file = put_token(5);
  }
  std::string put_token(int minutes_left) {
    const auto end = std::chrono::floor<std::chrono::seconds>(clock.wall_now() + minutes(minutes_left));
    return file("token", issuer.rs256(R"({"iss":"https://login.example","sub":"cam-7","aud":["here"],"exp":)" +
                                      std::to_string(end.time_since_epoch().count()) + "}"));
  }

  test::TokenIssuer issuer;
  WebIdentityCredentialsOptions web;
};

TEST_F(WebIdentityCredentialsTest, TokenBuysTheRole) {
  start_for_tokens();
  const auto credentials = ask(*web_identity_credentials(web));

  ASSERT_TRUE(credentials) << credentials.error().detail;
  EXPECT_EQ(describe(signing(*credentials)), 200);
}

TEST_F(WebIdentityCredentialsTest, TokenIsReadAgainAtEachFetch) {
  start_for_tokens();
  const auto provider = web_identity_credentials(web);
  put_token(-5);
  const auto expired = ask(*provider);
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().code, Errc::kExpiredToken);
  EXPECT_THAT(expired.error().detail, Not(HasSubstr("eyJ")));

  put_token(5);
  EXPECT_THAT(ask_text(*provider), StartsWith("ASIA"));
}

TEST_F(WebIdentityCredentialsTest, StrangersTokenIsRefused) {
  start_for_tokens();
  file("token",
       test::TokenIssuer().rs256(R"({"iss":"https://login.example","sub":"cam-7","aud":"here","exp":9999999999})"));
  const auto refused = ask(*web_identity_credentials(web));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kNotAuthorized);
  EXPECT_THAT(refused.error().detail, HasSubstr("InvalidIdentityToken"));
}

TEST_F(WebIdentityCredentialsTest, VariablesSetItUpInTheDefaultChain) {
  start_for_tokens();
  const test::ScopedVariable no_id("AWS_ACCESS_KEY_ID", "");
  const test::ScopedVariable no_secret("AWS_SECRET_ACCESS_KEY", "");
  const test::ScopedVariable token("AWS_WEB_IDENTITY_TOKEN_FILE", web.token_file);
  const test::ScopedVariable role("AWS_ROLE_ARN", kRole);
  const test::ScopedVariable where("AWS_REGION", "us-east-1");
  const test::ScopedVariable endpoint("AWS_ENDPOINT_URL_STS", "http://" + host);

  EXPECT_THAT(ask_text(*default_credentials()), StartsWith("ASIA"));
}

}  // namespace
}  // namespace heliograph
