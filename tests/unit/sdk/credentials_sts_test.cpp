// Roles: what is asked of STS, where, signed by whom, and what is mended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/credentials/assume_role.hpp"
#include "sdk/credentials/aws_endpoint.hpp"
#include "sdk/credentials/web_identity.hpp"
#include "support/source_fixture.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kRole = "arn:aws:iam::000000000000:role/camera";

/// A provider that counts.
class CountingProvider final : public CredentialProvider {
 public:
  void get(Handler done) override {
    if (++gets == throws_at) throw 1;  // NOLINT: as badly as an application can.
    done(result);
  }
  void forget() override {
    ++forgets;
    if (throws_at != 0) throw 2;  // NOLINT
  }

  int gets = 0;
  int forgets = 0;
  int throws_at = 0;  ///< The get() that does, and every forget().
  Result<Credentials> result = Credentials{"ASIASOURCE", Secret("secret"), Secret("to/ken"), {}};
};

class StsSourceTest : public test::SourceFixture {
 protected:
  StsSourceTest() {
    script.variables["AWS_REGION"] = "eu-west-1";
    script.variables["AWS_CONFIG_FILE"] = (dir / "config").string();
    script.variables["AWS_SHARED_CREDENTIALS_FILE"] = (dir / "credentials").string();
  }
  void assume(StsRole role = {.arn = kRole, .session_name = "cam-7"}) {
    source = std::make_shared<AssumeRoleSource>(
        script.world(), signing_source(std::shared_ptr<CredentialProvider>(provider), script.world()), std::move(role));
    fetch();
    script.run_tasks();
  }
  std::string answer_of(const std::string& action, seconds life = minutes(60)) const {
    return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
           "Result><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
           "<SessionToken>t</SessionToken><Expiration>" +
           end_in(life) + "</Expiration></Credentials></" + action + "Result></" + action + "Response>";
  }
  static std::string refusal(const std::string& code, const std::string& message = "no") {
    return "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + message + "</Message></Error></ErrorResponse>";
  }

  const std::shared_ptr<CountingProvider> provider = std::make_shared<CountingProvider>();
};

TEST_F(StsSourceTest, SourceThatThrowsFailsTheFetchAndNothingElse) {
  provider->throws_at = 2;
  assume();
  script.answer(403, refusal("ExpiredToken"));
  script.run_tasks();

  EXPECT_EQ(provider->forgets, 1);
  EXPECT_THAT(outcomes.last(), ::testing::EndsWith("the provider threw: what is no std::exception"));
}

TEST_F(StsSourceTest, RoleIsAskedForWithASignatureForTheRegionsEndpoint) {
  assume({.arn = kRole, .session_name = "cam-7", .external_id = "4 2", .policy = "{}", .duration = seconds(900)});

  EXPECT_EQ(script.call().method + " " + script.call().url.text(), "POST https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(script.call().body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fcamera"
            "&RoleSessionName=cam-7&ExternalId=4%202&Policy=%7B%7D&DurationSeconds=900");
  EXPECT_THAT(script.header("Authorization"),
              StartsWith("AWS4-HMAC-SHA256 Credential=ASIASOURCE/20231114/eu-west-1/sts/aws4_request, "
                         "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="));
  EXPECT_EQ(script.header("X-Amz-Security-Token"), "to/ken");
  script.answer(200, answer_of("AssumeRole"));
  EXPECT_EQ(outcomes.last(), "ASIAROLE");
}

TEST_F(StsSourceTest, SessionNameIsMadeUpWhenNoneIsGiven) {
  assume({.arn = kRole});
  EXPECT_THAT(script.call().body, HasSubstr("&RoleSessionName=heliograph-1700000000"));
}

TEST_F(StsSourceTest, SourceThatFailsIsNamedAndCountsAsAFailure) {
  provider->result = not_set_up("nothing here");
  assume();
  EXPECT_EQ(outcomes.code(), Errc::kNotAuthorized);
  EXPECT_THAT(outcomes.last(), HasSubstr("the credentials that it is signed with: nothing here"));
}

