// Rates of calls and connects: the account's and the channel's, each operation by itself.
#include "server/throttle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/log_gate.hpp"
#include "support/fake_clock.hpp"

namespace heliograph::server {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class ThrottleTest : public testing::Test {
 protected:
  bool call(Operation operation, std::string_view channel) {
    return throttle.on_call(clock.steady_now(), operation, channel).has_value();
  }
  int burst(Operation operation, std::string_view channel, int wanted) {
    int passed = 0;
    for (int i = 0; i < wanted; ++i) passed += call(operation, channel) ? 1 : 0;
    return passed;
  }
  int connects(wire::Role role, std::string_view channel, int wanted) {
    int passed = 0;
    for (int i = 0; i < wanted; ++i) passed += throttle.on_connect(clock.steady_now(), role, channel) ? 1 : 0;
    return passed;
  }

  test::FakeClock clock;
  Throttle throttle{aws_call_limits("us-east-1")};
};

TEST_F(ThrottleTest, DocumentedRatesPerChannel) {
  struct Case {
    Operation operation;
    int per_channel;
  };
  const Case cases[] = {
      {Operation::kDescribeSignalingChannel, 5},
      {Operation::kUpdateSignalingChannel, 5},
      {Operation::kDeleteSignalingChannel, 5},
      {Operation::kTagResource, 5},
      {Operation::kUntagResource, 5},
      {Operation::kListTagsForResource, 5},
      {Operation::kDescribeMediaStorageConfiguration, 5},
      {Operation::kGetIceServerConfig, 5},
      {Operation::kSendAlexaOfferToMaster, 5},
      {Operation::kUpdateMediaStorageConfiguration, 5},
      {Operation::kJoinStorageSession, 2},
      {Operation::kJoinStorageSessionAsViewer, 2},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(to_string(c.operation));

    EXPECT_EQ(burst(c.operation, "door", 30), c.per_channel);
    EXPECT_EQ(burst(c.operation, "gate", 30), c.per_channel);
  }
}

TEST_F(ThrottleTest, DocumentedRatesPerAccount) {
  struct Case {
    Operation operation;
    int per_account;
  };
  const Case cases[] = {
      {Operation::kCreateSignalingChannel, 50},
      {Operation::kDeleteSignalingChannel, 50},
      {Operation::kDescribeSignalingChannel, 300},
      {Operation::kGetSignalingChannelEndpoint, 300},
      {Operation::kListSignalingChannels, 50},
      {Operation::kUpdateSignalingChannel, 50},
      {Operation::kTagResource, 50},
      {Operation::kUntagResource, 50},
      {Operation::kListTagsForResource, 50},
      {Operation::kDescribeMediaStorageConfiguration, 50},
      {Operation::kGetIceServerConfig, 100},
      {Operation::kSendAlexaOfferToMaster, 100},
      {Operation::kUpdateMediaStorageConfiguration, 10},
      {Operation::kJoinStorageSession, 50},
      {Operation::kJoinStorageSessionAsViewer, 50},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(to_string(c.operation));

    int passed = 0;
    for (int i = 0; i < 400; ++i) passed += call(c.operation, "channel-" + std::to_string(i)) ? 1 : 0;

    EXPECT_EQ(passed, c.per_account);
  }
}

TEST_F(ThrottleTest, ConnectsArePerChannelAndRole) {
  EXPECT_EQ(connects(wire::Role::kViewer, "door", 10), 3);
  EXPECT_EQ(connects(wire::Role::kMaster, "door", 10), 3);
  EXPECT_EQ(connects(wire::Role::kViewer, "gate", 10), 3);

  clock.advance(seconds(1));

  EXPECT_EQ(connects(wire::Role::kViewer, "door", 10), 3);
}

TEST_F(ThrottleTest, ARefusedCallUsesUpNothing) {
  // The channel is over its rate 295 times, which leaves the account's 300 to others.
  ASSERT_EQ(burst(Operation::kDescribeSignalingChannel, "door", 300), 5);

  int passed = 0;
  for (int i = 0; i < 295; ++i) passed += call(Operation::kDescribeSignalingChannel, "c-" + std::to_string(i)) ? 1 : 0;

  EXPECT_EQ(passed, 295);
}

TEST_F(ThrottleTest, RefusalsNameTheOperationTheResourceAndTheRate) {
  ASSERT_EQ(burst(Operation::kGetIceServerConfig, "door", 6), 5);
  ASSERT_EQ(connects(wire::Role::kMaster, "door", 4), 3);
  ASSERT_EQ(burst(Operation::kListSignalingChannels, {}, 51), 50);

  const auto channel = throttle.on_call(clock.steady_now(), Operation::kGetIceServerConfig, "door");
  const auto account = throttle.on_call(clock.steady_now(), Operation::kListSignalingChannels, {});
  const auto connect = throttle.on_connect(clock.steady_now(), wire::Role::kMaster, "door");

  ASSERT_FALSE(channel || account || connect);
  EXPECT_EQ(channel.error().code, Errc::kClientLimitExceeded);
  EXPECT_THAT(channel.error().detail, HasSubstr("number of requests for GetIceServerConfig API for resource 'door'"));
  EXPECT_THAT(channel.error().detail, HasSubstr("5 per second"));
  EXPECT_THAT(account.error().detail, HasSubstr("requests for ListSignalingChannels API: 50 per second"));
  EXPECT_THAT(connect.error().detail, HasSubstr("ConnectAsMaster"));
}

TEST_F(ThrottleTest, WithoutLimitsEverythingPasses) {
  Throttle open{CallLimits{}};

  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(open.on_call(clock.steady_now(), Operation::kGetIceServerConfig, "door"));
    ASSERT_TRUE(open.on_connect(clock.steady_now(), wire::Role::kViewer, "door"));
  }
}

TEST(LogGateTest, AFewRecordsASecondPassAndTheNextSaysHowManyDidNot) {
  test::FakeClock clock;
  LogGate gate;
  int passed = 0;
  for (int i = 0; i < 1000; ++i) passed += gate.try_pass(clock.steady_now()) ? 1 : 0;
  ASSERT_EQ(passed, 5);

  clock.advance(seconds(1));

  EXPECT_EQ(gate.try_pass(clock.steady_now()), 995U);
  EXPECT_EQ(gate.try_pass(clock.steady_now()), 0U);
}

}  // namespace
}  // namespace heliograph::server
