// What becomes of messages for those who are not there: rules 5 to 8 of core/hub.hpp.
#include "core/hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/hub_fixture.hpp"

namespace heliograph::core {
namespace {

using test::HubFixture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::MessageType;

constexpr ConnId kMaster{0, 1};
constexpr ConnId kAlice{0, 2};
constexpr ConnId kBob{0, 3};
constexpr ConnId kOther{0, 4};

class HubMailTest : public HubFixture {};

TEST_F(HubMailTest, AbsentRecipientIsNoErrorAndGetsTheMessagesInOrderWhenItJoins) {
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kIceCandidate, "AAA1", {}, "k"});
  EXPECT_THAT(sent(), IsEmpty());
  say(kAlice, {MessageType::kSdpOffer, "AAA2", {}, "k"});
  say(kAlice, {MessageType::kIceCandidate, "AAA3", {}, "k"});

  join_master(kMaster);

  EXPECT_THAT(payloads(), ElementsAre("AAA1", "AAA2", "AAA3"));
  EXPECT_EQ(hub().stats().retained_messages, 0U);
  EXPECT_EQ(hub().stats().retained_bytes, 0U);
  EXPECT_EQ(hub().next_deadline(), std::nullopt);
}

TEST_F(HubMailTest, RetainedMessagesAreDeliveredOnce) {
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});
  join_master(kMaster);
  leave(kMaster);

  join_master(kOther);

  EXPECT_THAT(payloads(), IsEmpty());
}

TEST_F(HubMailTest, RetainedAnswerWaitsForTheViewerNamedOnly) {
  join_master(kMaster);
  say(kMaster, {MessageType::kSdpAnswer, "BBBB", "bob", {}});

  join_viewer(kAlice, "alice");
  EXPECT_THAT(payloads(), IsEmpty());
  join_viewer(kBob, "bob");

  EXPECT_THAT(payloads(), ElementsAre("BBBB"));
}

TEST_F(HubMailTest, RetainedMessageKeepsTheSenderThatLeft) {
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});
  leave(kAlice);

  join_master(kMaster);

  EXPECT_THAT(sent(), ElementsAre(sent_to(
                          kMaster, R"({"messageType":"SDP_OFFER","messagePayload":"AAAA","senderClientId":"alice"})")));
}

TEST_F(HubMailTest, NewerOfferReplacesTheRetainedOneAndStandsAtTheEnd) {
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");
  say(kAlice, {MessageType::kSdpOffer, "AAA1", {}, {}});
  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, {}});
  say(kBob, {MessageType::kSdpOffer, "BBB1", {}, {}});
  say(kAlice, {MessageType::kSdpAnswer, "AAA3", {}, {}});
  say(kAlice, {MessageType::kSdpOffer, "AAA4", {}, {}});

  join_master(kMaster);

  EXPECT_THAT(payloads(), ElementsAre("AAA2", "BBB1", "AAA3", "AAA4"));
}

TEST_F(HubMailTest, MessageExpiresAfterTheTtlOfItsArrival) {
  join_viewer(kAlice, "alice", kArn, std::chrono::seconds(5));
  say(kAlice, {MessageType::kIceCandidate, "AAA1", {}, {}});
  hub().on_ttl_changed(ChannelArn(std::string(kArn)), std::chrono::seconds(100));
  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, {}});
  ASSERT_EQ(hub().next_deadline(), now() + std::chrono::seconds(5));

  advance(std::chrono::seconds(5));
  sweep();

  EXPECT_EQ(hub().stats().retained_messages, 1U);
  EXPECT_EQ(hub().stats().expired, 1U);
  EXPECT_EQ(hub().next_deadline(), now() + std::chrono::seconds(95));
  join_master(kMaster);
  EXPECT_THAT(payloads(), ElementsAre("AAA2"));
}

TEST_F(HubMailTest, ExpiredMessageIsNotDeliveredEvenWhenTheDeadlineWasMissed) {
  join_viewer(kAlice, "alice", kArn, std::chrono::seconds(5));
  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});

  advance(std::chrono::seconds(5));
  join_master(kMaster);

  EXPECT_THAT(payloads(), IsEmpty());
  EXPECT_EQ(hub().stats().expired, 1U);
}

TEST_F(HubMailTest, ChannelIsForgottenWhenTheLastMessageExpires) {
  join_viewer(kAlice, "alice", kArn, std::chrono::seconds(5));
  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});
  leave(kAlice);
  EXPECT_EQ(hub().stats().channels, 1U);

  advance(std::chrono::seconds(5));
  sweep();

  EXPECT_EQ(hub().stats().channels, 0U);
  EXPECT_EQ(hub().next_deadline(), std::nullopt);
}

