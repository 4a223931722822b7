// Devices and users: AWS IoT and Cognito, one answer at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/credentials/cognito.hpp"
#include "sdk/credentials/iot.hpp"
#include "support/source_fixture.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

class IotSourceTest : public test::SourceFixture {
 protected:
  IotSourceTest() {
    script.variables = {{"AWS_IOT_CORE_CREDENTIAL_ENDPOINT", "c1.credentials.iot.eu-west-1.amazonaws.com"},
                        {"AWS_IOT_CORE_ROLE_ALIAS", "cam,alias"},
                        {"AWS_IOT_CORE_THING_NAME", "front-door"},
                        {"AWS_IOT_CORE_CERT", "/c.pem"},
                        {"AWS_IOT_CORE_PRIVATE_KEY", "/k.pem"},
                        {"AWS_KVS_CACERT_PATH", "/ca.pem"}};
    make<IotSource>(IotCredentialsOptions{});
  }
  std::string good(seconds life) const {
    return R"({"credentials":{"accessKeyId":"ASIA","secretAccessKey":"s","sessionToken":"t","expiration":")" +
           end_in(life) + "\"}}";
  }
};

TEST_F(IotSourceTest, AliasThingAndCertificateAreShown) {
  fetch();

  const net::HttpCall& call = script.call();
  EXPECT_EQ(call.method + " " + call.url.text(),
            "GET https://c1.credentials.iot.eu-west-1.amazonaws.com/role-aliases/cam%2Calias/credentials");
  EXPECT_EQ(script.header("x-amzn-iot-thingname"), "front-door");
  EXPECT_EQ(call.certificate_file + call.key_file + call.ca_file, "/c.pem/k.pem/ca.pem");
  EXPECT_EQ(call.connect_timeout, seconds(3));
  EXPECT_EQ(call.timeout, seconds(5));
}

TEST_F(IotSourceTest, CredentialsAreUsedForFortyMinutesUnlessTheOptionsSayOtherwise) {
  fetch();
  script.answer(200, good(minutes(60)));
  EXPECT_EQ(outcomes.results.back()->expires, script.clock->wall_now() + minutes(40));
  fetch();
  script.answer(200, good(minutes(15)));
  EXPECT_EQ(outcomes.results.back()->expires, script.clock->wall_now() + minutes(15));

  IotCredentialsOptions options;
  options.longest_use = seconds(0);
  make<IotSource>(options);
  fetch();
  script.answer(200, good(minutes(60)));
  EXPECT_EQ(outcomes.results.back()->expires, script.clock->wall_now() + minutes(60));
}

TEST_F(IotSourceTest, RefusalNamesWhatToLookAt) {
  fetch();
  script.answer(403, R"({"message":"Access Denied"})");
  EXPECT_EQ(outcomes.code(), Errc::kAccessDenied);
  EXPECT_THAT(outcomes.last(), HasSubstr("Access Denied; see the role alias"));
  fetch();
  script.answer(200, "{}");
  EXPECT_EQ(outcomes.code(), Errc::kCorrupt);
}

TEST_F(IotSourceTest, HalfASetUpIsAMistakeAndNoneIsNone) {
  script.variables.erase("AWS_IOT_CORE_CERT");
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
  EXPECT_THAT(outcomes.last(), HasSubstr("missing: AWS_IOT_CORE_CERT"));
  script.variables.clear();
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
}

TEST_F(IotSourceTest, NamesThatWouldSpoilTheRequestAreNotSent) {
  script.variables["AWS_IOT_CORE_THING_NAME"] = "a\r\nb: c";
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
  script.variables["AWS_IOT_CORE_THING_NAME"] = "a";
  script.variables["AWS_IOT_CORE_CREDENTIAL_ENDPOINT"] = "http://plain.example";
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kTlsRequired);
  EXPECT_EQ(script.waiting(), 0U);
}

class CognitoSourceTest : public test::SourceFixture {
 protected:
  CognitoSourceTest() { options.identity_pool_id = "eu-west-1:pool"; }
  void make_it() {
    source = std::make_shared<CognitoSource>(script.world(), options);
    fetch();
  }
  std::string asked() const { return script.header("X-Amz-Target") + " " + script.call().body; }
  static std::string good() {
    return R"({"IdentityId":"eu-west-1:me","Credentials":{"AccessKeyId":"ASIA","SecretKey":"s","SessionToken":"t",)"
           R"("Expiration":1700090000.5}})";
  }

  CognitoCredentialsOptions options;
};

