// Each limit by its name: what it sets, and how a mistake is told.
#include "server/limit_settings.hpp"
#include "support/paths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace heliograph::server {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

AllLimits with(std::string_view assignment) {
  AllLimits limits = limits_of_profile("aws", "eu-west-1");
  const auto set = set_limit(limits, assignment);
  EXPECT_TRUE(set) << set.error().detail;
  return limits;
}

TEST(LimitSettingsTest, EveryMemberOfTheLimitsHasAName) {
  EXPECT_EQ(with("max-payload=20000").core.max_payload, 20'000U);
  EXPECT_EQ(with("max-message=64K").core.max_frame, 65'536U);
  EXPECT_EQ(with("max-viewers=50").core.max_viewers, 50U);
  EXPECT_EQ(with("max-waiting-messages=0").core.max_retained_messages, 0U);
  EXPECT_EQ(with("max-waiting-bytes=2M").core.max_retained_bytes, 2U * 1024 * 1024);
  EXPECT_EQ(with("max-outbox=1M").core.max_outbox, 1024U * 1024);
  EXPECT_EQ(with("max-channels=7").calls.max_channels, 7U);
  EXPECT_EQ(with("ping-interval=10s").core.ping_interval, seconds(10));
  EXPECT_EQ(with("ping-timeout=2m").core.ping_timeout, minutes(2));
  EXPECT_EQ(with("idle-timeout=0").core.idle_timeout, seconds(0));
  EXPECT_EQ(with("max-duration=2h").core.max_duration, hours(2));
  EXPECT_EQ(with("go-away-grace=30s").core.go_away_grace, seconds(30));
  EXPECT_EQ(with("close-timeout=1s").core.close_timeout, seconds(1));
  EXPECT_EQ(with("rate-offers=1").core.rates.offers, 1U);
  EXPECT_EQ(with("rate-answers=2").core.rates.answers, 2U);
  EXPECT_EQ(with("rate-candidates=3").core.rates.candidates, 3U);
  EXPECT_EQ(with("rate-ConnectAsMaster-per-channel=4").calls.master_connects, 4U);
  EXPECT_EQ(with("rate-ConnectAsViewer-per-channel=5").calls.viewer_connects, 5U);
}

TEST(LimitSettingsTest, EveryOperationHasTwoRates) {
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    const std::string name = "rate-" + std::string(to_string(operation));
    SCOPED_TRACE(name);

    EXPECT_EQ(with(name + "=7").calls.of(operation).account, 7U);
    EXPECT_EQ(with(name + "-per-channel=9").calls.of(operation).channel, 9U);
  }
}

TEST(LimitSettingsTest, OneLimitIsSetAndTheOthersAreThoseOfTheProfile) {
  const AllLimits changed = with("max-viewers=50");

  EXPECT_EQ(changed.core.max_payload, 10'000U);
  EXPECT_EQ(changed.calls.max_channels, 5'000U);
  EXPECT_EQ(changed.calls.of(Operation::kGetIceServerConfig).channel, 5U);
}

TEST(LimitSettingsTest, NamesAreComparedWithoutCase) {
  EXPECT_EQ(with("Rate-getIceServerConfig-Per-Channel=8").calls.of(Operation::kGetIceServerConfig).channel, 8U);
}

TEST(LimitSettingsTest, MistakesSayWhatIsTaken) {
  struct Case {
    const char* text;
    const char* said;
  };
  const Case cases[] = {
      {"max-viewers", "is not NAME=VALUE"},
      {"viewers=5", "was max-viewers meant? heliographd --help lists them"},
      {"RATE-OFERS=5", "was rate-offers meant?"},
      {"foo=1", "names no limit; heliographd --help lists them"},
      {"max-viewers=", "a whole number"},
      {"max-viewers=many", "a whole number"},
      {"max-viewers=-1", "a whole number"},
      {"max-viewers=1.5", "a whole number"},
      {"max-viewers=0", "from 1 to 1000000000"},
      {"max-viewers=99999999999999999999", "a whole number"},
      {"max-payload=10k", "KiB or MiB"},
      {"max-payload=2000M", "from 1 to 1024M"},
      {"idle-timeout=10", "with its unit s, m or h"},
      {"idle-timeout=10min", "with its unit s, m or h"},
      {"idle-timeout=9000h", "from 0 to 8784h"},
      {"rate-offers=5/s", "per second; 0: no limit"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    AllLimits limits;

    const auto set = set_limit(limits, c.text);

    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, Errc::kInvalidArgument);
    EXPECT_THAT(set.error().detail, HasSubstr(c.said));
    EXPECT_THAT(set.error().detail, HasSubstr(c.text));
  }
}

TEST(LimitSettingsTest, LimitsThatCannotHoldTogetherAreRefused) {
  AllLimits limits = with("max-payload=64K");

  const auto payload = check_limits(limits);
  limits.core.max_frame = 8 * 1024 * 1024;
  const auto outbox = check_limits(limits);

  ASSERT_FALSE(payload || outbox);
  EXPECT_THAT(payload.error().detail, HasSubstr("max-message=40000 leaves no room for max-payload=64K"));
  EXPECT_THAT(outbox.error().detail, HasSubstr("max-outbox=4M is less than max-message=8M"));
  EXPECT_TRUE(check_limits(limits_of_profile("aws", "us-east-1")));
  EXPECT_TRUE(check_limits(limits_of_profile("open", "us-east-1")));
}

TEST(LimitSettingsTest, TheTableShowsBothProfiles) {
  const std::string table = describe_limits();

  EXPECT_THAT(table, testing::ContainsRegex("max-viewers +1000 / 10 "));
  EXPECT_THAT(table, testing::ContainsRegex("idle-timeout +0 / 10m "));
  EXPECT_THAT(table, testing::ContainsRegex("max-payload +64K / 10000 "));
  EXPECT_THAT(table, testing::ContainsRegex("rate-candidates +0 / 20 "));
  EXPECT_THAT(table, testing::ContainsRegex("rate-GetIceServerConfig-per-channel +0 / 5 "));
}

TEST(LimitSettingsTest, TheDocumentedTableIsThatOfTheProgram) {
  std::ifstream file(test::source_dir() + "/docs/limits.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::istringstream lines(describe_limits());
  std::string line;
  std::getline(lines, line);  // The heading.
  int rows = 0;

  for (std::string name, open, slash, aws; std::getline(lines, line); ++rows) {
    std::istringstream(line) >> name >> open >> slash >> aws;
    const auto operation = page.find(name.substr(name.find('-') + 1, name.find("-per-") - name.find('-') - 1));
    const bool is_of_operation = name.starts_with("rate-") && std::isupper(static_cast<unsigned char>(name[5])) != 0 &&
                                 !name.starts_with("rate-ConnectAs");

    if (is_of_operation && aws != "0") {
      EXPECT_NE(operation, std::string::npos) << name;
    } else if (!is_of_operation) {
      EXPECT_THAT(page, HasSubstr("| `" + name + "` | " + open + " | " + aws + " |"));
    }
  }
  EXPECT_GT(rows, 30);
}

}  // namespace
}  // namespace heliograph::server
