// Profiles: what the two files say is to be done, and the doing of it.
#include "sdk/credentials/profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/source_fixture.hpp"

namespace heliograph::sdk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kKeys = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n";

class ProfileSourceTest : public test::SourceFixture {
 protected:
  ProfileSourceTest() {
    script.variables["AWS_CONFIG_FILE"] = (dir / "config").string();
    script.variables["AWS_SHARED_CREDENTIALS_FILE"] = (dir / "credentials").string();
    make<ProfileSource>(ProfileCredentialsOptions{});
  }
  std::string ask(const std::string& profile) {
    script.variables["AWS_PROFILE"] = profile;
    fetch();
    return outcomes.last();
  }
  std::string role_answer(const std::string& id) const {
    return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + id +
           "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" +
           end_in(std::chrono::minutes(60)) + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
  }
  /// Whose key the waiting request is signed with.
  std::string signer() const {
    const std::string header = script.header("Authorization");
    const auto from = header.find("Credential=") + 11;
    return header.substr(from, header.find('/', from) - from);
  }
};

TEST_F(ProfileSourceTest, KeyOfTheChosenProfileIsGivenTheCredentialsFileFirst) {
  file("credentials", std::string(kKeys) + "[cam]\naws_access_key_id = AKIACAM\naws_secret_access_key = s\n");
  file("config",
       "[profile cam]\naws_access_key_id = old\naws_secret_access_key = old\naws_session_token = old\n"
       "[profile only]\naws_access_key_id = AKIAONLY\naws_secret_access_key = s\naws_session_token = tok\n");

  EXPECT_EQ(ask(""), "AKIADEFAULT");
  EXPECT_EQ(ask("cam"), "AKIACAM");
  EXPECT_TRUE(outcomes.results.back()->session_token.empty());
  EXPECT_EQ(ask("only"), "AKIAONLY");
  EXPECT_EQ(outcomes.results.back()->session_token.reveal(), "tok");
}

TEST_F(ProfileSourceTest, OptionsCountBeforeVariablesAndTheHomeIsTheUsualPlace) {
  file("other", "[cam]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s\n");
  ProfileCredentialsOptions options;
  options.profile = "cam";
  options.credentials_file = (dir / "other").string();
  make<ProfileSource>(options);
  EXPECT_EQ(ask("no-such"), "AKIAOTHER");

  std::filesystem::create_directory(dir / ".aws");
  file(".aws/credentials", kKeys);
  script.variables = {{"HOME", dir.path().string()}};
  make<ProfileSource>(ProfileCredentialsOptions{});
  fetch();
  EXPECT_EQ(outcomes.last(), "AKIADEFAULT");
  script.variables["AWS_SHARED_CREDENTIALS_FILE"] = "~/other";
  EXPECT_EQ(ask("cam"), "AKIAOTHER");
}

TEST_F(ProfileSourceTest, WithoutFilesItIsNotSetUpUnlessAProfileWasNamed) {
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_THAT(outcomes.last(), HasSubstr((dir / "credentials").string()));
  ask("cam");
  EXPECT_EQ(outcomes.code(), Errc::kResourceNotFound);
  file("config", "[default]\nregion = eu-west-1\n");
  ask("");
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_THAT(outcomes.last(), HasSubstr("has no credentials"));
}

TEST_F(ProfileSourceTest, RoleIsAssumedWithTheKeyOfItsSourceProfile) {
  file("credentials", kKeys);
  file("config",
       "[profile cam]\nrole_arn = arn:aws:iam::1:role/camera\nsource_profile = default\nexternal_id = 42\n"
       "role_session_name = front\nduration_seconds = 1800\nregion = eu-west-1\n");
  ask("cam");

  EXPECT_EQ(script.call().url.host, "sts.eu-west-1.amazonaws.com");
  EXPECT_THAT(script.call().body, HasSubstr("&RoleSessionName=front&ExternalId=42&DurationSeconds=1800"));
  EXPECT_EQ(signer(), "AKIADEFAULT");
  script.answer(200, role_answer("ASIACAM"));
  EXPECT_EQ(outcomes.last(), "ASIACAM");
}

TEST_F(ProfileSourceTest, RolesOfRolesAreAssumedInTurn) {
  file("credentials", kKeys);
  file("config",
       "[profile a]\nrole_arn = arn:aws:iam::1:role/aaaaa\nsource_profile = b\n"
       "[profile b]\nrole_arn = arn:aws:iam::1:role/bbbbb\nsource_profile = c\n"
       "[profile c]\nrole_arn = arn:aws:iam::1:role/ccccc\nsource_profile = default\n");
  ask("a");

  for (const char* role : {"ccccc", "bbbbb", "aaaaa"}) {
    EXPECT_THAT(script.call().body, HasSubstr(role));
    script.answer(200, role_answer(std::string("ASIA") + role));
  }
  EXPECT_EQ(outcomes.last(), "ASIAaaaaa");
}

TEST_F(ProfileSourceTest, ProfileMayAssumeItsRoleWithItsOwnKey) {
  file("config",
       "[profile cam]\nrole_arn = arn:aws:iam::1:role/camera\nsource_profile = cam\n"
       "aws_access_key_id = AKIACAM\naws_secret_access_key = s\n");
  ask("cam");
  EXPECT_EQ(signer(), "AKIACAM");
}

