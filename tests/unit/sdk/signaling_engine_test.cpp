// The signaling client's steps, with a service and a clock of the test's own.
#include <gmock/gmock.h>

#include "support/engine_fixture.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::SignalingEngineTest;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(SignalingEngineTest, OpensBySigningForTheEndpointThatWasFound) {
  open();
  EXPECT_THAT(told_, ElementsAre("open 1"));
  EXPECT_EQ(links_.front()->url, "wss://m/?signature=1");
  EXPECT_EQ(signer_->requests.front().query, (std::map<std::string, std::string>{{"X-Amz-ChannelARN", "arn:cam"}}));
}

TEST_F(SignalingEngineTest, ViewerSignsItsClientId) {
  role_ = Role::kViewer;
  open();
  EXPECT_EQ(signer_->requests.front().query.at("X-Amz-ClientId"), "me");
}

TEST_F(SignalingEngineTest, OffersAndCandidatesAreGivenWithTheirSender) {
  open();
  hear(offer_text("v=0", "alice"));
  hear(R"({"messageType":"ICE_CANDIDATE","senderClientId":"alice","messagePayload":")" +
       wire::to_base64(R"({"candidate":"c1"})") + "\"}");
  EXPECT_THAT(told_, ElementsAre("open 1", "offer v=0 from alice", "candidate c1 from alice"));
}

TEST_F(SignalingEngineTest, PayloadThatIsNoOfferIsToldAndTheConnectionGoesOn) {
  open();
  hear(R"({"messageType":"SDP_OFFER","senderClientId":"eve","messagePayload":"W10="})");
  EXPECT_THAT(told_, Contains(HasSubstr("from eve")));
  EXPECT_TRUE(engine_->is_open());
}

TEST_F(SignalingEngineTest, MessageIsConfirmedByThePongToThePingBehindIt) {
  open();
  send("{}");
  EXPECT_THAT(links_.back()->written, ElementsAre(HasSubstr("ICE_CANDIDATE"), "ping 1"));
  EXPECT_THAT(told_, Not(Contains("{} read")));

  hear_pong("1");
  EXPECT_THAT(told_, Contains("{} read"));
}

TEST_F(SignalingEngineTest, MessagesOfAConnectionThatBrokeAreSentAgainOnTheNext) {
  open();
  send(R"({"n":1})");
  lose();
  EXPECT_THAT(told_, Contains("lost: cable cut"));
  send(R"({"n":2})");

  world_.advance(seconds(1));
  ASSERT_EQ(links_.size(), 2U);
  accept();

  EXPECT_THAT(links_.back()->written, ElementsAre(HasSubstr(wire::to_base64(R"({"n":1})")),
                                                  HasSubstr(wire::to_base64(R"({"n":2})")), "ping 2"));
  EXPECT_EQ(links_.back()->url, "wss://m/?signature=2");
}

TEST_F(SignalingEngineTest, MessageThatIsNotConfirmedIsSentAgainWhenTheApplicationReconnects) {
  open();
  send(R"({"n":1})");

  engine_->reconnect();
  world_.run();
  accept();

  EXPECT_THAT(links_.back()->written, Contains(HasSubstr(wire::to_base64(R"({"n":1})"))));
}

TEST_F(SignalingEngineTest, MessagesWaitUntilTheNetworkTakesThemAndAreConfirmedOnlyThen) {
  open();
  links_.back()->room = 2;
  for (const char* one : {"1", "2", "3", "4"}) send(one);
  EXPECT_THAT(links_.back()->written,
              ElementsAre(HasSubstr(wire::to_base64("1")), "ping 1", HasSubstr(wire::to_base64("2"))));
  hear_pong("1");
  hear_pong("2");
  EXPECT_THAT(told_, ElementsAre("open 1", "1 read", "2 read"));

  links_.back()->room = SIZE_MAX;
  links_.back()->on.on_drained();
  hear_pong("4");

  EXPECT_THAT(told_, ElementsAre("open 1", "1 read", "2 read", "3 read", "4 read"));
}

TEST_F(SignalingEngineTest, MessageSentBeforeTheFirstConnectionWaitsForIt) {
  make();
  send("{}");
  engine_->open();
  world_.run();
  accept();
  EXPECT_THAT(links_.back()->written, Contains(HasSubstr("ICE_CANDIDATE")));
}

TEST_F(SignalingEngineTest, RefusedMessageIsToldWithItsReason) {
  open();
  send("{}");
  hear(R"({"messageType":"STATUS_RESPONSE","statusResponse":{"correlationId":"m1","errorType":)"
       R"("ClientLimitExceededException","statusCode":"400","success":false,"description":"too fast"}})");
  EXPECT_THAT(told_, ElementsAre("open 1", "status m1", "{} failed: 400 ClientLimitExceededException: too fast"));
}

TEST_F(SignalingEngineTest, ServiceThatCannotBeReachedIsTriedAgainAndAgain) {
  make();
  found_ = Error{Errc::kIo, "no route"};
  engine_->open();
  world_.advance(seconds(60));
  EXPECT_GE(finds_, 4);
  EXPECT_EQ(closed_, std::nullopt);

  found_ = JoinInfo{"arn:cam", "wss://m", "https://m", "us-east-1", {}, std::nullopt};
  world_.advance(seconds(16));
  accept();
  EXPECT_TRUE(engine_->is_open());
}

TEST_F(SignalingEngineTest, RefusalBeforeTheFirstConnectionIsFinalTheSecondTime) {
  make();
  engine_->open();
  world_.run();
  links_.back()->on.on_refused(refusal(403, "AccessDeniedException"));
  EXPECT_EQ(closed_, std::nullopt) << "once it may be an old credential";
  EXPECT_EQ(signer_->forgotten, 1);
  world_.advance(seconds(1));
  ASSERT_EQ(links_.size(), 2U);

  links_.back()->on.on_refused(refusal(403, "AccessDeniedException"));

  EXPECT_EQ(closed_, Errc::kAccessDenied);
}

TEST_F(SignalingEngineTest, RefusalAfterTheFirstConnectionIsTriedAgain) {
  open();
  lose();
  for (int i = 0; i < 3; ++i) {
    wait_for_next_link();
    links_.back()->on.on_refused(refusal(403, "AccessDeniedException"));
  }
  EXPECT_EQ(closed_, std::nullopt);
  wait_for_next_link();
  accept();
  EXPECT_TRUE(engine_->is_open());
}

TEST_F(SignalingEngineTest, ReplacedConnectionDoesNotComeBack) {
  open();
  hear_close(4001, "replaced");
  EXPECT_EQ(closed_, Errc::kReplaced);
  world_.advance(seconds(60));
  EXPECT_EQ(links_.size(), 1U);
}

TEST_F(SignalingEngineTest, WaitsGrowUntilAConnectionLasted) {
  open();
  for (int i = 0; i < 8; ++i) {
    world_.advance(milliseconds(1));
    lose();
    wait_for_next_link();
    accept();
  }
  world_.advance(seconds(6));
  const auto before = world_.clock->steady_now();
  lose();
  wait_for_next_link();
  EXPECT_LE(world_.clock->steady_now() - before, milliseconds(260)) << "a good connection begins anew";
}

}  // namespace
}  // namespace heliograph::sdk
