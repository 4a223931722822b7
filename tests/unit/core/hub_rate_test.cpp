// Rule 13: messages that come too fast are refused, one connection at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hub_fixture.hpp"

namespace heliograph::core {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::MessageType;

constexpr ConnId kMaster{0, 1};
constexpr ConnId kAlice{0, 2};
constexpr ConnId kBob{1, 3};

class HubRateTest : public test::HubFixture {
 protected:
  HubRateTest() {
    limits() = aws_limits();
    restart();
    join_master(kMaster);
    join_viewer(kAlice, "alice");
    join_viewer(kBob, "bob");
  }
  /// How many of `wanted` messages at once reach somebody.
  int burst(ConnId from, MessageType type, int wanted) {
    int delivered = 0;
    for (int i = 0; i < wanted; ++i) {
      say(from, {.action = type, .payload = "AAAA", .recipient = "alice", .correlation_id = {}});
      delivered += static_cast<int>(sent().size());
    }
    return delivered;
  }
};

TEST_F(HubRateTest, DocumentedRatesHoldForEachTypeAlone) {
  EXPECT_EQ(burst(kAlice, MessageType::kSdpOffer, 30), 5);
  EXPECT_EQ(burst(kAlice, MessageType::kSdpAnswer, 30), 5);
  EXPECT_EQ(burst(kAlice, MessageType::kIceCandidate, 30), 20);
}

TEST_F(HubRateTest, EachConnectionHasItsOwnRate) {
  ASSERT_EQ(burst(kAlice, MessageType::kSdpOffer, 30), 5);

  EXPECT_EQ(burst(kBob, MessageType::kSdpOffer, 30), 5);
  EXPECT_EQ(burst(kMaster, MessageType::kSdpOffer, 30), 5);
}

TEST_F(HubRateTest, WhoGaveACorrelationIdIsToldAndStaysConnected) {
  ASSERT_EQ(burst(kAlice, MessageType::kSdpOffer, 5), 5);

  say(kAlice, {.action = MessageType::kSdpOffer, .payload = "AAAA", .recipient = {}, .correlation_id = "k6"});

  EXPECT_THAT(sent(), ElementsAre(status_to(kAlice, "k6", "ClientLimitExceededException", "per second")));
  EXPECT_THAT(closed(), IsEmpty());
  EXPECT_EQ(hub().stats().refused, 1U);
}

TEST_F(HubRateTest, RefusalsAreGivenToTheCaller) {
  ASSERT_EQ(burst(kAlice, MessageType::kSdpOffer, 5), 5);
  core::Effects effects;
  const wire::ParsedClientMessage offer{
      {.action = MessageType::kSdpOffer, .payload = "AAAA", .recipient = {}, .correlation_id = {}}, std::nullopt};

  EXPECT_EQ(hub().on_message(now(), kAlice, offer, effects), Errc::kClientLimitExceeded);
  EXPECT_EQ(hub().on_message(now(), kBob, offer, effects), std::nullopt);
  EXPECT_EQ(effects.list().size(), 1U);
}

TEST_F(HubRateTest, WhoSlowsDownIsHeardAgain) {
  ASSERT_EQ(burst(kAlice, MessageType::kSdpOffer, 30), 5);

  for (int i = 0; i < 50; ++i) {
    advance(milliseconds(200));
    EXPECT_EQ(burst(kAlice, MessageType::kSdpOffer, 3), 1);
  }
}

TEST_F(HubRateTest, MessagesThatWaitCountAndThoseThatCannotBeReadDoNot) {
  leave(kMaster);
  for (int i = 0; i < 10; ++i) say_text(kBob, R"({"action":"SDP_OFFER","messagePayload":"?"})");
  for (int i = 0; i < 5; ++i) say_text(kBob, R"({"action":"SDP_OFFER","messagePayload":"AAAA","correlationId":"k"})");
  EXPECT_THAT(sent(), IsEmpty());

  say_text(kBob, R"({"action":"SDP_OFFER","messagePayload":"AAAA","correlationId":"k"})");

  EXPECT_THAT(sent(), ElementsAre(status_to(kBob, "k", "ClientLimitExceededException", "per second")));
}

TEST_F(HubRateTest, ANewConnectionBeginsAfresh) {
  ASSERT_EQ(burst(kAlice, MessageType::kSdpOffer, 30), 5);

  join_viewer({0, 9}, "alice");

  EXPECT_EQ(burst({0, 9}, MessageType::kSdpOffer, 30), 5);
}

TEST_F(HubRateTest, TheOpenProfileHasNoRates) {
  limits() = open_limits();
  restart();
  join_master(kMaster);
  join_viewer(kAlice, "alice");

  EXPECT_EQ(burst(kAlice, MessageType::kSdpOffer, 10'000), 10'000);
}

}  // namespace
}  // namespace heliograph::core
