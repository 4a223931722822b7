// What a Hub counts for whoever watches it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hub_fixture.hpp"

namespace heliograph::core {
namespace {

using testing::ElementsAre;
using wire::MessageType;

constexpr ConnId kMaster{0, 1};
constexpr ConnId kAlice{0, 2};

class HubCountTest : public test::HubFixture {};

TEST_F(HubCountTest, RelayedMessagesAreCountedByTypeWhetherTheyWaitedOrNot) {
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kIceCandidate, "AAAA", {}, {}});
  join_master(kMaster);

  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});
  say(kMaster, {MessageType::kSdpAnswer, "AAAA", "alice", {}});
  say(kAlice, {MessageType::kIceCandidate, "AAAA", {}, {}});

  const HubStats stats = hub().stats();
  EXPECT_THAT(stats.relayed_by_type, ElementsAre(1, 1, 2));
  EXPECT_EQ(stats.relayed, 4U);
  EXPECT_EQ(stats.retained, 1U);
  EXPECT_EQ(stats.replaced, 0U);
}

TEST_F(HubCountTest, WhatGivesWayToANewerMessageIsCounted) {
  limits().max_retained_messages = 2;
  restart();
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kSdpOffer, "AAA1", {}, {}});
  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, {}});
  say(kAlice, {MessageType::kSdpOffer, "AAA3", {}, {}});  // In place of the first.
  EXPECT_EQ(hub().stats().replaced, 1U);

  say(kAlice, {MessageType::kIceCandidate, "AAA4", {}, {}});  // In place of the candidate that offer has superseded.

  EXPECT_EQ(hub().stats().replaced, 2U);
  EXPECT_EQ(hub().stats().retained, 4U);
  EXPECT_EQ(hub().stats().retained_messages, 2U);
}

TEST_F(HubCountTest, RefusedMessagesAreNotRetained) {
  limits().max_retained_messages = 1;
  restart();
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kIceCandidate, "AAA1", {}, {}});

  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, {}});

  EXPECT_EQ(hub().stats().retained, 1U);
  EXPECT_EQ(hub().stats().refused, 1U);
}

}  // namespace
}  // namespace heliograph::core
