// Flags, variables and the file: what they give, and how a mistake is told.
#include "server/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "server/setting_texts.hpp"
#include "support/test_world.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

std::variant<Config, ExitRequest> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "heliographd");
  return parse_config(static_cast<int>(arguments.size()), arguments.data());
}

TEST(ConfigTest, DefaultsServeLoopbackWithOpenLimits) {
  const auto parsed = parse({});

  const auto& config = std::get<Config>(parsed);
  ASSERT_EQ(config.listen.size(), 1U);
  EXPECT_EQ(config.listen[0].address, "127.0.0.1");
  EXPECT_EQ(config.listen[0].port, 3000);
  EXPECT_EQ(config.region, "us-east-1");
  EXPECT_EQ(config.account, "000000000000");
  EXPECT_EQ(config.limits.max_viewers, core::open_limits().max_viewers);
  EXPECT_EQ(config.turn.mode, TurnMode::kAuto);
}

TEST(ConfigTest, ListenIsRepeatableAndTakesIpv6) {
  const auto parsed = parse({"--listen", "127.0.0.1:0", "--listen", "[::1]:8443", "--listen", ":443"});

  const auto& config = std::get<Config>(parsed);
  ASSERT_EQ(config.listen.size(), 3U);
  EXPECT_EQ(config.listen[1].address, "::1");
  EXPECT_EQ(config.listen[1].port, 8443);
  EXPECT_EQ(config.listen[2].address, "0.0.0.0");
}

TEST(ConfigTest, MistakesNameTheSettingAndWhatItTakes) {
  struct Case {
    std::vector<const char*> arguments;
    const char* said;
  };
  const Case cases[] = {
      {{"--listen", "localhost"}, "has no port"},
      {{"--listen", "::1:3000"}, "without brackets"},
      {{"--listen", "127.0.0.1:99999"}, "not a number from 0 to 65535"},
      {{"--region", "US EAST"}, "not a region"},
      {{"--account", "12"}, "12 digits"},
      {{"--limits", "none"}, "--limits"},
      {{"--tls-cert", "a.pem"}, "go together"},
      {{"--turn", "external"}, "--turn-uri"},
      {{"--turn-relay-ports", "9-1"}, "LOW-HIGH"},
      {{"--listen", "example.com:3000"}, "address of this machine"},
      {{"--turn-port", "4000", "--turn-tls-port", "4000"}, "must differ"},
      {{"--turn-allow-peer", "192.168.1.9-192.168.1.1"}, "LOW-HIGH"},
      {{"--console-login", "never"}, "--console-login"},
      {{"--nonsense"}, "--nonsense"},
      {{"--drain-notice", "-1"}, "--drain-notice"},
      {{"--drain-window", "soon"}, "auto, or a number of seconds"},
      {{"--limit", "viewers=5"}, "max-viewers"},
      {{"--limit", "idle-timeout=10"}, "unit s, m or h"},
      {{"--limit", "max-message=100"}, "leaves no room for max-payload"},
      {{"--throttle-status", "503"}, "--throttle-status"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.arguments.front());

    const auto parsed = parse(c.arguments);

    ASSERT_TRUE(std::holds_alternative<ExitRequest>(parsed));
    EXPECT_THAT(std::get<ExitRequest>(parsed).text, HasSubstr(c.said));
    EXPECT_NE(std::get<ExitRequest>(parsed).code, 0);
  }
}

TEST(ConfigTest, DrainTimesAreSecondsOrAuto) {
  const auto standard = std::get<Config>(parse({}));
  const auto given = std::get<Config>(parse({"--drain-notice", "0.25", "--drain-window", "30"}));

  EXPECT_EQ(standard.drain.notice, std::chrono::milliseconds(0));
  EXPECT_EQ(standard.drain.window, std::nullopt);
  EXPECT_EQ(given.drain.notice, std::chrono::milliseconds(250));
  EXPECT_EQ(given.drain.window, std::chrono::seconds(30));
}

