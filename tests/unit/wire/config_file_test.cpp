// The two files that AWS tools share, read as those tools read them.
#include "wire/config_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

ConfigFile config(std::string_view text) {
  auto file = parse_config_file(text, ConfigFileKind::kConfig);
  EXPECT_TRUE(file) << file.error().detail;
  return file ? *file : ConfigFile{};
}

TEST(ConfigFileTest, ProfilesOfAConfigFileHaveTheWordAndTheDefaultNeedsNone) {
  const auto file = config(
      "[default]\nregion = us-west-2\n[profile cam]\nregion=eu-west-1\n[profile \"two words\"]\nregion=a\n"
      "[cam]\nregion = not-a-profile\n[sso-session x]\nsso_region = b\n");

  EXPECT_EQ(file.profiles.size(), 3U);
  EXPECT_EQ(file.profiles.at("default").get("region"), "us-west-2");
  EXPECT_EQ(file.profiles.at("cam").get("region"), "eu-west-1");
  EXPECT_EQ(file.profiles.at("two words").get("region"), "a");
}

TEST(ConfigFileTest, ProfilesOfACredentialsFileAreNamedAsTheyAre) {
  const auto file =
      parse_config_file("[cam]\naws_access_key_id = AKID\nAWS_Secret_Access_Key = a/b+c=\naws_session_token = t==\n",
                        ConfigFileKind::kCredentials);

  ASSERT_TRUE(file);
  const ConfigSection& cam = file->profiles.at("cam");
  EXPECT_EQ(cam.get("aws_access_key_id"), "AKID");
  EXPECT_EQ(cam.secret_access_key.reveal(), "a/b+c=");
  EXPECT_EQ(cam.session_token.reveal(), "t==");
  EXPECT_EQ(cam.settings.size(), 1U);
}

TEST(ConfigFileTest, BlanksCommentsAndLineEndsDoNotCount) {
  const auto file = config(
      "\xEF\xBB\xBF# first\r\n\r\n[ profile  cam ] ; the camera\r\n; region = no\r\n  region =  eu-west-1\t# home\r\n"
      "credential_process = run #not-quite a#b\r\n");

  EXPECT_EQ(file.profiles.at("cam").get("region"), "eu-west-1");
  EXPECT_EQ(file.profiles.at("cam").get("credential_process"), "run");
}

TEST(ConfigFileTest, SettingsBelowASettingHaveItsName) {
  const auto file = config(
      "[profile cam]\ns3 =\n  max_concurrent_requests = 20\n  addressing_style = path\nregion = eu-west-1\n"
      "[services here]\nsts =\n  endpoint_url = http://localhost:1\nkinesis_video =\n  endpoint_url = http://h:2\n");

  EXPECT_THAT(file.profiles.at("cam").settings,
              ElementsAre(Pair("region", "eu-west-1"), Pair("s3", ""), Pair("s3.addressing_style", "path"),
                          Pair("s3.max_concurrent_requests", "20")));
  EXPECT_EQ(file.services.at("here").get("sts.endpoint_url"), "http://localhost:1");
  EXPECT_EQ(file.services.at("here").get("kinesis_video.endpoint_url"), "http://h:2");
}

TEST(ConfigFileTest, SectionThatComesTwiceIsOneAndTheLaterValueCounts) {
  const auto file = config("[default]\nregion = a\noutput = json\n[profile default]\nregion = b\n");

  EXPECT_THAT(file.profiles.at("default").settings, ElementsAre(Pair("output", "json"), Pair("region", "b")));
}

TEST(ConfigFileTest, MergedKeyBringsItsOwnTokenOrNone) {
  ConfigSection below{{{"region", "a"}, {"aws_access_key_id", "old"}}, Secret("old"), Secret("old token")};
  const ConfigSection above{{{"aws_access_key_id", "new"}}, Secret("new"), Secret()};

  below.merge(above);

  EXPECT_EQ(below.get("aws_access_key_id"), "new");
  EXPECT_EQ(below.get("region"), "a");
  EXPECT_EQ(below.secret_access_key.reveal(), "new");
  EXPECT_TRUE(below.session_token.empty());
}

TEST(ConfigFileTest, WhatIsNoSettingIsRefusedByItsLineAndNotQuoted) {
  const struct {
    const char* text;
    const char* why;
  } cases[] = {
      {"[default]\n\nwJalrXUtnFEMI\n", "line 3: expected 'key = value'"},
      {"[default\n", "line 1: a section has no closing ']'"},
      {"region = wJalrXUtnFEMI\n", "line 1: a setting stands before the first section"},
      {"[default]\n = wJalrXUtnFEMI\n", "line 2: a setting has no name"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto file = parse_config_file(c.text, ConfigFileKind::kConfig);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Errc::kCorrupt);
    EXPECT_THAT(file.error().detail, HasSubstr(c.why));
    EXPECT_THAT(file.error().detail, Not(HasSubstr("wJalrXUtnFEMI")));
  }
}

}  // namespace
}  // namespace heliograph::wire
