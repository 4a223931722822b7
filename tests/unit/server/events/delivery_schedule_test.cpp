// What is sent next, and when again.
#include "server/events/delivery_schedule.hpp"

#include <gtest/gtest.h>

namespace heliograph::server::events {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class DeliveryScheduleTest : public ::testing::Test {
 protected:
  void add(std::int64_t number, const std::string& key) {
    EXPECT_EQ(schedule_.add(number, key, WallTime(seconds(number))), std::nullopt);
  }
  std::int64_t next() {
    const auto delivery = schedule_.next(now_);
    return delivery ? delivery->number : 0;
  }

  SteadyTime now_{std::chrono::hours(1)};
  DeliverySchedule schedule_{{.max_in_flight = 2, .max_waiting = 4}};
};

TEST_F(DeliveryScheduleTest, OfOneKeyTheNextGoesWhenTheOneBeforeWasTaken) {
  add(1, "a");
  add(2, "a");

  EXPECT_EQ(next(), 1);
  EXPECT_EQ(next(), 0);
  schedule_.on_taken("a");
  EXPECT_EQ(next(), 2);
  schedule_.on_taken("a");
  EXPECT_EQ(schedule_.waiting(), 0U);
}

TEST_F(DeliveryScheduleTest, KeysDoNotWaitForEachOtherButForARoom) {
  add(1, "a");
  add(2, "b");
  add(3, "c");

  EXPECT_EQ(next(), 1);
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(next(), 0) << "two are under way";
  schedule_.on_taken("b");
  EXPECT_EQ(next(), 3);
}

TEST_F(DeliveryScheduleTest, BusyKeyDoesNotStarveAnother) {
  add(1, "a");
  add(2, "a");
  add(3, "z");

  ASSERT_EQ(next(), 1);
  schedule_.on_taken("a");

  EXPECT_EQ(next(), 3);
}

TEST_F(DeliveryScheduleTest, RefusedEntryComesAgainAfterABackOffAndBeforeItsSuccessor) {
  add(1, "a");
  add(2, "a");
  ASSERT_EQ(next(), 1);

  schedule_.on_refused("a", now_, 0);

  EXPECT_EQ(next(), 0);
  EXPECT_EQ(schedule_.next_deadline(), now_ + seconds(1));
  now_ += seconds(1);
  const auto again = schedule_.next(now_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->number, 1);
  EXPECT_EQ(again->attempt, 2U);
}

TEST_F(DeliveryScheduleTest, BackOffDoublesToAMinuteAndJitterTakesHalfAtMost) {
  add(1, "a");
  const seconds expected[] = {seconds(1),  seconds(2),  seconds(4),  seconds(8),
                              seconds(16), seconds(32), seconds(60), seconds(60)};

  for (const seconds wait : expected) {
    ASSERT_EQ(next(), 1);
    schedule_.on_refused("a", now_, 0);
    ASSERT_EQ(schedule_.next_deadline(), now_ + wait);
    now_ += wait;
  }
  ASSERT_EQ(next(), 1);
  schedule_.on_refused("a", now_, 1);
  EXPECT_EQ(schedule_.next_deadline(), now_ + seconds(30));
}

TEST_F(DeliveryScheduleTest, RefusalOfOneKeyDoesNotHoldUpAnother) {
  add(1, "a");
  add(2, "b");
  ASSERT_EQ(next(), 1);

  schedule_.on_refused("a", now_, 0);

  EXPECT_EQ(next(), 2);
}

TEST_F(DeliveryScheduleTest, ReceiverThatIsAwayIsTriedWithOneEntryAtATime) {
  add(1, "a");
  add(2, "b");
  ASSERT_EQ(next(), 1);

  schedule_.on_unreachable("a", now_, 0);

  EXPECT_TRUE(schedule_.is_receiver_away());
  EXPECT_EQ(next(), 0);
  now_ += seconds(1);
  EXPECT_EQ(next(), 2) << "whose turn it is";
  EXPECT_EQ(next(), 0);
  schedule_.on_taken("b");
  EXPECT_EQ(next(), 1) << "it is back: everything goes on at once";
}

TEST_F(DeliveryScheduleTest, OverItsBoundTheOldestThatIsNotUnderWayGoes) {
  for (const std::int64_t number : {1, 2, 3, 4}) add(number, number < 3 ? "a" : "b");
  ASSERT_EQ(next(), 1);

  EXPECT_EQ(schedule_.add(5, "c", {}), 2);
  EXPECT_EQ(schedule_.add(6, "c", {}), 3);

  EXPECT_EQ(schedule_.waiting(), 4U);
  schedule_.on_taken("a");
  EXPECT_EQ(next(), 4);
  EXPECT_EQ(next(), 5);
}

TEST_F(DeliveryScheduleTest, LineOfOneKeyLosesFromItsFrontButForWhatIsUnderWay) {
  for (const std::int64_t number : {1, 2, 3, 4}) add(number, "hot");

  EXPECT_EQ(schedule_.add(5, "hot", {}), 1) << "nothing is under way";
  ASSERT_EQ(next(), 2);
  EXPECT_EQ(schedule_.add(6, "hot", {}), 3);
  EXPECT_EQ(schedule_.add(7, "hot", {}), 4);

  for (const std::int64_t number : {5, 6, 7}) {
    schedule_.on_taken("hot");
    EXPECT_EQ(next(), number);
  }
  schedule_.on_taken("hot");
  EXPECT_EQ(schedule_.waiting(), 0U);
}

TEST_F(DeliveryScheduleTest, OldestIsThatOfTheFirstThatWaits) {
  EXPECT_EQ(schedule_.oldest(), std::nullopt);
  add(7, "a");
  add(9, "b");

  EXPECT_EQ(schedule_.oldest(), WallTime(seconds(7)));
}

}  // namespace
}  // namespace heliograph::server::events
