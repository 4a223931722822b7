// The Hub's rules as facts; the numbers are those of core/hub.hpp.
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

class HubTest : public HubFixture {};

TEST_F(HubTest, OfferFromViewerReachesOnlyTheMaster) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});

  EXPECT_THAT(sent(), ElementsAre(sent_to(
                          kMaster, R"({"messageType":"SDP_OFFER","messagePayload":"AAAA","senderClientId":"alice"})")));
}

TEST_F(HubTest, ViewersMessageGoesToTheMasterWhateverRecipientItNames) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", "bob", {}});

  EXPECT_THAT(receivers(), ElementsAre(kMaster));
}

TEST_F(HubTest, AnswerReachesOnlyTheViewerNamedAndCarriesNoSender) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");

  say(kMaster, {MessageType::kSdpAnswer, "BBBB", "bob", {}});

  EXPECT_THAT(sent(), ElementsAre(sent_to(kBob, R"({"messageType":"SDP_ANSWER","messagePayload":"BBBB"})")));
}

TEST_F(HubTest, MasterWithoutRecipientReachesTheOnlyViewer) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");

  say(kMaster, {MessageType::kSdpAnswer, "BBBB", {}, {}});

  EXPECT_THAT(receivers(), ElementsAre(kAlice));
}

TEST_F(HubTest, MasterWithoutRecipientIsRefusedWhenSeveralOrNoViewersAreThere) {
  join_master(kMaster);

  say(kMaster, {MessageType::kSdpAnswer, "BBBB", {}, "k1"});

  EXPECT_THAT(sent(),
              ElementsAre(status_to(kMaster, "k1", "InvalidArgumentException", "recipientClientId is missing")));
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");

  say(kMaster, {MessageType::kSdpAnswer, "BBBB", {}, "k2"});

  EXPECT_THAT(sent(),
              ElementsAre(status_to(kMaster, "k2", "InvalidArgumentException", "recipientClientId is missing")));
}

TEST_F(HubTest, ChannelsDoNotHearEachOther) {
  join_master(kMaster);
  join_master(kOther, "arn:other");
  join_viewer(kAlice, "alice", "arn:other");

  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});

  EXPECT_THAT(receivers(), ElementsAre(kOther));
}

TEST_F(HubTest, NewestMasterWinsAndTheOldOneIsClosedAndUnheard) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");

  join_master(kOther);

  EXPECT_THAT(closed(), ElementsAre(closed_for(kMaster, Errc::kReplaced)));
  EXPECT_THAT(presences(), ElementsAre(Presence::Change::kReplaced, Presence::Change::kJoined));
  say(kMaster, {MessageType::kSdpAnswer, "BBBB", "alice", "k"});
  EXPECT_THAT(receivers(), IsEmpty());
  leave(kMaster);
  EXPECT_THAT(presences(), IsEmpty());
  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, {}});
  EXPECT_THAT(receivers(), ElementsAre(kOther));
}

TEST_F(HubTest, NewestViewerOfAnIdWinsAndOthersStay) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");
  join_viewer(kBob, "bob");

  join_viewer(kOther, "alice");

  EXPECT_THAT(closed(), ElementsAre(closed_for(kAlice, Errc::kReplaced)));
  say(kMaster, {MessageType::kSdpAnswer, "BBBB", "alice", {}});
  EXPECT_THAT(receivers(), ElementsAre(kOther));
  EXPECT_EQ(hub().stats().viewers, 2U);
}

TEST_F(HubTest, UnreadableMessageIsAnsweredOnlyWhenItsCorrelationIdCouldBeRead) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");

  say_text(kAlice, R"({"action":"SDP_OFFER","messagePayload":"?","correlationId":"k"})");
  EXPECT_THAT(sent(), ElementsAre(status_to(kAlice, "k", "InvalidArgumentException", "messagePayload is not base64")));
  say_text(kAlice, R"({"action":"SDP_OFFER","messagePayload":"?"})");
  EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(HubTest, PayloadOverTheLimitIsAnsweredWithTheLimit) {
  join_viewer(kAlice, "alice");
  limits().max_payload = 4;

  say_text(kAlice, R"({"action":"SDP_OFFER","messagePayload":"AAAAAAAA","correlationId":"k"})");

  EXPECT_THAT(sent(), ElementsAre(status_to(kAlice, "k", "InvalidArgumentException", "the limit is 4")));
}

