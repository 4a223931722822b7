// Containers and instances: the endpoints that a machine has for those who run on it, one answer at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/credentials/container.hpp"
#include "sdk/credentials/instance.hpp"
#include "support/source_fixture.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

using ContainerSourceTest = test::SourceFixture;

TEST_F(ContainerSourceTest, RelativeUriGoesToTheAgentAndWinsOverTheFullOne) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1?x=y";
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://localhost:1/";
  fetch();

  EXPECT_EQ(script.call().method, "GET");
  EXPECT_EQ(script.call().url.authority() + script.call().url.target, "169.254.170.2/v2/credentials/1?x=y");
  EXPECT_EQ(script.header("Accept"), "application/json");
  EXPECT_EQ(script.header("Authorization"), "");
  script.answer(200, container_json());

  EXPECT_EQ(outcomes.last(), "ASIA");
}

TEST_F(ContainerSourceTest, TokenFileIsReadForEachRequestAndWinsOverTheVariable) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/creds";
  script.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "of the variable";
  fetch();
  EXPECT_EQ(script.header("Authorization"), "of the variable");
  script.answer(200, container_json());

  script.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file("token", "first\n");
  fetch();
  EXPECT_EQ(script.header("Authorization"), "first");
  script.answer(200, container_json());
  file("token", "second");
  fetch();
  EXPECT_EQ(script.header("Authorization"), "second");
}

TEST_F(ContainerSourceTest, TokenWithALineBreakIsNotSent) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/creds";
  for (const char* token : {"a\r\nX-Other: b", "a\nb", "a\rb"}) {
    script.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file("token", token);
    fetch();
    EXPECT_EQ(script.waiting(), 0U);
    EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
    EXPECT_THAT(outcomes.last(), Not(HasSubstr("X-Other")));
  }
}

TEST_F(ContainerSourceTest, PlainHttpGoesToKnownHostsOnly) {
  for (const char* host : {"localhost", "127.0.0.1", "127.200.0.9", "::1", "169.254.170.2", "169.254.170.23",
                           "fd00:ec2::23", "FD00:EC2:0::23"})
    EXPECT_TRUE(may_be_asked_in_the_clear(host)) << host;
  for (const char* host : {"169.254.169.254", "169.254.170.24", "10.0.0.1", "fd00:ec2::24", "example.com",
                           "localhost.example.com", "127.0.0.1.example.com", "::", "0.0.0.0", ""})
    EXPECT_FALSE(may_be_asked_in_the_clear(host)) << host;

  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/creds";
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kTlsRequired);
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://example.com/creds";
  fetch();
  EXPECT_EQ(script.call().url.host, "example.com");
}

TEST_F(ContainerSourceTest, ThreeTriesAreMadeASecondApart) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2";
  fetch();
  script.fail(Errc::kTimeout);
  EXPECT_EQ(script.waiting(), 0U);
  script.pass(std::chrono::milliseconds(999));
  EXPECT_EQ(script.waiting(), 0U);
  script.pass(std::chrono::milliseconds(501));
  script.answer(500, "");
  script.pass(seconds(2));
  script.answer(429, R"({"Code":"Throttled","Message":"too often"})");

  EXPECT_EQ(outcomes.code(), Errc::kClientLimitExceeded);
  EXPECT_THAT(outcomes.last(), HasSubstr("429: Throttled (too often)"));
  EXPECT_EQ(script.waiting(), 0U);
}

TEST_F(ContainerSourceTest, RefusalIsToldAtOnceAndWithoutTheToken) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://localhost/";
  script.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "hush-hush";
  fetch();

  script.answer(403, R"({"Code":"AccessDenied","Message":"hush-hush is not\nknown"})");

  EXPECT_EQ(outcomes.code(), Errc::kAccessDenied);
  EXPECT_EQ(outcomes.last(), "error: container: the endpoint answered 403: AccessDenied ([removed] is not known)");
}

TEST_F(ContainerSourceTest, WithoutVariablesItIsNotSetUp) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);

  script.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = ".evil.example/v2";
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kInvalidArgument);
}

TEST_F(ContainerSourceTest, EndIsTakenByTheServersClockWhenOursIsOff) {
  make<ContainerSource>(ContainerCredentialsOptions{});
  script.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://localhost/";
  fetch();
  script.answer_at(script.clock->wall_now() - minutes(120), 200, container_json(minutes(-60)));

  ASSERT_EQ(outcomes.last(), "ASIA");
  const auto left = *outcomes.results[0]->expires - script.clock->wall_now();
  EXPECT_NEAR(static_cast<double>(std::chrono::duration_cast<seconds>(left).count()), 3600, 1);
}

