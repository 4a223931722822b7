// When a viewer calls, restarts ICE, and begins anew, by a clock that is told.
#include "cli/call/restart_rules.hpp"

#include <gtest/gtest.h>

namespace heliograph::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Step = RestartRules::Step;

class RestartRulesTest : public ::testing::Test {
 protected:
  /// Connected, with nothing to do.
  void bring_up() {
    rules.on_signaling(now, true);
    ASSERT_EQ(rules.next(now), Step::kNewPeer);
    rules.on_answer(now, true);
    rules.on_connected(now);
    ASSERT_TRUE(rules.is_up());
    ASSERT_EQ(rules.next(now), Step::kNothing);
  }
  /// Lets time pass up to what is due next.
  Step wait() {
    const auto due = rules.deadline();
    if (!due) return Step::kNothing;
    EXPECT_EQ(rules.next(*due - milliseconds(1)), Step::kNothing);
    waited = std::chrono::duration_cast<milliseconds>(*due - now);
    now = *due;
    return rules.next(now);
  }

  RestartRules rules;
  RestartRules::Time now = RestartRules::Time() + seconds(100);
  milliseconds waited{};
};

TEST_F(RestartRulesTest, CallsWhenSignalingIsOpenAndNotBefore) {
  EXPECT_EQ(rules.next(now), Step::kNothing);
  EXPECT_FALSE(rules.deadline());

  rules.on_signaling(now, true);

  EXPECT_EQ(rules.next(now), Step::kNewPeer);
  EXPECT_EQ(rules.next(now), Step::kNothing);
}

TEST_F(RestartRulesTest, CallsAnewWhenNobodyAnswersAndForEver) {
  rules.on_signaling(now, true);
  ASSERT_EQ(rules.next(now), Step::kNewPeer);

  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(wait(), Step::kNewPeer);
    EXPECT_EQ(waited, seconds(10));
  }
}

TEST_F(RestartRulesTest, CallsAnewWhenAnAnswerLeadsNowhere) {
  rules.on_signaling(now, true);
  ASSERT_EQ(rules.next(now), Step::kNewPeer);
  rules.on_answer(now, true);

  EXPECT_EQ(wait(), Step::kNewPeer);
  EXPECT_EQ(waited, seconds(15));
}

TEST_F(RestartRulesTest, ConnectionThatMendsItselfIsLeftAlone) {
  bring_up();
  rules.on_disconnected(now);
  EXPECT_FALSE(rules.is_up());
  EXPECT_EQ(rules.next(now + milliseconds(2999)), Step::kNothing);

  rules.on_connected(now + milliseconds(2999));

  EXPECT_TRUE(rules.is_up());
  EXPECT_FALSE(rules.deadline());
}

TEST_F(RestartRulesTest, RestartsIceOnceAndThenBeginsAnew) {
  bring_up();
  rules.on_disconnected(now);

  EXPECT_EQ(wait(), Step::kRestart);
  EXPECT_EQ(waited, seconds(3));
  EXPECT_EQ(wait(), Step::kNewPeer);
  EXPECT_EQ(waited, seconds(8));
}

TEST_F(RestartRulesTest, FailureIsNotWaitedFor) {
  bring_up();

  rules.on_failed(now);

  EXPECT_EQ(rules.next(now), Step::kRestart);
  rules.on_failed(now);  // Nor of the restart.
  EXPECT_EQ(rules.next(now), Step::kNewPeer);
}

TEST_F(RestartRulesTest, RestartThatWorkedIsOneAndTheNextMayFailAsOften) {
  bring_up();
  rules.on_failed(now);
  ASSERT_EQ(rules.next(now), Step::kRestart);
  rules.on_answer(now, true);
  rules.on_connected(now);
  ASSERT_TRUE(rules.is_up());

  rules.on_failed(now);

  EXPECT_EQ(wait(), Step::kRestart);
  EXPECT_EQ(wait(), Step::kNewPeer);
}

TEST_F(RestartRulesTest, WhatIsGoneForLongIsNotRestarted) {
  bring_up();
  now += seconds(1000);
  rules.on_signaling(now, false);
  rules.on_disconnected(now);

  rules.on_signaling(now + seconds(12), true);

  EXPECT_EQ(rules.next(now + seconds(12)), Step::kNewPeer);
}

TEST_F(RestartRulesTest, AnswerOfAnotherProgramEndsTheOldConnectionAtOnce) {
  bring_up();
  rules.on_failed(now);
  ASSERT_EQ(rules.next(now), Step::kRestart);

  rules.on_answer(now, false);

  EXPECT_EQ(rules.next(now), Step::kNewPeer);
}

