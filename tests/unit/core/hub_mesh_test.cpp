// Rule 2 of the Hub in a mesh: any member reaches any member by its id.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/hub.hpp"
#include "support/hub_fixture.hpp"

namespace heliograph::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wire::MessageType;

constexpr ConnId kNameless{0, 1};
constexpr ConnId kAlice{0, 2};
constexpr ConnId kBob{0, 3};
constexpr ConnId kCarol{0, 4};

class HubMeshTest : public test::HubFixture {};

TEST_F(HubMeshTest, AMemberReachesTheMemberItNamesAndNobodyElse) {
  join_mesh(kAlice, "alice");
  join_mesh(kBob, "bob");
  join_mesh(kCarol, "carol");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", "carol", {}});
  EXPECT_THAT(sent(), ElementsAre(sent_to(
                          kCarol, R"({"messageType":"SDP_OFFER","messagePayload":"AAAA","senderClientId":"alice"})")));

  say(kCarol, {MessageType::kSdpAnswer, "BBBB", "alice", {}});
  EXPECT_THAT(sent(), ElementsAre(sent_to(
                          kAlice, R"({"messageType":"SDP_ANSWER","messagePayload":"BBBB","senderClientId":"carol"})")));
}

TEST_F(HubMeshTest, WhoNamesNobodyReachesTheMemberWithoutAnId) {
  join_mesh(kNameless);
  join_mesh(kAlice, "alice");
  join_mesh(kBob, "bob");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});
  EXPECT_THAT(receivers(), ElementsAre(kNameless));

  say(kNameless, {MessageType::kSdpAnswer, "BBBB", "alice", {}});
  EXPECT_THAT(sent(), ElementsAre(sent_to(kAlice, R"({"messageType":"SDP_ANSWER","messagePayload":"BBBB"})")));
}

TEST_F(HubMeshTest, WhatIsSaidToAMemberThatIsAwayWaitsForIt) {
  join_mesh(kAlice, "alice");
  join_mesh(kCarol, "carol");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", "bob", {}});
  say(kCarol, {MessageType::kSdpOffer, "CCCC", "bob", {}});
  EXPECT_THAT(sent(), IsEmpty());
  say(kAlice, {MessageType::kSdpOffer, "BBBB", "bob", {}});

  join_mesh(kBob, "bob");

  EXPECT_THAT(
      sent(),
      ElementsAre(sent_to(kBob, R"({"messageType":"SDP_OFFER","messagePayload":"CCCC","senderClientId":"carol"})"),
                  sent_to(kBob, R"({"messageType":"SDP_OFFER","messagePayload":"BBBB","senderClientId":"alice"})")));
}

TEST_F(HubMeshTest, NobodyWritesToItself) {
  join_mesh(kAlice, "alice");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", "alice", "k"});

  EXPECT_THAT(sent(), ElementsAre(status_to(kAlice, "k", "InvalidArgumentException", "the sender's own id")));
}

TEST_F(HubMeshTest, TheNewestOfAnIdDisplacesTheOlderAndTheOthersStay) {
  join_mesh(kAlice, "alice");
  join_mesh(kBob, "bob");

  join_mesh(kCarol, "bob");

  EXPECT_THAT(closed(), ElementsAre(closed_for(kBob, Errc::kReplaced)));
  say(kAlice, {MessageType::kIceCandidate, "AAAA", "bob", {}});
  EXPECT_THAT(receivers(), ElementsAre(kCarol));
}

}  // namespace
}  // namespace heliograph::core
