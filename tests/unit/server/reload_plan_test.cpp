// What a changed configuration can change in a running service, by setting.
#include "server/reload_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Config config_of(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "heliographd");
  return std::get<Config>(parse_config(static_cast<int>(arguments.size()), arguments.data()));
}

TEST(ReloadPlanTest, NothingChangedIsNothing) {
  const auto report = compare_settings(config_of({}), config_of({"--region", "us-east-1", "--limits", "open"}));

  EXPECT_THAT(report.applied, IsEmpty());
  EXPECT_THAT(report.needs_restart, IsEmpty());
}

TEST(ReloadPlanTest, EverySettingIsEitherLiveOrNeedsARestart) {
  struct Case {
    std::vector<const char*> arguments;
    const char* name;
    bool is_live;
  };
  const Case cases[] = {
      {{"--tls-cert", "a", "--tls-key", "b"}, "tls-cert", true},
      {{"--limits", "aws"}, "limits", true},
      {{"--log-level", "debug"}, "log-level", true},
      {{"--log-format", "json"}, "log-format", true},
      {{"--drain-window", "9"}, "drain-window", true},
      {{"--drain-notice", "9"}, "drain-notice", true},
      {{"--listen", ":80"}, "listen", false},
      {{"--data", "/elsewhere"}, "data", false},
      {{"--region", "eu-west-1"}, "region", false},
      {{"--account", "111122223333"}, "account", false},
      {{"--allow-plaintext"}, "allow-plaintext", false},
      {{"--console-login", "always"}, "console-login", false},
      {{"--web", "/elsewhere"}, "web", false},
      {{"--threads", "9"}, "threads", false},
      {{"--turn", "off"}, "turn", false},
      {{"--turn-port", "9"}, "turn-port", false},
      {{"--turn-host", "relay.example"}, "turn-host", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const auto report = compare_settings(config_of({}), config_of(c.arguments));

    EXPECT_THAT(c.is_live ? report.applied : report.needs_restart, ::testing::Contains(c.name));
    EXPECT_THAT(c.is_live ? report.needs_restart : report.applied, IsEmpty());
  }
}

TEST(ReloadPlanTest, RelaysOfAnExternalFleetAreLiveAndBecomingExternalIsNot) {
  const Config off = config_of({"--turn", "off"});
  const Config one = config_of({"--turn", "external", "--turn-uri", "turn:a", "--turn-secret-file", "s"});
  const Config two = config_of({"--turn", "external", "--turn-uri", "turn:a,turn:b", "--turn-secret-file", "s"});

  EXPECT_THAT(compare_settings(one, two).applied, ElementsAre("turn-uri"));
  EXPECT_EQ(with_live_settings(one, two).turn.uris.size(), 2U);
  EXPECT_THAT(compare_settings(off, one).applied, IsEmpty());
  EXPECT_THAT(compare_settings(off, one).needs_restart, ElementsAre("turn", "turn-secret-file", "turn-uri"));
  EXPECT_EQ(with_live_settings(off, one).turn.mode, TurnMode::kOff);
}

TEST(ReloadPlanTest, WhatNeedsARestartStaysAsItIsAndIsNamedEveryTime) {
  const Config running = config_of({});
  const Config wanted = config_of({"--region", "eu-west-1", "--limits", "aws", "--log-level", "error"});

  const Config next = with_live_settings(running, wanted);

  EXPECT_EQ(next.region, "us-east-1");
  EXPECT_EQ(next.limits.max_viewers, core::aws_limits().max_viewers);
  EXPECT_EQ(next.limits_name, "aws");
  EXPECT_EQ(next.log_level, "error");
  const auto again = compare_settings(next, wanted);
  EXPECT_THAT(again.applied, IsEmpty());
  EXPECT_THAT(again.needs_restart, ElementsAre("region"));
}

}  // namespace
}  // namespace heliograph::server