TEST_F(RestartRulesTest, NothingIsBegunWhileSignalingIsAwayAndAllAtOnceWhenItIsBack) {
  bring_up();
  rules.on_signaling(now, false);
  rules.on_disconnected(now);
  EXPECT_EQ(rules.next(now + seconds(60)), Step::kNothing);
  EXPECT_FALSE(rules.deadline());

  rules.on_signaling(now + milliseconds(100), true);

  EXPECT_EQ(rules.next(now + milliseconds(100)), Step::kRestart);
}

TEST_F(RestartRulesTest, RestartThatFellIntoAnOutageOfSignalingGetsItsTimeAfterIt) {
  bring_up();
  now += seconds(100);
  rules.on_disconnected(now);
  ASSERT_EQ(wait(), Step::kRestart);
  rules.on_signaling(now + seconds(1), false);
  rules.on_signaling(now + seconds(2), true);
  EXPECT_EQ(rules.next(now + seconds(2)), Step::kNothing);

  rules.on_answer(now + seconds(3), true);
  rules.on_connected(now + seconds(3));

  EXPECT_TRUE(rules.is_up());
}

TEST_F(RestartRulesTest, RestartIsNotWaitedForWhenTheMasterWillHaveLetGo) {
  bring_up();
  now += seconds(100);
  rules.on_disconnected(now);
  ASSERT_EQ(wait(), Step::kRestart);
  rules.on_signaling(now + seconds(1), false);

  rules.on_signaling(now + seconds(12), true);

  EXPECT_EQ(rules.next(now + seconds(12)), Step::kNewPeer);
}

TEST_F(RestartRulesTest, ConnectionThatIsUpStaysWhileSignalingComesAndGoes) {
  bring_up();

  rules.on_signaling(now, false);
  rules.on_signaling(now, true);

  EXPECT_TRUE(rules.is_up());
  EXPECT_EQ(rules.next(now + seconds(60)), Step::kNothing);
}

TEST_F(RestartRulesTest, MediaThatFallsSilentIsALossThoughIceSaysNothing) {
  bring_up();
  rules.on_media(now);

  EXPECT_EQ(wait(), Step::kRestart);
  EXPECT_EQ(waited, seconds(5));
}

TEST_F(RestartRulesTest, SourceThatFallsSilentForGoodCostsNoMoreThanOneNewConnection) {
  bring_up();
  rules.on_media(now);
  EXPECT_EQ(wait(), Step::kRestart);
  rules.on_answer(now, true);  // ICE was connected all the time.
  EXPECT_TRUE(rules.is_up());
  EXPECT_EQ(wait(), Step::kNewPeer);
  rules.on_answer(now, true);
  rules.on_connected(now);

  EXPECT_TRUE(rules.is_up());
  EXPECT_FALSE(rules.deadline());
}

TEST_F(RestartRulesTest, WhoSaidGoodbyeIsCalledAgainAfterGrowingPauses) {
  bring_up();
  std::vector<milliseconds> pauses;
  for (int i = 0; i < 7; ++i) {
    rules.on_closed(now);
    EXPECT_EQ(wait(), Step::kNewPeer);
    pauses.push_back(waited);
  }

  EXPECT_EQ(pauses, (std::vector<milliseconds>{milliseconds(500), seconds(1), seconds(2), seconds(4), seconds(5),
                                               seconds(5), seconds(5)}));
}

TEST_F(RestartRulesTest, CallThatFailedAfterLongIsRepeatedSoon) {
  bring_up();
  for (int i = 0; i < 6; ++i) {
    rules.on_closed(now);
    ASSERT_EQ(wait(), Step::kNewPeer);
  }
  now += seconds(9);

  rules.on_failed(now);

  EXPECT_EQ(wait(), Step::kNewPeer);
  EXPECT_EQ(waited, milliseconds(500));
}

TEST_F(RestartRulesTest, GoodConnectionMakesPausesShortAgain) {
  bring_up();
  for (int i = 0; i < 4; ++i) {
    rules.on_closed(now);
    ASSERT_EQ(wait(), Step::kNewPeer);
  }
  rules.on_answer(now, true);
  rules.on_connected(now);
  now += seconds(5);

  rules.on_closed(now);

  EXPECT_EQ(wait(), Step::kNewPeer);
  EXPECT_EQ(waited, milliseconds(500));
}

}  // namespace
}  // namespace heliograph::cli
