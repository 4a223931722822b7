// How the signaling client moves, gives up and ends, with a service and a clock of the test's own.
#include <gmock/gmock.h>

#include "support/engine_fixture.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SignalingEngineEndTest : public test::SignalingEngineTest {};

TEST_F(SignalingEngineEndTest, GoAwayMovesAndReadsTheOldConnectionMeanwhile) {
  open();
  hear(R"({"messageType":"GO_AWAY"})");
  world_.run();
  ASSERT_EQ(links_.size(), 2U);
  EXPECT_EQ(forgotten_, 1);
  hear(offer_text("late", "bob"), 0);
  accept();
  hear(offer_text("later", "bob"), 0);

  EXPECT_THAT(told_, ElementsAre("open 1", "go away", "offer late from bob", "open 1", "offer later from bob"));
  links_.front()->on.on_message({wire::WsKind::kClose, "replaced", 4001});
  EXPECT_EQ(closed_, std::nullopt);
  EXPECT_TRUE(engine_->is_open());
  EXPECT_THAT(links_.front()->written, Contains("drop"));
}

TEST_F(SignalingEngineEndTest, MessagesWaitWhileTheClientMoves) {
  open();
  hear(R"({"messageType":"GO_AWAY"})");
  send("{}");
  world_.run();
  EXPECT_THAT(links_.front()->written, IsEmpty());
  accept();
  EXPECT_THAT(links_.back()->written, Contains(HasSubstr("ICE_CANDIDATE")));
}

TEST_F(SignalingEngineEndTest, ReconnectIceServerFindsThemAnew) {
  open();
  hear(R"({"messageType":"RECONNECT_ICE_SERVER"})");
  world_.run();
  accept();
  EXPECT_EQ(finds_, 2);
  EXPECT_EQ(forgotten_, 1);
}

TEST_F(SignalingEngineEndTest, SilentServiceIsGivenUpAndTriedAnew) {
  open();
  world_.advance(seconds(21));
  EXPECT_THAT(told_, Contains("lost: the service answered no ping for 10 s"));
  EXPECT_EQ(lost_, Errc::kPingTimeout);
  EXPECT_THAT(links_.front()->written, ElementsAre("ping ", "drop"));
  EXPECT_EQ(links_.size(), 2U);
}

TEST_F(SignalingEngineEndTest, ConnectionThatIsNeverMadeIsGivenUpInTime) {
  make();
  engine_->open();
  world_.advance(seconds(10));
  EXPECT_THAT(told_, ElementsAre(HasSubstr("lost: no signaling connection within 10000 ms")));
  EXPECT_THAT(links_.front()->written, ElementsAre("drop"));
}

TEST_F(SignalingEngineEndTest, AnswerOfAnEarlierAttemptIsNotListenedTo) {
  make();
  engine_->open();
  world_.advance(seconds(11));
  ASSERT_GE(links_.size(), 2U);
  links_.front()->on.on_open();
  EXPECT_FALSE(engine_->is_open());
}

TEST_F(SignalingEngineEndTest, CloseSaysGoodbyeAndEndsWhatIsNotConfirmed) {
  open();
  send("{}");
  engine_->close();
  EXPECT_THAT(links_.back()->written, Contains("close 1000"));
  hear_close(1000);
  EXPECT_EQ(closed_, Errc::kClosed);
  EXPECT_THAT(told_, Contains("{} failed: closed by the application"));
  EXPECT_EQ(world_.waiting(), 0U);
}

TEST_F(SignalingEngineEndTest, CloseEndsALookupAndLaterAnswersDoNothing) {
  make();
  engine_->open();
  engine_->close();
  EXPECT_EQ(closed_, Errc::kClosed);
  world_.advance(seconds(60));
  EXPECT_THAT(links_, IsEmpty());
}

TEST_F(SignalingEngineEndTest, AbandonedEngineTellsNobodyAnything) {
  open();
  send("{}");
  told_.clear();
  engine_->abandon();
  world_.advance(seconds(60));
  EXPECT_EQ(closed_, std::nullopt);
  EXPECT_THAT(links_.back()->written, Contains("close 1000"));
  EXPECT_EQ(links_.size(), 1U);
}

TEST_F(SignalingEngineEndTest, GivesUpAfterTheTimeThatWasSet) {
  SignalingClient::Options options;
  options.reconnect.give_up_after = seconds(30);
  make(options);
  found_ = Error{Errc::kIo, "no route"};
  engine_->open();
  world_.advance(seconds(50));
  EXPECT_EQ(closed_, Errc::kTimeout);
  EXPECT_THAT(told_.back(), HasSubstr("no route"));
}

TEST_F(SignalingEngineEndTest, ReconnectingBeginsTheTimeToGiveUpAnew) {
  SignalingClient::Options options;
  options.reconnect.give_up_after = seconds(30);
  options.ping_interval = seconds(0);
  make(options);
  engine_->open();
  world_.run();
  accept();
  world_.advance(seconds(40));
  found_ = Error{Errc::kIo, "no route"};

  engine_->reconnect();
  world_.advance(seconds(25));
  EXPECT_EQ(closed_, std::nullopt) << "25 s are not 30";

  world_.advance(seconds(25));
  EXPECT_EQ(closed_, Errc::kTimeout);
}

TEST_F(SignalingEngineEndTest, ReconnectingWithoutAConnectionDoesNotProlongTheTimeToGiveUp) {
  SignalingClient::Options options;
  options.reconnect.give_up_after = seconds(30);
  make(options);
  found_ = Error{Errc::kIo, "no route"};
  engine_->open();
  for (int i = 0; i < 10; ++i) {
    world_.advance(seconds(5));
    engine_->reconnect();
  }
  EXPECT_EQ(closed_, Errc::kTimeout);
}

TEST_F(SignalingEngineEndTest, SignerThatThrowsIsAFailedTryAndAskedAgain) {
  make();
  signer_->throws = true;
  engine_->open();
  world_.run();
  EXPECT_THAT(told_, ElementsAre("lost: the request signer threw: what is no std::exception"));

  signer_->throws = false;
  wait_for_next_link();
  accept();
  EXPECT_TRUE(engine_->is_open());
}

TEST_F(SignalingEngineEndTest, TokenThatTheServiceQuotesOfTheUrlIsNotInTheError) {
  make();
  signer_->also = "&X-Amz-Security-Token=" + std::string(1000, 'x') + "%2F";
  engine_->open();
  world_.run();
  links_.back()->on.on_refused({403, {}, "should have been " + signer_->also + "; was not"});
  EXPECT_THAT(told_, ElementsAre("lost: 403: should have been &X-Amz-Security-Token=[removed]; was not"));
}

TEST_F(SignalingEngineEndTest, SignerThatThrowsWhenItIsToForgetIsLogged) {
  make();
  engine_->open();
  world_.run();
  signer_->throws = true;
  links_.back()->on.on_refused(refusal(403, "AccessDeniedException"));
  EXPECT_EQ(signer_->forgotten, 1);
  EXPECT_THAT(world_.lines, Contains("the request signer threw: what is no std::exception"));
  EXPECT_EQ(closed_, std::nullopt);
}

TEST_F(SignalingEngineEndTest, WithoutReconnectTheFirstLossIsTheEnd) {
  SignalingClient::Options options;
  options.reconnect.enabled = false;
  make(options);
  engine_->open();
  world_.run();
  accept();
  lose();
  EXPECT_EQ(closed_, Errc::kIo);
}

}  // namespace
}  // namespace heliograph::sdk