TEST_F(StsSourceTest, LineBreakInTheCredentialsThatSignIsNamedAndNothingIsSent) {
  provider->result->session_token = Secret("to/ken\r\nX-Injected: yes");
  assume();
  EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
  EXPECT_EQ(outcomes.last(),
            "error: AssumeRole: the credentials that it is signed with: the session token of the credentials has a "
            "line break in it");
  EXPECT_EQ(script.waiting(), 0U);
}

TEST_F(StsSourceTest, SourceWhoseCredentialsAreWornOutForgetsThemAndIsAskedOnceMore) {
  assume();
  script.answer(403, refusal("ExpiredToken"));
  script.run_tasks();
  EXPECT_EQ(provider->gets, 2);
  EXPECT_EQ(provider->forgets, 1);
  script.answer(403, refusal("InvalidClientTokenId", "the to/ken is none"));
  script.run_tasks();

  EXPECT_EQ(outcomes.code(), Errc::kUnrecognizedClient);
  EXPECT_EQ(outcomes.last(),
            "error: AssumeRole: the service answered 403: InvalidClientTokenId (the [removed] is none)");
  EXPECT_EQ(provider->gets, 2);
}

TEST_F(StsSourceTest, ClockThatIsOffIsCorrectedByTheServicesOnceAndKept) {
  assume();
  const auto date = [this]() { return script.header("X-Amz-Date"); };
  EXPECT_EQ(date(), "20231114T221320Z");
  script.answer_at(script.clock->wall_now() + minutes(60), 403, refusal("SignatureDoesNotMatch", "Signature expired"));
  EXPECT_EQ(date(), "20231114T231320Z");
  script.answer_at(script.clock->wall_now() + minutes(60), 200, answer_of("AssumeRole", minutes(120)));
  ASSERT_EQ(outcomes.last(), "ASIAROLE");
  EXPECT_EQ(outcomes.results[0]->expires, script.clock->wall_now() + minutes(60));

  fetch();
  script.run_tasks();
  EXPECT_EQ(date(), "20231114T231320Z");
  script.answer_at(script.clock->wall_now() + minutes(60), 403, refusal("SignatureDoesNotMatch"));
  EXPECT_EQ(outcomes.code(), Errc::kSignatureMismatch);
}

TEST_F(StsSourceTest, RefusalsSayWhatTheServiceSaid) {
  const struct {
    int status;
    const char* code;
    Errc errc;
  } cases[] = {{403, "AccessDenied", Errc::kAccessDenied},
               {400, "ValidationError", Errc::kInvalidArgument},
               {400, "PackedPolicyTooLarge", Errc::kInvalidArgument},
               {403, "RegionDisabledException", Errc::kAccessDenied},
               {400, "SomethingNew", Errc::kBadRequest}};
  for (const auto& c : cases) {
    assume();
    script.answer(c.status, refusal(c.code));
    EXPECT_EQ(outcomes.code(), c.errc) << c.code;
    EXPECT_THAT(outcomes.last(), HasSubstr(std::string(c.code) + " (no)"));
  }
  assume();
  script.answer(200, "<html>not STS</html>");
  EXPECT_EQ(outcomes.code(), Errc::kCorrupt);
}

TEST_F(StsSourceTest, WhatPassesIsTriedAgain) {
  assume();
  script.answer(503, "<html/>");
  script.pass(seconds(2));
  script.answer(400, refusal("Throttling"));
  script.pass(seconds(2));
  script.fail(Errc::kTimeout);
  EXPECT_EQ(outcomes.code(), Errc::kTimeout);
}

TEST_F(StsSourceTest, WhatStsWouldRefuseIsSaidAtOnce) {
  for (const StsRole& role :
       {StsRole{.arn = "camera"}, StsRole{.arn = kRole, .session_name = "a/b"},
        StsRole{.arn = kRole, .session_name = "a"}, StsRole{.arn = kRole, .duration = seconds(899)},
        StsRole{.arn = kRole, .region = "evil.example/"}, StsRole{.arn = kRole, .endpoint = "ftp://x"}}) {
    assume(role);
    EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
    EXPECT_EQ(script.waiting(), 0U);
  }
}