TEST_F(ProfileSourceTest, CredentialSourceIsOneOfThree) {
  file("config",
       "[profile e]\nrole_arn = arn:aws:iam::1:role/camera\ncredential_source = Environment\n"
       "[profile i]\nrole_arn = arn:aws:iam::1:role/camera\ncredential_source = Ec2InstanceMetadata\n"
       "[profile c]\nrole_arn = arn:aws:iam::1:role/camera\ncredential_source = EcsContainer\n"
       "[profile x]\nrole_arn = arn:aws:iam::1:role/camera\ncredential_source = Elsewhere\n");
  script.variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  script.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  ask("e");
  EXPECT_EQ(signer(), "AKIAENV");
  script.answer(200, role_answer("ASIA"));
  ask("i");
  EXPECT_EQ(script.call().url.target, "/latest/api/token");
  script.fail(Errc::kIo);
  EXPECT_EQ(outcomes.code(), Errc::kNotAuthorized) << "a chain must not pass this over";
  ask("c");
  EXPECT_THAT(outcomes.last(), HasSubstr("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
  EXPECT_THAT(ask("x"), HasSubstr("Elsewhere"));
}

TEST_F(ProfileSourceTest, WebIdentityOfAProfileIsUnsigned) {
  file("config", "[profile cam]\nrole_arn = arn:aws:iam::1:role/camera\nweb_identity_token_file = " +
                     file("token", "eyJ.a.b") + "\n");
  ask("cam");
  EXPECT_THAT(script.call().body, HasSubstr("WebIdentityToken=eyJ.a.b"));
}

TEST_F(ProfileSourceTest, EndpointOfAProfileIsUsedForItsRole) {
  file("credentials", kKeys);
  file("config",
       "[profile a]\nrole_arn = arn:aws:iam::1:role/camera\nsource_profile = default\nservices = here\n"
       "endpoint_url = http://all:1\n[services here]\nsts =\n  endpoint_url = http://sts:2\n"
       "[profile b]\nrole_arn = arn:aws:iam::1:role/camera\nsource_profile = default\nendpoint_url = http://all:1\n");
  ask("a");
  EXPECT_EQ(script.call().url.text(), "http://sts:2/");
  script.fail(Errc::kClosed);
  ask("b");
  EXPECT_EQ(script.call().url.text(), "http://all:1/");
  script.fail(Errc::kClosed);
  script.variables["AWS_ENDPOINT_URL"] = "http://variable:3";
  ask("a");
  EXPECT_EQ(script.call().url.text(), "http://variable:3/");
}

TEST_F(ProfileSourceTest, WhatMakesNoSenseIsRefusedByName) {
  file("credentials", kKeys);
  const std::string role = "role_arn = arn:aws:iam::1:role/camera\n";
  file("config", "[profile circle]\n" + role + "source_profile = round\n[profile round]\n" + role +
                     "source_profile = circle\n[profile self]\n" + role + "source_profile = self\n[profile both]\n" +
                     role + "source_profile = default\ncredential_source = Environment\n[profile neither]\n" + role +
                     "[profile mfa]\n" + role + "source_profile = default\nmfa_serial = arn:mfa\n[profile gone]\n" +
                     role + "source_profile = nowhere\n[profile empty]\n" + role +
                     "source_profile = void\n[profile void]\nregion = a\n[profile half]\naws_access_key_id = A\n"
                     "[profile other]\naws_secret_access_key = hush\n[profile token]\nweb_identity_token_file = /t\n"
                     "[profile long]\n" +
                     role +
                     "source_profile = default\nduration_seconds = soon\n"
                     "[profile sso]\nsso_session = corp\nsso_account_id = 1\n");
  const struct {
    const char* profile;
    const char* why;
  } cases[] = {{"circle", "circle → round → circle"},
               {"self", "self → self"},
               {"both", "both source_profile and credential_source"},
               {"neither", "neither source_profile nor credential_source"},
               {"mfa", "mfa_serial"},
               {"gone", "there is no profile \"nowhere\""},
               {"empty", "profile \"void\": it is a source_profile, and has no credentials"},
               {"half", "no aws_secret_access_key"},
               {"other", "no aws_access_key_id"},
               {"token", "no role_arn"},
               {"long", "duration_seconds"},
               {"sso", "IAM Identity Center (sso_account_id), which is not offered"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.profile);
    EXPECT_THAT(ask(c.profile), HasSubstr(c.why));
    EXPECT_NE(outcomes.code(), Errc::kMissingAuthenticationToken);
    EXPECT_THAT(outcomes.last(), Not(HasSubstr("hush")));
    EXPECT_EQ(script.waiting(), 0U);
  }
}

TEST_F(ProfileSourceTest, FileThatIsNoneIsNamedWithItsLine) {
  file("credentials", "[default]\nwJalrXUtnFEMI\n");
  fetch();
  EXPECT_EQ(outcomes.code(), Errc::kCorrupt);
  EXPECT_EQ(outcomes.last(),
            "error: profile: " + (dir / "credentials").string() + ", line 2: expected 'key = value' or '[section]'");
}

TEST_F(ProfileSourceTest, RegionIsThatOfVariablesThenOfTheProfile) {
  file("config", "[default]\nregion = eu-west-1\n[profile cam]\nregion = eu-north-1\n");
  const auto region = [this](const std::string& profile) {
    ProfileChoice choice;
    choice.profile = profile;
    return find_region(choice, script.world().variable);
  };
  EXPECT_EQ(region(""), "eu-west-1");
  EXPECT_EQ(region("cam"), "eu-north-1");
  EXPECT_EQ(region("no-such"), "");
  script.variables["AWS_PROFILE"] = "cam";
  EXPECT_EQ(region(""), "eu-north-1");
  script.variables["AWS_DEFAULT_REGION"] = "us-east-2";
  EXPECT_EQ(region(""), "us-east-2");
  script.variables["AWS_REGION"] = "us-west-2";
  EXPECT_EQ(region("cam"), "us-west-2");
}

}  // namespace
}  // namespace heliograph::sdk