TEST_F(HubTest, ViewerBeyondTheLimitIsRefusedAndNothingChanges) {
  limits().max_viewers = 1;
  restart();
  join_viewer(kAlice, "alice");

  const auto joined =
      try_join({kBob, ChannelArn(std::string(kArn)), wire::Role::kViewer, ClientId("bob"), std::chrono::seconds(60)});

  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, Errc::kClientLimitExceeded);
  EXPECT_THAT(effects(), IsEmpty());
  EXPECT_EQ(hub().stats().viewers, 1U);
  join_viewer(kOther, "alice");
  EXPECT_THAT(closed(), ElementsAre(closed_for(kAlice, Errc::kReplaced)));
}

TEST_F(HubTest, JoiningTwiceOrWithoutAnIdIsRefused) {
  join_master(kMaster);

  EXPECT_EQ(try_join({kMaster, ChannelArn(std::string(kArn)), wire::Role::kMaster, {}, {}}).error().code,
            Errc::kResourceInUse);
  EXPECT_EQ(try_join({kAlice, ChannelArn(std::string(kArn)), wire::Role::kViewer, {}, {}}).error().code,
            Errc::kInvalidArgument);
  EXPECT_EQ(hub().stats().masters, 1U);
}

TEST_F(HubTest, DeletedChannelClosesItsConnectionsAndForgetsItsMessages) {
  join_master(kMaster);
  join_viewer(kAlice, "alice");
  say(kMaster, {MessageType::kSdpAnswer, "BBBB", "bob", {}});

  delete_channel(kArn);

  EXPECT_THAT(closed(),
              ElementsAre(closed_for(kMaster, Errc::kChannelDeleted), closed_for(kAlice, Errc::kChannelDeleted)));
  EXPECT_THAT(presences(), ElementsAre(Presence::Change::kLeft, Presence::Change::kLeft));
  const HubStats stats = hub().stats();
  EXPECT_EQ(stats.channels + stats.masters + stats.viewers + stats.retained_messages + stats.retained_bytes, 0U);
  EXPECT_EQ(hub().next_deadline(), std::nullopt);
  leave(kMaster);
  EXPECT_THAT(presences(), IsEmpty());
}

TEST_F(HubTest, UnknownConnectionsAndChannelsAreIgnored) {
  say(kAlice, {MessageType::kSdpOffer, "AAAA", {}, "k"});
  EXPECT_THAT(effects(), IsEmpty());
  leave(kAlice);
  EXPECT_THAT(effects(), IsEmpty());
  delete_channel("arn:none");
  EXPECT_THAT(effects(), IsEmpty());
  hub().on_ttl_changed(ChannelArn("arn:none"), std::chrono::seconds(5));
  sweep();
  EXPECT_EQ(hub().stats().channels, 0U);
}

TEST_F(HubTest, PresenceNamesWhoCameAndWhoLeft) {
  join_viewer(kAlice, "alice");
  const auto joined = std::get<Presence>(effects().front());
  leave(kAlice);
  const auto left = std::get<Presence>(effects().front());

  EXPECT_EQ(joined.change, Presence::Change::kJoined);
  EXPECT_EQ(joined.role, wire::Role::kViewer);
  EXPECT_EQ(joined.channel.str(), kArn);
  EXPECT_EQ(joined.client.str(), "alice");
  EXPECT_EQ(joined.conn, kAlice);
  EXPECT_EQ(left.change, Presence::Change::kLeft);
  EXPECT_EQ(left.client.str(), "alice");
  EXPECT_EQ(hub().stats().channels, 0U);
}

}  // namespace
}  // namespace heliograph::core