TEST(ConfigTest, HelpAndVersionExitWithZero) {
  for (const char* flag : {"--help", "--version"}) {
    const auto parsed = parse({flag});

    ASSERT_TRUE(std::holds_alternative<ExitRequest>(parsed));
    EXPECT_EQ(std::get<ExitRequest>(parsed).code, 0);
    EXPECT_THAT(std::get<ExitRequest>(parsed).text, HasSubstr("heliographd"));
  }
}

TEST(ConfigTest, VariablesAndFileSetWhatFlagsDoNot) {
  const test::TempDir dir;
  const auto file = (dir.path() / "heliograph.toml").string();
  std::ofstream(file) << "region = \"eu-west-1\"\naccount = \"111122223333\"\nlimits = \"aws\"\n";
  ::setenv("HELIOGRAPH_REGION", "ap-south-1", 1);

  const auto from_variable = parse({"--config", file.c_str()});
  const auto from_flag = parse({"--config", file.c_str(), "--region", "us-west-2"});
  ::unsetenv("HELIOGRAPH_REGION");

  EXPECT_EQ(std::get<Config>(from_variable).region, "ap-south-1");
  EXPECT_EQ(std::get<Config>(from_variable).account, "111122223333");
  EXPECT_EQ(std::get<Config>(from_variable).limits.max_viewers, 10U);
  EXPECT_EQ(std::get<Config>(from_flag).region, "us-west-2");
}