TEST_F(HubMailTest, SenderOverTheMessageBoundIsToldAndOthersAreNotKeptOut) {
  limits().max_retained_messages = 2;
  restart();
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");
  say(kAlice, {MessageType::kIceCandidate, "AAA1", {}, {}});
  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, {}});

  say(kAlice, {MessageType::kIceCandidate, "AAA3", {}, "k"});

  EXPECT_THAT(sent(), ElementsAre(status_to(kAlice, "k", "ClientLimitExceededException", "too many messages wait")));
  say(kAlice, {MessageType::kIceCandidate, "AAA4", {}, {}});
  EXPECT_THAT(sent(), IsEmpty());
  say(kBob, {MessageType::kSdpOffer, "BBBB", {}, "k"});
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(hub().stats().refused, 2U);
  join_master(kMaster);
  EXPECT_THAT(payloads(), ElementsAre("AAA1", "AAA2", "BBBB"));
}

TEST_F(HubMailTest, SupersededCandidatesMakeRoomOldestFirst) {
  limits().max_retained_messages = 3;
  restart();
  join_viewer(kAlice, "alice");
  say(kAlice, {MessageType::kSdpOffer, "AAA1", {}, {}});
  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, {}});
  say(kAlice, {MessageType::kIceCandidate, "AAA3", {}, {}});
  say(kAlice, {MessageType::kSdpOffer, "AAA4", {}, {}});

  say(kAlice, {MessageType::kIceCandidate, "AAA5", {}, "k"});
  EXPECT_THAT(sent(), IsEmpty());
  say(kAlice, {MessageType::kIceCandidate, "AAA6", {}, "k"});
  EXPECT_THAT(sent(), IsEmpty());
  say(kAlice, {MessageType::kIceCandidate, "AAA7", {}, "k"});
  EXPECT_EQ(sent().size(), 1U);

  join_master(kMaster);
  EXPECT_THAT(payloads(), ElementsAre("AAA4", "AAA5", "AAA6"));
}

TEST_F(HubMailTest, SendersOwnSupersededCandidatesMakeRoomForIt) {
  limits().max_retained_messages = 3;
  restart();
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");
  for (const ConnId conn : {kAlice, kBob}) {
    say(conn, {MessageType::kIceCandidate, conn == kAlice ? "AAA1" : "BBB1", {}, {}});
    say(conn, {MessageType::kSdpOffer, "OLD1", {}, {}});
    say(conn, {MessageType::kSdpOffer, conn == kAlice ? "AAA2" : "BBB2", {}, {}});
  }

  say(kBob, {MessageType::kIceCandidate, "BBB3", {}, "k"});
  say(kBob, {MessageType::kIceCandidate, "BBB4", {}, "k"});

  join_master(kMaster);
  EXPECT_THAT(payloads(), ElementsAre("AAA1", "AAA2", "BBB2", "BBB3", "BBB4"));
}

TEST_F(HubMailTest, SupersededCandidatesOfAnyoneMakeRoomWhenBytesRunOut) {
  limits().max_retained_bytes = 3 * (RetainedMessage::kOverhead + 4 + 5);
  restart();
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");
  say(kAlice, {MessageType::kIceCandidate, "AAA1", {}, {}});
  say(kAlice, {MessageType::kSdpOffer, "OLD1", {}, {}});
  say(kAlice, {MessageType::kSdpOffer, "AAA2", {}, {}});
  say(kBob, {MessageType::kSdpOffer, "BBB1", {}, "k"});

  say(kBob, {MessageType::kIceCandidate, "BBB2", {}, "k"});
  EXPECT_THAT(sent(), IsEmpty());
  say(kBob, {MessageType::kIceCandidate, "BBB3", {}, "k"});
  EXPECT_EQ(sent().size(), 1U);

  join_master(kMaster);
  EXPECT_THAT(payloads(), ElementsAre("AAA2", "BBB1", "BBB2"));
}

TEST_F(HubMailTest, ByteBoundHoldsForTheChannelAndIsFreedByDelivery) {
  limits().max_retained_bytes = 2 * RetainedMessage::kOverhead + 20;
  restart();
  join_master(kMaster);
  say(kMaster, {MessageType::kSdpAnswer, "AAAA", "bob", {}});
  say(kMaster, {MessageType::kSdpAnswer, "AAAA", "carol", {}});

  say(kMaster, {MessageType::kSdpAnswer, "AAAA", "dave", "k"});

  EXPECT_THAT(sent(), ElementsAre(status_to(kMaster, "k", "ClientLimitExceededException", "too many")));
  join_viewer(kBob, "bob");
  say(kMaster, {MessageType::kSdpAnswer, "AAAA", "dave", "k"});
  EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(HubMailTest, ExpiredMessagesDoNotCountAgainstTheBound) {
  limits().max_retained_messages = 1;
  restart();
  join_viewer(kAlice, "alice", kArn, std::chrono::seconds(5));
  say(kAlice, {MessageType::kIceCandidate, "AAA1", {}, {}});

  advance(std::chrono::seconds(5));
  say(kAlice, {MessageType::kIceCandidate, "AAA2", {}, "k"});

  EXPECT_THAT(sent(), IsEmpty());
  join_master(kMaster);
  EXPECT_THAT(payloads(), ElementsAre("AAA2"));
}

}  // namespace
}  // namespace heliograph::core
