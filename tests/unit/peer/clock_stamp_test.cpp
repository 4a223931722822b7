// The time in a picture.
#include "peer/clock_stamp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace heliograph::peer {
namespace {

struct Picture {
  Picture(int w, int h)
      : pixels(static_cast<std::size_t>(w + 5) * static_cast<std::size_t>(h), 128), luma{pixels, w, h, w + 5} {}
  std::vector<std::uint8_t> pixels;
  Luma luma;
};

TEST(ClockStampTest, IsReadBackAtAnySize) {
  for (const auto& [width, height] : {std::pair{128, 64}, {320, 180}, {1280, 720}, {1921, 1081}}) {
    for (const std::uint32_t ms : {0U, 1U, 12'345'678U, 86'399'999U}) {
      Picture picture(width, height);

      draw_clock(picture.luma, ms);

      EXPECT_EQ(read_clock(picture.luma), ms) << width;
    }
  }
}

TEST(ClockStampTest, SurvivesSomeNoise) {
  Picture picture(320, 180);
  draw_clock(picture.luma, 4'711);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const int noisy = picture.pixels[i] + static_cast<int>(i * 37 % 41) - 20;
    picture.pixels[i] = static_cast<std::uint8_t>(std::clamp(noisy, 0, 255));
  }

  EXPECT_EQ(read_clock(picture.luma), 4'711U);
}

TEST(ClockStampTest, NothingIsReadWhereNothingWasDrawn) {
  const Picture gray(320, 180);
  const Picture tiny(100, 40);
  Picture damaged(320, 180);
  draw_clock(damaged.luma, 4'711);
  const int side = 320 / 32;
  for (int y = damaged.luma.height - 2 * side; y < damaged.luma.height; ++y)  // One bit flipped.
    for (int x = 31 * side; x < 32 * side; ++x) {
      auto& pixel = damaged.pixels[static_cast<std::size_t>(y * damaged.luma.stride + x)];
      pixel = static_cast<std::uint8_t>(251 - pixel);
    }

  EXPECT_FALSE(read_clock(gray.luma).has_value());
  EXPECT_FALSE(read_clock(tiny.luma).has_value());
  EXPECT_FALSE(read_clock(damaged.luma).has_value());
}

}  // namespace
}  // namespace heliograph::peer
