// Rule 14: an offer from outside waits for the master's answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hub_fixture.hpp"

namespace heliograph::core {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::MessageType;

constexpr ConnId kMaster{0, 1};
constexpr ConnId kAlice{0, 2};
constexpr const char* kOffer = R"({"messageType":"SDP_OFFER","messagePayload":"b2ZmZXI=","senderClientId":"alexa"})";

class HubAskTest : public test::HubFixture {
 protected:
  void answer(std::string_view to, std::string_view payload = "YW5zd2Vy") {
    say(kMaster, {MessageType::kSdpAnswer, payload, to, {}});
  }
};

TEST_F(HubAskTest, TheMasterGetsAnOfferAndItsAnswerGoesToWhoAsked) {
  join_master(kMaster);

  ask(1, "alexa", "b2ZmZXI=", seconds(50));
  EXPECT_THAT(sent(), ElementsAre(sent_to(kMaster, kOffer)));
  EXPECT_EQ(hub().stats().asks, 1U);
  answer("alexa");

  EXPECT_THAT(outcomes(), ElementsAre("1 YW5zd2Vy"));
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(hub().stats().asks, 0U);
  EXPECT_EQ(hub().next_deadline(), std::nullopt);
}

TEST_F(HubAskTest, EveryMasterThatComesWhileItWaitsIsAsked) {
  ask(1, "alexa", "b2ZmZXI=", seconds(50));
  EXPECT_THAT(effects(), IsEmpty());

  join_master(kMaster);
  EXPECT_THAT(sent(), ElementsAre(sent_to(kMaster, kOffer)));
  leave(kMaster);
  join_master(kMaster);
  EXPECT_THAT(sent(), ElementsAre(sent_to(kMaster, kOffer)));
  answer("alexa");
  EXPECT_THAT(outcomes(), ElementsAre("1 YW5zd2Vy"));
  leave(kMaster);
  join_master(kMaster);

  EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(HubAskTest, WithoutAnAnswerItEndsWhenItsTimeIsOver) {
  ask(1, "alexa", "b2ZmZXI=", seconds(50));
  EXPECT_EQ(hub().next_deadline(), now() + seconds(50));
  advance(seconds(50));

  sweep();

  EXPECT_THAT(outcomes(), ElementsAre("1 ResourceNotFoundException"));
  EXPECT_EQ(hub().stats().channels, 0U);
}

TEST_F(HubAskTest, AnAnswerThatComesTooLateIsAMessageToAViewer) {
  join_master(kMaster);
  ask(1, "alexa", "b2ZmZXI=", seconds(50));
  advance(seconds(50));

  answer("alexa");

  EXPECT_THAT(outcomes(), IsEmpty());
  EXPECT_EQ(hub().stats().retained_messages, 1U);
}

TEST_F(HubAskTest, OnlyTheNextAnswerToThatIdIsTheAnswer) {
  join_master(kMaster);
  join_viewer(kAlice, "alexa");
  ask(1, "alexa", "b2ZmZXI=", seconds(50));

  say(kMaster, {MessageType::kIceCandidate, "AAAA", "alexa", {}});
  EXPECT_THAT(receivers(), ElementsAre(kAlice));
  answer("bob");
  EXPECT_THAT(outcomes(), IsEmpty());
  answer("alexa");
  EXPECT_THAT(outcomes(), ElementsAre("1 YW5zd2Vy"));
  EXPECT_THAT(receivers(), IsEmpty());
  answer("alexa");

  EXPECT_THAT(outcomes(), IsEmpty());
  EXPECT_THAT(receivers(), ElementsAre(kAlice));
}

TEST_F(HubAskTest, ANewerOfferOfTheSameSenderTakesThePlaceOfTheOlder) {
  join_master(kMaster);
  ask(1, "alexa", "b2ZmZXI=", seconds(50));

  ask(2, "alexa", "bmV3ZXI=", seconds(50));
  EXPECT_THAT(outcomes(), ElementsAre("1 ResourceInUseException"));
  EXPECT_THAT(payloads(), ElementsAre("bmV3ZXI="));
  answer("alexa");

  EXPECT_THAT(outcomes(), ElementsAre("2 YW5zd2Vy"));
}

TEST_F(HubAskTest, AsksOfAChannelAreBounded) {
  limits().max_retained_bytes = 2 * (PendingAsk::kOverhead + 1 + 8);
  restart();
  ask(1, "a", "b2ZmZXI=", seconds(50));
  ask(2, "b", "b2ZmZXI=", seconds(50));
  EXPECT_THAT(effects(), IsEmpty());

  ask(3, "c", "b2ZmZXI=", seconds(50));

  EXPECT_THAT(outcomes(), ElementsAre("3 ClientLimitExceededException"));
  EXPECT_EQ(hub().stats().asks, 2U);
}

TEST_F(HubAskTest, ADeletedChannelEndsThem) {
  ask(1, "alexa", "b2ZmZXI=", seconds(50));

  delete_channel(kArn);

  EXPECT_THAT(outcomes(), ElementsAre("1 ResourceNotFoundException"));
  EXPECT_EQ(hub().stats().channels, 0U);
  EXPECT_EQ(hub().next_deadline(), std::nullopt);
}

TEST_F(HubAskTest, AViewersAnswerIsNotTheMasters) {
  join_viewer(kAlice, "alice");
  ask(1, "alexa", "b2ZmZXI=", seconds(50));

  say(kAlice, {MessageType::kSdpAnswer, "YW5zd2Vy", "alexa", {}});

  EXPECT_THAT(outcomes(), IsEmpty());
  EXPECT_EQ(hub().stats().asks, 1U);
}

}  // namespace
}  // namespace heliograph::core
