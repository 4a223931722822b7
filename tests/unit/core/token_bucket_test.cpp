// What a rate lets through.
#include "core/token_bucket.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace heliograph::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class TokenBucketTest : public testing::Test {
 protected:
  /// How many of `wanted` events at once pass.
  int burst(std::uint32_t rate, int wanted) {
    int passed = 0;
    for (int i = 0; i < wanted; ++i) passed += bucket.try_take(clock.steady_now(), rate) ? 1 : 0;
    return passed;
  }

  test::FakeClock clock;
  TokenBucket bucket;
};

TEST_F(TokenBucketTest, AfterAPauseOneSecondsWorthPassesAtOnce) {
  EXPECT_EQ(burst(5, 10), 5);
  clock.advance(seconds(3600));
  EXPECT_EQ(burst(5, 10), 5);
}

TEST_F(TokenBucketTest, AnEmptyBucketRefillsOneTokenAtATime) {
  ASSERT_EQ(burst(5, 10), 5);

  clock.advance(milliseconds(199));
  EXPECT_EQ(burst(5, 10), 0);
  clock.advance(milliseconds(1));
  EXPECT_EQ(burst(5, 10), 1);
  clock.advance(milliseconds(600));
  EXPECT_EQ(burst(5, 10), 3);
}

TEST_F(TokenBucketTest, TheRateHoldsOverALongTime) {
  for (const std::uint32_t rate : {1U, 3U, 5U, 20U, 300U}) {
    SCOPED_TRACE(rate);
    bucket = {};

    int passed = 0;
    for (int i = 0; i < 100'000; ++i) {
      passed += bucket.try_take(clock.steady_now(), rate) ? 1 : 0;
      clock.advance(milliseconds(1));
    }

    // The first second's worth, and then 99 or 100 seconds of the rate.
    EXPECT_GE(passed, static_cast<int>(rate * 100));
    EXPECT_LE(passed, static_cast<int>(rate * 101));
  }
}

TEST_F(TokenBucketTest, ARefusedEventCostsNothing) {
  ASSERT_EQ(burst(2, 2), 2);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(bucket.try_take(clock.steady_now(), 2));

  clock.advance(milliseconds(500));

  EXPECT_TRUE(bucket.try_take(clock.steady_now(), 2));
}

TEST_F(TokenBucketTest, RateZeroIsNoLimitAndLeavesNoTrace) {
  EXPECT_EQ(burst(0, 1000), 1000);
  EXPECT_TRUE(bucket.is_full(clock.steady_now()));
}

TEST_F(TokenBucketTest, ItIsFullASecondAfterTheLastEventAtTheLatest) {
  ASSERT_EQ(burst(20, 100), 20);
  EXPECT_FALSE(bucket.is_full(clock.steady_now()));

  clock.advance(seconds(1));

  EXPECT_TRUE(bucket.is_full(clock.steady_now()));
}

}  // namespace
}  // namespace heliograph::core