class InstanceSourceTest : public test::SourceFixture {
 protected:
  InstanceSourceTest() { make<InstanceSource>(InstanceCredentialsOptions{}); }
  std::string asked() const { return script.call().method + " " + script.call().url.text(); }
  void answer_role(const std::string& json) {
    script.answer(200, "token");
    script.answer(200, "camera\n");
    script.answer(200, json);
  }
  std::string good() const { return "{\"Code\":\"Success\"," + container_json().substr(1); }
};

TEST_F(InstanceSourceTest, TokenRoleAndCredentialsAreAskedForInTurn) {
  fetch();
  EXPECT_EQ(asked(), "PUT http://169.254.169.254/latest/api/token");
  EXPECT_EQ(script.header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(script.call().timeout, seconds(1));
  script.answer(200, "token==");
  EXPECT_EQ(asked(), "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/");
  EXPECT_EQ(script.header("x-aws-ec2-metadata-token"), "token==");
  script.answer(200, "camera role\n");
  EXPECT_EQ(outcomes.code(), Errc::kCorrupt) << "a blank is in no role's name";

  fetch();
  script.answer(200, "token==");
  script.answer(200, "camera@1\nother");
  EXPECT_EQ(asked(), "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/camera%401");
  EXPECT_EQ(script.header("x-aws-ec2-metadata-token"), "token==");
  script.answer(200, good());
  EXPECT_EQ(outcomes.last(), "ASIA");
}

TEST_F(InstanceSourceTest, WithoutATokenItGoesOnAsVersionOneUnlessForbidden) {
  for (const int status : {403, 404, 405, 0}) {
    SCOPED_TRACE(status);
    fetch();
    if (status == 0)
      script.fail(Errc::kTimeout);
    else
      script.answer(status, "");
    EXPECT_EQ(script.call().method, "GET");
    EXPECT_EQ(script.header("x-aws-ec2-metadata-token"), "");
    script.answer(200, "camera");
    script.answer(200, good());
    EXPECT_EQ(outcomes.last(), "ASIA");
  }
  script.variables["AWS_EC2_METADATA_V1_DISABLED"] = "True";
  fetch();
  script.answer(404, "");
  EXPECT_THAT(outcomes.last(), HasSubstr("version 1 is not allowed"));
  fetch();
  script.fail(Errc::kTimeout);
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
}

TEST_F(InstanceSourceTest, BadRequestForATokenIsTheEnd) {
  fetch();
  script.answer(400, "");
  EXPECT_EQ(outcomes.code(), Errc::kBadRequest);
}

TEST_F(InstanceSourceTest, WhereNobodyAnswersItIsNotSetUpAtOnce) {
  fetch();
  script.fail(Errc::kIo);
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_THAT(outcomes.last(), HasSubstr("no metadata service answers"));

  fetch();
  script.fail(Errc::kTimeout);
  script.fail(Errc::kTimeout);
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_EQ(script.waiting(), 0U);
}

TEST_F(InstanceSourceTest, AtAnAddressThatSomebodyGaveSilenceIsAFailure) {
  script.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1338/";
  fetch();
  EXPECT_EQ(asked(), "PUT http://127.0.0.1:1338/latest/api/token");
  script.fail(Errc::kIo);
  EXPECT_EQ(outcomes.code(), Errc::kIo);
  EXPECT_THAT(outcomes.last(), HasSubstr("http://127.0.0.1:1338/"));
}

TEST_F(InstanceSourceTest, ServiceInTroubleIsAskedAgain) {
  fetch();
  script.answer(503, "");
  script.pass(seconds(2));
  script.answer(200, "token");
  script.fail(Errc::kTimeout);
  script.pass(seconds(2));
  script.answer(200, "camera");
  for (int i = 0; i < 3; ++i) {
    script.answer(500, "");
    script.pass(seconds(2));
  }
  EXPECT_EQ(outcomes.code(), Errc::kServiceUnavailable);
  EXPECT_EQ(script.waiting(), 0U);
}

TEST_F(InstanceSourceTest, NoRoleAndSwitchedOffAreNotSetUp) {
  fetch();
  script.answer(200, "token");
  script.answer(404, "");
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_THAT(outcomes.last(), HasSubstr("no role is attached"));

  script.variables["AWS_EC2_METADATA_DISABLED"] = "TRUE";
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_EQ(script.waiting(), 0U);
}

TEST_F(InstanceSourceTest, RefusalThatComesWithStatus200IsOne) {
  fetch();
  answer_role(R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"})");

  EXPECT_EQ(outcomes.code(), Errc::kAccessDenied);
  EXPECT_THAT(outcomes.last(), HasSubstr("AssumeRoleUnauthorizedAccess: EC2 cannot assume the role"));
}

TEST_F(InstanceSourceTest, ModeChoosesTheAddressOfIpVersion6) {
  script.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  fetch();
  EXPECT_EQ(asked(), "PUT http://[fd00:ec2::254]/latest/api/token");
}

}  // namespace
}  // namespace heliograph::sdk
