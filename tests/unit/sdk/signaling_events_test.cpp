// Events one by one, for who asks.
#include "heliograph/signaling_events.hpp"

#include <gmock/gmock.h>

namespace heliograph {
namespace {

using testing::ElementsAre;

class SignalingEventsTest : public testing::Test {
 protected:
  void ask() {
    events_->next([this](Result<SignalingEvent> next) {
      if (!next) return told_.push_back("over: " + next.error().detail);
      struct Line {
        std::string operator()(const SignalingOpened& opened) const {
          return "open " + std::to_string(opened.ice_servers.size());
        }
        std::string operator()(const DescriptionReceived& one) const {
          return one.description.sdp + " from " + one.from;
        }
        std::string operator()(const CandidateReceived& one) const { return one.candidate.candidate; }
        std::string operator()(const SignalingLost& lost) const { return "lost: " + lost.why.detail; }
        std::string operator()(const StatusReceived& one) const { return "status " + one.status.error_type; }
        std::string operator()(const SignalingMoves&) const { return "moves"; }
        std::string operator()(const BadMessageReceived& bad) const { return "bad: " + bad.why.detail; }
        std::string operator()(const EventsDropped& lost) const {
          return "dropped " + std::to_string(lost.descriptions) + '+' + std::to_string(lost.others);
        }
      };
      told_.push_back(std::visit(Line{}, *next));
    });
  }

  std::shared_ptr<SignalingEvents> events_ = SignalingEvents::create(3);
  SignalingClient::Handlers on_ = events_->handlers();
  std::vector<std::string> told_;
};

TEST_F(SignalingEventsTest, EventsWaitForWhoAsksInOrder) {
  on_.on_open({});
  on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, "alice");
  on_.on_lost({Errc::kIo, "cut"}, std::chrono::milliseconds(1));
  for (int i = 0; i < 3; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("open 0", "v=0 from alice", "lost: cut"));
}

TEST_F(SignalingEventsTest, WhoAsksFirstIsToldWhenSomethingComes) {
  ask();
  EXPECT_TRUE(told_.empty());
  on_.on_answer({SessionDescription::Type::kAnswer, "v=1"}, "");
  EXPECT_THAT(told_, ElementsAre("v=1 from "));
}

TEST_F(SignalingEventsTest, SecondQuestionWhileOneWaitsIsRefused) {
  ask();
  ask();
  EXPECT_THAT(told_, ElementsAre("over: somebody waits for the next event already"));
  on_.on_open({});
  EXPECT_THAT(told_, ElementsAre("over: somebody waits for the next event already", "open 0"));
}

TEST_F(SignalingEventsTest, CandidatesGoFirstWhenNobodyAsks) {
  on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, "a");
  for (const char* one : {"c1", "c2", "c3"}) on_.on_candidate({one, {}, {}, {}}, "a");
  for (int i = 0; i < 4; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("dropped 0+1", "v=0 from a", "c2", "c3"));
}

TEST_F(SignalingEventsTest, EndIsToldAfterEverythingBeforeItAndAgainAndAgain) {
  on_.on_open({});
  on_.on_closed({Errc::kReplaced, "replaced"});
  on_.on_open({});
  for (int i = 0; i < 3; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("open 0", "over: replaced", "over: replaced"));
}

TEST_F(SignalingEventsTest, RefusalsMovesAndBadMessagesAreEventsToo) {
  on_.on_status({"m1", "ClientLimitExceededException", 400, {}});
  on_.on_go_away();
  on_.on_bad_message({Errc::kInvalidArgument, "no JSON"});
  for (int i = 0; i < 3; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("status ClientLimitExceededException", "moves", "bad: no JSON"));
}

TEST_F(SignalingEventsTest, BadMessagesDoNotDisplaceAnOffer) {
  on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, "a");
  for (const char* one : {"1", "2", "3"}) on_.on_bad_message({Errc::kInvalidArgument, one});
  for (int i = 0; i < 4; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("dropped 0+1", "v=0 from a", "bad: 2", "bad: 3"));
}

TEST_F(SignalingEventsTest, NewerDescriptionTakesThePlaceOfAnOlderOneOfItsSender) {
  for (const char* from : {"a", "b", "c"}) on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, from);
  on_.on_offer({SessionDescription::Type::kOffer, "v=1"}, "b");
  for (int i = 0; i < 3; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("v=0 from a", "v=0 from c", "v=1 from b"));
}

TEST_F(SignalingEventsTest, AnswerDoesNotTakeThePlaceOfAnOffer) {
  on_.on_offer({SessionDescription::Type::kOffer, "offer"}, "a");
  for (const char* from : {"b", "c"}) on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, from);
  on_.on_answer({SessionDescription::Type::kAnswer, "answer"}, "a");
  for (int i = 0; i < 4; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("dropped 1+0", "v=0 from b", "v=0 from c", "answer from a"));
}

TEST_F(SignalingEventsTest, DescriptionsThatThereIsNoRoomForAreToldToBeDropped) {
  for (const char* from : {"a", "b", "c", "d", "e"}) on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, from);
  for (int i = 0; i < 4; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("dropped 2+0", "v=0 from c", "v=0 from d", "v=0 from e"));
  ask();
  on_.on_go_away();
  EXPECT_EQ(told_.back(), "moves") << "told once";
}

TEST_F(SignalingEventsTest, DescriptionsStayLongerThanWhatIsNone) {
  on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, "a");
  on_.on_go_away();
  on_.on_open({});
  on_.on_offer({SessionDescription::Type::kOffer, "v=0"}, "b");
  for (int i = 0; i < 4; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("dropped 0+1", "v=0 from a", "open 0", "v=0 from b"));
}

TEST_F(SignalingEventsTest, CancellingEndsTheQuestionThatWaitsAndNoOther) {
  events_->cancel_next();
  ask();
  events_->cancel_next();
  EXPECT_THAT(told_, ElementsAre("over: the wait for the next event was cancelled"));
  on_.on_open({});
  ask();
  EXPECT_THAT(told_, ElementsAre("over: the wait for the next event was cancelled", "open 0"));
}

TEST_F(SignalingEventsTest, EventThatIsGivenBackIsTheNext) {
  on_.on_open({});
  on_.on_go_away();
  events_->next([this](Result<SignalingEvent> next) { events_->give_back(*std::move(next)); });
  for (int i = 0; i < 2; ++i) ask();
  EXPECT_THAT(told_, ElementsAre("open 0", "moves"));
  ask();
  events_->give_back(SignalingLost{{Errc::kIo, "cut"}});
  EXPECT_EQ(told_.back(), "lost: cut") << "to who waits already";
}

TEST_F(SignalingEventsTest, HandlersThatGoEndAQuestionThatWaits) {
  ask();
  auto copy = on_;
  on_ = {};
  EXPECT_TRUE(told_.empty()) << "some are left";
  copy = {};
  EXPECT_THAT(told_, ElementsAre("over: the signaling client has gone without a word"));
}

TEST_F(SignalingEventsTest, HandlersThatGoAfterTheEndDoNotChangeIt) {
  on_.on_closed({Errc::kReplaced, "replaced"});
  on_ = {};
  ask();
  EXPECT_THAT(told_, ElementsAre("over: replaced"));
}

TEST_F(SignalingEventsTest, ClosingEndsAQuestionThatWaits) {
  ask();
  events_->close();
  EXPECT_THAT(told_, ElementsAre("over: nobody asks for events any more"));
}

}  // namespace
}  // namespace heliograph
