// Options, environment, rules: which wins, and what contradicts what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "sdk/channel/settings.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::sdk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ChannelSettingsTest : public ::testing::Test {
 protected:
  ChannelSettingsTest() { options.credentials = static_credentials({"id", Secret("secret"), {}, {}}); }
  Result<ChannelSettings> settings() {
    return to_settings(options, [this](const char* name) { return variables[name]; }, profile);
  }
  std::string endpoint() {
    const auto found = settings();
    return found ? found->options.endpoint : found.error().detail;
  }

  /// The profile of a config file.
  void write_profile(const std::string& text) {
    const auto path = dir.path() / "config";
    std::ofstream(path) << text;
    variables["AWS_CONFIG_FILE"] = path.string();
    variables["AWS_SHARED_CREDENTIALS_FILE"] = (dir.path() / "none").string();
    profile = read_profile_endpoints([this](const char* name) { return variables[name]; });
  }

  test::TempDir dir;
  Result<ProfileEndpoints> profile = ProfileEndpoints{};
  ChannelClient::Options options;
  std::map<std::string, std::string> variables{{"AWS_REGION", "us-west-2"}};
};

TEST_F(ChannelSettingsTest, RegionIsTheOptionsThenOfTheTwoVariables) {
  variables["AWS_DEFAULT_REGION"] = "eu-west-3";
  EXPECT_EQ(settings()->options.region, "us-west-2");
  variables.erase("AWS_REGION");
  EXPECT_EQ(settings()->options.region, "eu-west-3");
  options.region = "ap-south-1";
  EXPECT_EQ(settings()->options.region, "ap-south-1");
}

TEST_F(ChannelSettingsTest, WithoutRegionOrCredentialsItSaysWhatToSet) {
  variables.clear();
  EXPECT_THAT(endpoint(), HasSubstr("AWS_REGION"));
  options.credentials.reset();
  EXPECT_THAT(endpoint(), HasSubstr("Options::credentials"));
}

TEST_F(ChannelSettingsTest, EndpointIsTheOptionThenTheServicesVariableThenTheGeneralOneThenAwss) {
  EXPECT_EQ(endpoint(), "https://kinesisvideo.us-west-2.amazonaws.com");
  EXPECT_EQ(settings()->stun_uri, "stun:stun.kinesisvideo.us-west-2.amazonaws.com:443");
  variables["AWS_ENDPOINT_URL"] = "https://all.example.org";
  EXPECT_EQ(endpoint(), "https://all.example.org");
  EXPECT_EQ(settings()->stun_uri, "");
  variables["AWS_ENDPOINT_URL_KINESIS_VIDEO"] = "https://video.example.org";
  EXPECT_EQ(endpoint(), "https://video.example.org");
  options.endpoint = "http://localhost:3000";
  EXPECT_EQ(endpoint(), "http://localhost:3000");
  EXPECT_EQ(settings()->control_plane.port, 3000);
}

TEST_F(ChannelSettingsTest, ConfiguredEndpointsCanBeIgnored) {
  variables["AWS_ENDPOINT_URL"] = "https://all.example.org";
  variables["AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING"] = "https://signaling.example.org";
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";

  const auto found = settings();

  ASSERT_TRUE(found);
  EXPECT_EQ(found->options.endpoint, "https://kinesisvideo.us-west-2.amazonaws.com");
  EXPECT_FALSE(found->signaling);
}

TEST_F(ChannelSettingsTest, OtherServicesHaveVariablesOfTheirOwn) {
  variables["AWS_ENDPOINT_URL"] = "https://all.example.org";
  variables["AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING"] = "https://signaling.example.org/";
  variables["AWS_ENDPOINT_URL_KINESIS_VIDEO_WEBRTC_STORAGE"] = "https://storage.example.org/base/";

  const auto found = settings();

  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(with_path(*found->signaling, "/v1/get-ice-server-config").text(),
            "https://signaling.example.org/v1/get-ice-server-config");
  EXPECT_EQ(with_path(*found->storage, "/joinStorageSession").text(),
            "https://storage.example.org/base/joinStorageSession");
}

