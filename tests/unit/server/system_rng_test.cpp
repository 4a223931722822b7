// Random bytes bought by the thousand are each given once.
#include "server/system_rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

namespace heliograph::server {
namespace {

using Id = std::array<std::byte, 16>;

std::vector<Id> draw(std::size_t count) {
  IdRng rng;
  std::vector<Id> ids(count);
  for (Id& id : ids) rng.fill(id);
  return ids;
}

TEST(IdRngTest, NoIdComesTwiceFromWhateverThread) {
  constexpr std::size_t kEach = 5'000;
  std::vector<Id> here;
  std::vector<Id> there;
  std::thread first([&]() { here = draw(kEach); });
  std::thread second([&]() { there = draw(kEach); });
  first.join();
  second.join();

  std::set<Id> all(here.begin(), here.end());
  all.insert(there.begin(), there.end());
  EXPECT_EQ(all.size(), 2 * kEach);
}

TEST(IdRngTest, FillsWhatIsLargerThanItsStock) {
  std::vector<std::byte> bytes(10'000);
  IdRng().fill(bytes);
  // Of random bytes each value is expected 39 times; that one is missing has a chance of 1e-15.
  for (int value = 0; value < 256; ++value)
    EXPECT_NE(std::find(bytes.begin(), bytes.end(), static_cast<std::byte>(value)), bytes.end()) << value;
}

}  // namespace
}  // namespace heliograph::server
