// What `heliograph env` prints, and where it has it from.
#include "cli/env_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "support/temp_dir.hpp"

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class EnvCommandTest : public ::testing::Test {
 protected:
  void write(const char* name, const std::string& text) const { std::ofstream(dir.path() / name) << text; }

  test::TempDir dir;
};

constexpr const char* kCredentials = "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s/e+cret\n";

TEST_F(EnvCommandTest, NamesKeyRegionEndpointAndAuthorityOfTheRunningService) {
  write("credentials", kCredentials);
  write("runtime.json", R"({"httpsEndpoint":"https://localhost:4000","region":"eu-west-1","caFile":"/data/ca.pem"})");

  const auto variables = client_environment({.data_dir = dir.path()});

  ASSERT_TRUE(variables);
  const std::string text = to_shell(*variables);
  EXPECT_THAT(text, StartsWith("unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE\n"));
  EXPECT_THAT(text, HasSubstr("\nexport AWS_ACCESS_KEY_ID=AKIAEXAMPLE\n"));
  EXPECT_THAT(text, HasSubstr("\nexport AWS_SECRET_ACCESS_KEY=s/e+cret\n"));
  EXPECT_THAT(text, HasSubstr("\nexport AWS_REGION=eu-west-1\n"));
  EXPECT_THAT(text, HasSubstr("\nexport AWS_ENDPOINT_URL_KINESIS_VIDEO=https://localhost:4000\n"));
  EXPECT_THAT(text, HasSubstr("\nexport AWS_CA_BUNDLE=/data/ca.pem\n"));
}

TEST_F(EnvCommandTest, NamesNoAuthorityWhenTheCertificateIsTheOperatorsOwn) {
  write("credentials", kCredentials);
  write("runtime.json", R"({"httpsEndpoint":"https://cam.example","region":"us-east-1"})");

  ::setenv("AWS_CA_BUNDLE", "/of/environment.pem", 1);
  const auto variables = client_environment({.data_dir = dir.path()});
  ::unsetenv("AWS_CA_BUNDLE");

  ASSERT_TRUE(variables);
  EXPECT_THAT(to_shell(*variables), Not(HasSubstr("CA_BUNDLE")));
}

TEST_F(EnvCommandTest, SaysWhatToStartWhenThereIsNoService) {
  const auto variables = client_environment({.data_dir = dir.path()});

  ASSERT_FALSE(variables);
  EXPECT_THAT(variables.error().detail, HasSubstr("start heliographd"));
}

TEST_F(EnvCommandTest, DamagedFilesAreNamed) {
  write("credentials", kCredentials);
  write("runtime.json", "{");

  const auto variables = client_environment({.data_dir = dir.path()});

  ASSERT_FALSE(variables);
  EXPECT_THAT(variables.error().detail, HasSubstr("runtime.json is damaged"));
}

TEST(ToShellTest, ValuesSurviveTheShell) {
  EXPECT_THAT(to_shell({{"A", "plain/path.pem"}}), HasSubstr("\nexport A=plain/path.pem\n"));
  EXPECT_THAT(to_shell({{"A", ""}}), HasSubstr("\nexport A=''\n"));
  EXPECT_THAT(to_shell({{"A", "it's $HOME; rm"}}), HasSubstr("\nexport A='it'\\''s $HOME; rm'\n"));
}

}  // namespace
}  // namespace heliograph::cli
