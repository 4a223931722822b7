// Who is told and who is closed, by the time that has passed.
#include "net/drain_schedule.hpp"

#include <gtest/gtest.h>

#include <random>

namespace heliograph::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SteadyTime kStart{std::chrono::hours(1)};

TEST(DrainScheduleTest, FirstHalfTellsAndSecondHalfCloses) {
  const DrainSchedule schedule(kStart, seconds(8), 4);
  struct Case {
    milliseconds passed;
    std::size_t told;
    std::size_t closed;
  };
  const Case cases[] = {
      {milliseconds(-1), 0, 0},   {milliseconds(0), 1, 0},    {milliseconds(999), 1, 0},  {milliseconds(1000), 2, 0},
      {milliseconds(2000), 3, 0}, {milliseconds(3000), 4, 0}, {milliseconds(3999), 4, 0}, {milliseconds(4000), 4, 1},
      {milliseconds(5000), 4, 2}, {milliseconds(6999), 4, 3}, {milliseconds(7000), 4, 4}, {milliseconds(99'000), 4, 4},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.passed.count());

    EXPECT_EQ(schedule.told(kStart + c.passed), c.told);
    EXPECT_EQ(schedule.closed(kStart + c.passed), c.closed);
  }
}

TEST(DrainScheduleTest, WithoutAWindowEverybodyGoesAtOnce) {
  for (const milliseconds window : {milliseconds(0), milliseconds(1)}) {
    const DrainSchedule schedule(kStart, window, 3);

    EXPECT_EQ(schedule.told(kStart), 3U);
    EXPECT_EQ(schedule.closed(kStart), 3U);
  }
}

TEST(DrainScheduleTest, NobodyIsNobodyAtAnyTime) {
  const DrainSchedule schedule(kStart, seconds(10), 0);

  EXPECT_EQ(schedule.told(kStart), 0U);
  EXPECT_EQ(schedule.closed(kStart + seconds(20)), 0U);
}

TEST(DrainScheduleTest, EveryStepIsEvenWhateverTheCountAndTheWindow) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const std::size_t count = 1 + random() % 100'000;
    const milliseconds window(2 + random() % 3'600'000);
    const DrainSchedule schedule(kStart, window, count);
    const auto half = window / 2;
    // Never more than a step's share and one more, never fewer than before, everybody in the end.
    std::size_t before = 0;
    for (int step = 0; step <= 100; ++step) {
      const std::size_t told = schedule.told(kStart + half * step / 100);
      ASSERT_GE(told, before);
      ASSERT_LE(told - before, count / 100 + 4 + count / static_cast<std::size_t>(half.count()));
      before = told;
    }
    EXPECT_EQ(before, count);
    EXPECT_EQ(schedule.closed(kStart + half - milliseconds(1)), 0U);
    EXPECT_EQ(schedule.closed(kStart + window), count);
  }
}

}  // namespace
}  // namespace heliograph::net