TEST_F(CognitoSourceTest, GuestGetsAnIdentityOnceAndCredentialsEachTime) {
  options.account_id = "1";
  make_it();
  EXPECT_EQ(script.call().url.text(), "https://cognito-identity.eu-west-1.amazonaws.com/");
  EXPECT_EQ(script.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(asked(), R"(AWSCognitoIdentityService.GetId {"IdentityPoolId":"eu-west-1:pool","AccountId":"1"})");
  script.answer(200, R"({"IdentityId":"eu-west-1:me"})");
  EXPECT_EQ(asked(), R"(AWSCognitoIdentityService.GetCredentialsForIdentity {"IdentityId":"eu-west-1:me"})");
  script.answer(200, good());
  EXPECT_EQ(outcomes.last(), "ASIA");
  EXPECT_EQ(outcomes.results[0]->expires, WallTime(std::chrono::milliseconds(1'700'090'000'500)));

  fetch();
  EXPECT_THAT(asked(), HasSubstr("GetCredentialsForIdentity"));
}

TEST_F(CognitoSourceTest, LoginsAreSentWithBothCallsAndAskedForAtEachFetch) {
  std::vector<std::function<void(Result<CognitoLogins>)>> asked_for;
  options.ask_for_logins = [&asked_for](auto answer) { asked_for.push_back(std::move(answer)); };
  options.custom_role_arn = "arn:r";
  make_it();
  asked_for.at(0)(CognitoLogins{{"accounts.example", Secret("tok\"en")}});
  EXPECT_EQ(script.waiting(), 0U) << "it may have come on another thread";
  script.run_tasks();
  EXPECT_THAT(asked(), HasSubstr(R"("Logins":{"accounts.example":"tok\"en"}})"));
  script.answer(200, R"({"IdentityId":"eu-west-1:me"})");
  EXPECT_THAT(
      asked(),
      HasSubstr(R"({"IdentityId":"eu-west-1:me","CustomRoleArn":"arn:r","Logins":{"accounts.example":"tok\"en"}})"));
  script.answer(400, R"({"__type":"InvalidParameterException","message":"tok\"en is bad"})");
  EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
  EXPECT_THAT(outcomes.last(), HasSubstr("[removed] is bad"));

  fetch();
  asked_for.at(1)(Error{Errc::kIo, "the user is away"});
  script.run_tasks();
  EXPECT_THAT(outcomes.last(), HasSubstr("the user is away"));
}

TEST_F(CognitoSourceTest, IdentityThatIsKnownNoMoreIsAskedForAgainOnce) {
  make_it();
  script.answer(200, R"({"IdentityId":"eu-west-1:old"})");
  script.answer(200, good());
  fetch();
  script.answer(400, R"({"__type":"ResourceNotFoundException","message":"Identity not found"})");
  EXPECT_THAT(asked(), HasSubstr(".GetId "));
  script.answer(200, R"({"IdentityId":"eu-west-1:new"})");
  EXPECT_THAT(asked(), HasSubstr("eu-west-1:new"));
  script.answer(400, R"({"__type":"NotAuthorizedException","message":"Access to Identity is forbidden"})");

  EXPECT_EQ(outcomes.code(), Errc::kNotAuthorized);
  EXPECT_EQ(script.waiting(), 0U);
}

TEST_F(CognitoSourceTest, IdentityThatWasGivenIsNotReplaced) {
  options.identity_id = "eu-west-1:given";
  make_it();
  script.answer(400, R"({"__type":"ResourceNotFoundException"})");
  EXPECT_EQ(outcomes.code(), Errc::kResourceNotFound);
}

TEST_F(CognitoSourceTest, TooManyRequestsAreRepeatedLater) {
  make_it();
  script.answer(400, R"({"__type":"TooManyRequestsException"})");
  EXPECT_EQ(script.waiting(), 0U);
  script.pass(seconds(2));
  EXPECT_THAT(asked(), HasSubstr(".GetId "));
}

TEST_F(CognitoSourceTest, PoolNamesItsRegionOrIsNone) {
  for (const char* pool : {"", "pool", ":pool", "Evil.Host/:pool"}) {
    options.identity_pool_id = pool;
    make_it();
    EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument) << pool;
  }
  options.identity_pool_id = "cn-north-1:pool";
  make_it();
  EXPECT_EQ(script.call().url.host, "cognito-identity.cn-north-1.amazonaws.com.cn");
}

TEST_F(CognitoSourceTest, AnswersAfterItHasGoneAreDropped) {
  make_it();
  source.reset();
  script.answer(200, R"({"IdentityId":"eu-west-1:me"})");
  EXPECT_TRUE(outcomes.results.empty());
  EXPECT_EQ(script.waiting(), 0U);
}

}  // namespace
}  // namespace heliograph::sdk