TEST_F(ChannelSettingsTest, FipsAndDualStackComeFromOptionsOrVariables) {
  variables["AWS_USE_FIPS_ENDPOINT"] = "True";
  EXPECT_EQ(endpoint(), "https://kinesisvideo-fips.us-west-2.amazonaws.com");
  variables["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
  EXPECT_EQ(endpoint(), "https://kinesisvideo-fips.us-west-2.api.aws");
  options.use_fips = false;
  EXPECT_EQ(endpoint(), "https://kinesisvideo.us-west-2.api.aws");
}

TEST_F(ChannelSettingsTest, ProfileNamesEndpointsBehindTheVariables) {
  write_profile(
      "[default]\nendpoint_url = https://all.example.org\nservices = mine\n"
      "[services mine]\nkinesis_video_signaling =\n  endpoint_url = https://signaling.example.org\n"
      "kinesis_video_webrtc_storage =\n  endpoint_url = https://storage.example.org\n");
  EXPECT_EQ(endpoint(), "https://all.example.org");
  EXPECT_EQ(settings()->signaling->text(), "https://signaling.example.org");
  EXPECT_EQ(settings()->storage->text(), "https://storage.example.org");
  variables["AWS_ENDPOINT_URL"] = "https://variable.example.org";
  EXPECT_EQ(endpoint(), "https://variable.example.org");

  write_profile(
      "[default]\nendpoint_url = https://all.example.org\nservices = mine\n"
      "[services mine]\nkinesis_video =\n  endpoint_url = https://video.example.org\n");
  variables.erase("AWS_ENDPOINT_URL");
  EXPECT_EQ(endpoint(), "https://video.example.org");
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(endpoint(), "https://kinesisvideo.us-west-2.amazonaws.com");
}

TEST_F(ChannelSettingsTest, ProfileHasConfiguredEndpointsIgnoredAndAsksForFipsAndDualStack) {
  write_profile(
      "[default]\nendpoint_url = https://all.example.org\nignore_configured_endpoint_urls = true\n"
      "use_fips_endpoint = true\nuse_dualstack_endpoint = True\n");
  variables["AWS_ENDPOINT_URL"] = "https://variable.example.org";
  EXPECT_EQ(endpoint(), "https://kinesisvideo-fips.us-west-2.api.aws");
  variables["AWS_USE_FIPS_ENDPOINT"] = "false";
  EXPECT_EQ(endpoint(), "https://kinesisvideo.us-west-2.api.aws");
  variables["AWS_USE_DUALSTACK_ENDPOINT"] = "false";
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  EXPECT_EQ(endpoint(), "https://variable.example.org");
}

TEST_F(ChannelSettingsTest, ProfileThatCannotBeReadIsAnErrorOnlyWhereItIsNeeded) {
  write_profile("[default\n");
  EXPECT_THAT(endpoint(), HasSubstr((dir.path() / "config").string()));
  options.endpoint = "https://mine.example.org";
  EXPECT_EQ(endpoint(), "https://mine.example.org");
}

TEST_F(ChannelSettingsTest, FipsOrDualStackWithACustomEndpointIsAnErrorThatSaysSo) {
  options.endpoint = "https://localhost:3000";
  options.use_fips = true;
  EXPECT_THAT(endpoint(), HasSubstr("FIPS and the custom endpoint 'https://localhost:3000' do not go together"));
  options.use_fips = false;
  options.use_dualstack = true;
  EXPECT_THAT(endpoint(), HasSubstr("dual-stack and the custom endpoint"));
  EXPECT_EQ(settings().error().code, Errc::kInvalidArgument);
}

TEST_F(ChannelSettingsTest, EndpointsThatAreNoneAreNamed) {
  for (const char* wrong : {"localhost:3000", "wss://localhost", "https://"}) {
    SCOPED_TRACE(wrong);
    options.endpoint = wrong;
    EXPECT_THAT(endpoint(), HasSubstr(std::string("the endpoint '") + wrong));
  }
}

TEST_F(ChannelSettingsTest, PasswordOrQueryInAnEndpointIsNotQuoted) {
  for (const char* text : {"http://u:secretpw@host", "http://u:secret/pw@host:1/x", "http://host/?key=secret",
                           "u:secretpw@host", "http://host/x?secret@y"}) {
    SCOPED_TRACE(text);
    options.endpoint = text;
    const auto refused = settings();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, Not(HasSubstr("secret")));
    EXPECT_THAT(refused.error().detail, HasSubstr("[removed]"));
  }
  options.use_fips = true;
  options.endpoint = "http://u:secretpw@host";
  EXPECT_THAT(endpoint(), HasSubstr("the custom endpoint 'http://[removed]@host'"));
}

TEST_F(ChannelSettingsTest, TimesAndTriesThatMakeNoSenseAreRefused) {
  options.max_attempts = 0;
  EXPECT_THAT(endpoint(), HasSubstr("max_attempts"));
  options.max_attempts = 1;
  options.call_timeout = {};
  EXPECT_THAT(endpoint(), HasSubstr("timeouts"));
  options.call_timeout = std::chrono::seconds(1);
  options.ice_grace = std::chrono::seconds(-1);
  EXPECT_THAT(endpoint(), HasSubstr("negative"));
}

TEST_F(ChannelSettingsTest, TimesThatAreForEverCanBeAddedToTheTime) {
  options.endpoint_life = options.ice_grace = std::chrono::seconds::max();
  for (auto* time : {&options.connect_timeout, &options.call_timeout, &options.total_timeout, &options.retry_base,
                     &options.retry_cap})
    *time = std::chrono::milliseconds::max();

  const auto taken = settings()->options;

  const auto now = std::chrono::steady_clock::now();
  for (const auto time :
       {taken.connect_timeout, taken.call_timeout, taken.total_timeout, taken.retry_base, taken.retry_cap,
        std::chrono::milliseconds(taken.endpoint_life), std::chrono::milliseconds(taken.ice_grace)})
    EXPECT_GT(now + time, now + std::chrono::hours(24 * 365));
}

}  // namespace
}  // namespace heliograph::sdk
