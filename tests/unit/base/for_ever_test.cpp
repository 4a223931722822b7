// Times that options give.
#include "base/for_ever.hpp"

#include <gtest/gtest.h>

namespace heliograph {
namespace {

using namespace std::chrono_literals;

TEST(ForEverTest, TheLongestTimesCanBeAddedToAnyTimeAndOthersStay) {
  const auto now = std::chrono::steady_clock::now();
  EXPECT_GT(now + at_most_for_ever(std::chrono::seconds::max()), now + 24h * 365 * 99);
  EXPECT_GT(now + at_most_for_ever(std::chrono::milliseconds::max()), now + 24h * 365 * 99);
  EXPECT_GT(now + at_most_for_ever(std::chrono::hours::max()), now + 24h * 365 * 99);
  EXPECT_EQ(at_most_for_ever(60s), 60s);
  EXPECT_EQ(at_most_for_ever(0ms), 0ms);
}

}  // namespace
}  // namespace heliograph
