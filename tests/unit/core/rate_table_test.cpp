// Buckets by name: found again, kept apart, forgotten, and never more of them than there is room for.
#include "core/rate_table.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/fake_clock.hpp"

namespace heliograph::core {
namespace {

class RateTableTest : public testing::Test {
 protected:
  bool take(std::uint32_t kind, std::string_view name) {
    return table.bucket(kind, name).try_take(clock.steady_now(), 1);
  }

  test::FakeClock clock;
  RateTable table{64};
};

TEST_F(RateTableTest, ANameIsCountedFromCallToCall) {
  EXPECT_TRUE(take(0, "door"));
  EXPECT_FALSE(take(0, "door"));

  clock.advance(std::chrono::seconds(1));

  EXPECT_TRUE(take(0, "door"));
}

TEST_F(RateTableTest, NamesAndKindsAreKeptApart) {
  EXPECT_TRUE(take(0, "door"));
  EXPECT_TRUE(take(1, "door"));
  EXPECT_TRUE(take(0, "gate"));

  EXPECT_FALSE(take(0, "door"));
  EXPECT_FALSE(take(1, "door"));
  EXPECT_FALSE(take(0, "gate"));
}

TEST_F(RateTableTest, MoreNamesThanRoomRefuseNobodyForAnothersCalls) {
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(take(0, "channel-" + std::to_string(i))) << i;
  EXPECT_EQ(table.capacity(), 64U);
}

TEST_F(RateTableTest, IdleNamesMakeWayBeforeBusyOnes) {
  // Whatever the hashes: names one second apart never push out the one that is busy.
  for (int i = 0; i < 1000; ++i) {
    static_cast<void>(take(0, "once-" + std::to_string(i)));
    clock.advance(std::chrono::seconds(1));
    ASSERT_TRUE(take(0, "busy"));
    static_cast<void>(take(0, "another-" + std::to_string(i)));

    EXPECT_FALSE(take(0, "busy")) << i;
  }
}

TEST_F(RateTableTest, CapacityIsAPowerOfTwo) {
  EXPECT_EQ(RateTable(1).capacity(), 8U);
  EXPECT_EQ(RateTable(65).capacity(), 128U);
}

}  // namespace
}  // namespace heliograph::core