TEST_F(StsSourceTest, AnswersAfterItHasGoneAreDropped) {
  assume();
  source.reset();
  script.answer(200, answer_of("AssumeRole"));
  EXPECT_TRUE(outcomes.results.empty());
}

TEST_F(StsSourceTest, WebIdentityIsUnsignedAndItsTokenReadEachTime) {
  source = std::make_shared<WebIdentitySource>(script.world(), StsRole{}, "");
  script.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = file("token", "eyJ.first.sig\n");
  script.variables["AWS_ROLE_ARN"] = kRole;
  script.variables["AWS_ROLE_SESSION_NAME"] = "pod";
  fetch();
  EXPECT_THAT(script.call().body, StartsWith("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws"));
  EXPECT_THAT(script.call().body, HasSubstr("&RoleSessionName=pod&WebIdentityToken=eyJ.first.sig"));
  EXPECT_EQ(script.header("Authorization"), "");
  script.answer(200, answer_of("AssumeRoleWithWebIdentity"));
  EXPECT_EQ(outcomes.last(), "ASIAROLE");

  file("token", "eyJ.second.sig");
  fetch();
  EXPECT_THAT(script.call().body, HasSubstr("WebIdentityToken=eyJ.second.sig"));
  script.answer(400, refusal("InvalidIdentityToken", "eyJ.second.sig is none"));
  EXPECT_EQ(outcomes.code(), Errc::kNotAuthorized);
  EXPECT_THAT(outcomes.last(), Not(HasSubstr("eyJ")));
}

TEST_F(StsSourceTest, WebIdentityNeedsATokenAndARole) {
  source = std::make_shared<WebIdentitySource>(script.world(), StsRole{}, "");
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  script.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = (dir / "nowhere").string();
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
  script.variables["AWS_ROLE_ARN"] = kRole;
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kIo);
  script.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = file("token", "two words");
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kCorrupt);
  EXPECT_THAT(outcomes.last(), Not(HasSubstr("two words")));
}

TEST(AwsEndpointTest, EachPartitionHasItsNamesAndVariablesCountBeforeThem) {
  const struct {
    const char* region;
    std::map<std::string, std::string> variables;
    const char* url;
  } cases[] = {
      {"", {}, "https://sts.amazonaws.com/"},
      {"us-west-2", {}, "https://sts.us-west-2.amazonaws.com/"},
      {"us-gov-west-1", {{"AWS_USE_FIPS_ENDPOINT", "true"}}, "https://sts.us-gov-west-1.amazonaws.com/"},
      {"us-west-2", {{"AWS_USE_FIPS_ENDPOINT", "true"}}, "https://sts-fips.us-west-2.amazonaws.com/"},
      {"us-west-2", {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}}, "https://sts.us-west-2.api.aws/"},
      {"cn-north-1", {}, "https://sts.cn-north-1.amazonaws.com.cn/"},
      {"us-iso-east-1", {}, "https://sts.us-iso-east-1.c2s.ic.gov/"},
      {"us-isob-east-1", {}, "https://sts.us-isob-east-1.sc2s.sgov.gov/"},
      {"eusc-de-east-1", {}, "https://sts.eusc-de-east-1.amazonaws.eu/"},
      {"us-west-2", {{"AWS_ENDPOINT_URL", "http://h:1/p"}}, "http://h:1/p"},
      {"us-west-2", {{"AWS_ENDPOINT_URL", "http://h:1"}, {"AWS_ENDPOINT_URL_STS", "http://s:2"}}, "http://s:2/"},
      {"us-west-2",
       {{"AWS_ENDPOINT_URL", "http://h:1"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
       "https://sts.us-west-2.amazonaws.com/"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.url);
    const auto url = find_endpoint({.service = "sts", .variable = "STS", .region = c.region}, [&c](const char* name) {
      const auto found = c.variables.find(name);
      return found == c.variables.end() ? std::string{} : found->second;
    });
    ASSERT_TRUE(url) << url.error().detail;
    EXPECT_EQ(url->text(), c.url);
  }
}

}  // namespace
}  // namespace heliograph::sdk
