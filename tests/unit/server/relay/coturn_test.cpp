// What coturn is told, and when it is started again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/relay/coturn_config.hpp"
#include "server/relay/restart_backoff.hpp"

namespace heliograph::server::relay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

TEST(CoturnConfigTest, LoopbackIsForDevelopmentOnly) {
  CoturnSettings settings;
  settings.state_dir = "/data/turn";

  const std::string development = to_coturn_conf(settings);
  settings.loopback_only = false;
  const std::string production = to_coturn_conf(settings);

  EXPECT_THAT(development, HasSubstr("\nallow-loopback-peers\n"));
  EXPECT_THAT(development, HasSubstr("\nlistening-ip=127.0.0.1\n"));
  EXPECT_THAT(production, Not(HasSubstr("allow-loopback-peers")));
  EXPECT_THAT(production, HasSubstr("\ndenied-peer-ip=127.0.0.0-127.255.255.255\n"));
  EXPECT_THAT(production, HasSubstr("\ndenied-peer-ip=169.254.0.0-169.254.255.255\n"));
  EXPECT_THAT(production, HasSubstr("\ndenied-peer-ip=::1\n"));
  EXPECT_THAT(development, HasSubstr("\ndenied-peer-ip=169.254.0.0-169.254.255.255\n"));
  EXPECT_THAT(development, Not(HasSubstr("\ndenied-peer-ip=127")));
}

TEST(CoturnConfigTest, LoopbackCanBeDeniedInDevelopmentToo) {
  CoturnSettings settings;
  settings.loopback_peers = false;

  const std::string conf = to_coturn_conf(settings);

  EXPECT_THAT(conf, HasSubstr("\nlistening-ip=127.0.0.1\n"));
  EXPECT_THAT(conf, Not(HasSubstr("allow-loopback-peers")));
  EXPECT_THAT(conf, HasSubstr("\ndenied-peer-ip=127.0.0.0-127.255.255.255\n"));
  EXPECT_THAT(conf, HasSubstr("\ndenied-peer-ip=10.0.0.0-10.255.255.255\n"));
}

TEST(CoturnConfigTest, QuotasAreSaidInCoturnsUnitsAndNoneIsSaidOfNone) {
  CoturnSettings settings;
  settings.quotas = {.allocations_per_user = 7, .allocations = 70, .allocation_kbps = 8'000, .total_kbps = 80'000};
  const std::string conf = to_coturn_conf(settings);
  settings.quotas = {.allocations_per_user = 0, .allocations = 0, .allocation_kbps = 0, .total_kbps = 0};
  const std::string without = to_coturn_conf(settings);

  EXPECT_THAT(conf, HasSubstr("\nuser-quota=7\ntotal-quota=70\nmax-bps=1000000\nbps-capacity=10000000\n"));
  EXPECT_THAT(without, Not(HasSubstr("quota")));
  EXPECT_THAT(without, Not(HasSubstr("bps")));
}

TEST(CoturnConfigTest, KeysComeFromTheServiceOnly) {
  CoturnSettings settings;
  settings.key_port = 4711;
  settings.key_password = Secret("p4ss");

  const std::string conf = to_coturn_conf(settings);

  EXPECT_THAT(conf, HasSubstr("\nlt-cred-mech\nredis-userdb=\"ip=127.0.0.1 dbname=0 password=p4ss port=4711 "));
  EXPECT_THAT(conf, Not(HasSubstr("auth-secret")));
}

TEST(CoturnConfigTest, ListensWhereTheServiceDoesAndReachesWhatTheOperatorAllows) {
  CoturnSettings settings;
  settings.loopback_only = false;
  EXPECT_THAT(to_coturn_conf(settings), Not(HasSubstr("listening-ip")));

  settings.listen = {"192.168.1.5"};
  settings.allowed_peers = {"192.168.1.0-192.168.1.255"};
  const std::string conf = to_coturn_conf(settings);

  EXPECT_THAT(conf, HasSubstr("\nlistening-ip=192.168.1.5\nrelay-ip=192.168.1.5\n"));
  EXPECT_THAT(conf, HasSubstr("\nallowed-peer-ip=192.168.1.0-192.168.1.255\n"));
  EXPECT_THAT(conf, HasSubstr("\nno-tcp-relay\n"));
}

TEST(CoturnConfigTest, WithoutACertificateThereIsNoTls) {
  CoturnSettings settings;
  EXPECT_THAT(to_coturn_conf(settings), HasSubstr("\nno-tls\nno-dtls\n"));

  settings.certificate_file = "/c.pem";
  settings.key_file = "/k.pem";
  EXPECT_THAT(to_coturn_conf(settings), HasSubstr("\ncert=/c.pem\npkey=/k.pem\n"));
  EXPECT_THAT(to_coturn_conf(settings), Not(HasSubstr("\nno-tls\n")));
}

TEST(RestartBackoffTest, DoublesToFiveSecondsAndStartsOverAfterAStableMinute) {
  RestartBackoff backoff;
  SteadyTime now{1h};
  std::vector<std::chrono::milliseconds> waits;

  for (int i = 0; i < 9; ++i) {
    backoff.on_started(now);
    waits.push_back(backoff.on_ended(now + 1s));
  }
  backoff.on_started(now);
  const auto after_stable_run = backoff.on_ended(now + 61s);

  EXPECT_THAT(waits, ::testing::ElementsAre(250ms, 500ms, 1s, 2s, 4s, 5s, 5s, 5s, 5s));
  EXPECT_EQ(after_stable_run, 250ms);
}

}  // namespace
}  // namespace heliograph::server::relay