TEST(ConfigTest, SingleLimitsChangeTheProfile) {
  const auto parsed = parse({"--limits", "aws", "--region", "us-west-2", "--limit", "max-viewers=50", "--limit",
                             "idle-timeout=1h,rate-offers=0", "--throttle-status", "429"});

  const auto& config = std::get<Config>(parsed);
  EXPECT_EQ(config.limits.max_viewers, 50U);
  EXPECT_EQ(config.limits.idle_timeout, std::chrono::hours(1));
  EXPECT_EQ(config.limits.rates.offers, 0U);
  EXPECT_EQ(config.limits.rates.answers, 5U);
  EXPECT_EQ(config.limits.max_payload, 10'000U);
  EXPECT_EQ(config.call_limits.max_channels, 10'000U);
  EXPECT_EQ(config.call_limits.of(Operation::kGetIceServerConfig).channel, 5U);
  EXPECT_EQ(config.throttle_status, 429);
}

TEST(ConfigTest, AwsProfileHoldsTheRelayToItsDocumentedQuotas) {
  const auto documented = std::get<Config>(parse({"--limits", "aws"})).turn.quotas;
  const auto given = std::get<Config>(parse({"--limits", "aws", "--turn-user-quota", "7"})).turn.quotas;
  const auto open = std::get<Config>(parse({})).turn.quotas;

  EXPECT_EQ(documented.allocation_kbps, 5'000U);
  EXPECT_EQ(documented.allocations_per_user, 50U);
  EXPECT_EQ(given.allocation_kbps, 5'000U);
  EXPECT_EQ(given.allocations_per_user, 7U);
  EXPECT_EQ(open.allocation_kbps, 50'000U);
  EXPECT_EQ(open.allocations_per_user, 500U);
}

TEST(ConfigTest, SingleLimitsComeFromVariableAndFileToo) {
  const test::TempDir dir;
  const auto file = (dir.path() / "heliograph.toml").string();
  std::ofstream(file) << "limit = [\"max-viewers=7\", \"max-duration=2h\"]\nthrottle-status = 429\n";

  const auto from_file = parse({"--config", file.c_str()});
  ::setenv("HELIOGRAPH_LIMIT", "max-viewers=8,rate-candidates=9", 1);
  const auto from_variable = parse({"--config", file.c_str()});
  const auto from_flag = parse({"--config", file.c_str(), "--limit", "max-viewers=9"});
  ::unsetenv("HELIOGRAPH_LIMIT");

  EXPECT_EQ(std::get<Config>(from_file).limits.max_viewers, 7U);
  EXPECT_EQ(std::get<Config>(from_file).limits.max_duration, std::chrono::hours(2));
  EXPECT_EQ(std::get<Config>(from_file).throttle_status, 429);
  EXPECT_EQ(std::get<Config>(from_variable).limits.max_viewers, 8U);
  EXPECT_EQ(std::get<Config>(from_variable).limits.rates.candidates, 9U);
  EXPECT_EQ(std::get<Config>(from_flag).limits.max_viewers, 9U);
}

TEST(ConfigTest, HelpNamesEveryLimitWithBothProfiles) {
  const auto parsed = parse({"--help"});

  const std::string& help = std::get<ExitRequest>(parsed).text;
  EXPECT_THAT(help, HasSubstr("--limit NAME=VALUE"));
  EXPECT_THAT(help, HasSubstr("max-waiting-messages"));
  EXPECT_THAT(help, HasSubstr("rate-ConnectAsViewer-per-channel"));
}

TEST(ConfigTest, MistakesInTheFileNameTheFileAndTheSettingInOneLine) {
  const test::TempDir dir;
  const auto file = (dir.path() / "heliograph.toml").string();
  struct Case {
    const char* text;
    const char* said;
  };
  for (const Case& c :
       {Case{"lisen = \"127.0.0.1:4000\"\n", "'lisen' is no setting, was listen meant? heliographd --help "},
        Case{"frobnicate = 1\n", "'frobnicate' is no setting; heliographd --help lists them"},
        Case{"limits = \"none\"\n", "--limits: none not in"},
        Case{"generate = \"man\"\n", "not allowed in a configuration file"}}) {
    SCOPED_TRACE(c.text);
    std::ofstream(file) << c.text;

    const auto parsed = parse({"--config", file.c_str()});

    ASSERT_TRUE(std::holds_alternative<ExitRequest>(parsed));
    const std::string& text = std::get<ExitRequest>(parsed).text;
    EXPECT_NE(std::get<ExitRequest>(parsed).code, 0);
    EXPECT_THAT(text, ::testing::StartsWith(file + ": "));
    EXPECT_THAT(text, HasSubstr(c.said));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("Run with")));
    EXPECT_EQ(text.find('\n'), text.size() - 1);
  }
}

TEST(ConfigTest, MistakeOnTheCommandLineIsNotTheFiles) {
  const test::TempDir dir;
  const auto file = (dir.path() / "heliograph.toml").string();
  std::ofstream(file) << "limits = \"aws\"\n";

  const auto parsed = parse({"--config", file.c_str(), "--limits", "none"});

  EXPECT_THAT(std::get<ExitRequest>(parsed).text, ::testing::StartsWith("--limits: none"));
}

TEST(ConfigTest, FileMayBeNamedByItsVariable) {
  const test::TempDir dir;
  const auto file = (dir.path() / "heliograph.toml").string();
  std::ofstream(file) << "region = \"eu-west-1\"\n";
  ::setenv("HELIOGRAPH_CONFIG", file.c_str(), 1);
  const auto named = parse({});
  ::setenv("HELIOGRAPH_CONFIG", (file + ".not").c_str(), 1);
  const auto missing = parse({});
  ::unsetenv("HELIOGRAPH_CONFIG");

  ASSERT_TRUE(std::holds_alternative<Config>(named));
  EXPECT_EQ(std::get<Config>(named).region, "eu-west-1");
  ASSERT_TRUE(std::holds_alternative<ExitRequest>(missing));
  EXPECT_THAT(std::get<ExitRequest>(missing).text, HasSubstr(file + ".not"));
}

TEST(ConfigTest, VariableHoldsSeveralAddressesWithCommas) {
  ::setenv("HELIOGRAPH_LISTEN", "127.0.0.1:4000,[::1]:4000", 1);
  const auto parsed = parse({});
  ::unsetenv("HELIOGRAPH_LISTEN");

  ASSERT_TRUE(std::holds_alternative<Config>(parsed));
  EXPECT_EQ(std::get<Config>(parsed).listen.size(), 2U);
}

TEST(ConfigTest, IdentitySettingsComeFromFlagsFileAndTheMasterKeyFromItsVariableOnly) {
  const test::TempDir dir;
  const auto file = dir.path() / "heliograph.toml";
  std::ofstream(file)
      << "oidc-issuer = [\"https://a.example=/a.json\", \"https://b.example=https://b.example/keys\"]\n";
  ::setenv("HELIOGRAPH_MASTER_KEY", "the-key", 1);
  const auto parsed = parse({"--config", file.c_str(), "--audit-log", "-", "--oidc-audience", "here"});
  const auto bad = parse({"--oidc-issuer", "https://a.example"});
  ::unsetenv("HELIOGRAPH_MASTER_KEY");

  const auto& config = std::get<Config>(parsed);
  EXPECT_EQ(config.audit_log, "-");
  EXPECT_THAT(config.oidc_issuers,
              ::testing::ElementsAre("https://a.example=/a.json", "https://b.example=https://b.example/keys"));
  EXPECT_THAT(config.oidc_audiences, ::testing::ElementsAre("here"));
  EXPECT_EQ(config.master_key.reveal(), "the-key");
  for (const auto& [name, value] : config.settings) EXPECT_EQ(value.find("the-key"), std::string::npos) << name;
  EXPECT_THAT(std::get<ExitRequest>(bad).text, HasSubstr("ISSUER=FILE or ISSUER=URL"));
  EXPECT_THAT(std::get<Config>(parse({})).oidc_audiences, ::testing::ElementsAre("sts.amazonaws.com"));
}

TEST(ConfigTest, LoopbackNamesAreKnown) {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"", "example.com", "127.0.0.1.example.com", "10.0.0.1", "localhost.evil.example"})
    EXPECT_FALSE(is_loopback(host)) << host;
}

TEST(ConfigTest, WebhooksHaveReceiversTimesAndASecretThatIsNoSetting) {
  ::setenv("HELIOGRAPH_WEBHOOK_SECRET", "from-the-environment", 1);
  const auto parsed = parse({"--webhook", "https://hooks.example/in?x=1", "--authorize-webhook", "http://127.0.0.1:9/",
                             "--webhook-timeout", "0.5", "--webhook-queue", "7", "--authorize-fallback", "allow"});
  const auto both = parse({"--webhook-secret-file", "/somewhere"});
  ::unsetenv("HELIOGRAPH_WEBHOOK_SECRET");

  const auto& config = std::get<Config>(parsed);
  EXPECT_EQ(config.events.webhook->host, "hooks.example");
  EXPECT_EQ(config.events.webhook->target, "/in?x=1");
  EXPECT_EQ(config.events.authorize_webhook->port, 9);
  EXPECT_EQ(config.events.timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(config.events.authorize_timeout, std::chrono::seconds(2));
  EXPECT_EQ(config.events.max_waiting, 7U);
  EXPECT_TRUE(config.events.allow_when_unreachable);
  EXPECT_EQ(config.events.secret.reveal(), "from-the-environment");
  for (const auto& [name, value] : config.settings) EXPECT_EQ(value.find("from-the-environment"), std::string::npos);
  ASSERT_TRUE(std::holds_alternative<ExitRequest>(both));
  EXPECT_THAT(std::get<ExitRequest>(both).text, HasSubstr("one secret is enough"));
}

TEST(ConfigTest, WebhooksAreUrlsAndTheirTimesSensible) {
  for (const std::vector<const char*>& arguments : {std::vector<const char*>{"--webhook", "hooks.example"},
                                                    {"--webhook", "ftp://hooks.example"},
                                                    {"--authorize-webhook", "https://"},
                                                    {"--webhook-timeout", "0"},
                                                    {"--authorize-timeout", "61"},
                                                    {"--webhook-queue", "0"},
                                                    {"--authorize-fallback", "perhaps"}})
    EXPECT_TRUE(std::holds_alternative<ExitRequest>(parse(arguments))) << arguments[0] << " " << arguments[1];
}

}  // namespace
}  // namespace heliograph::server
