// ClockStamp: the time burned into test pictures, for people as digits and for programs as a row of bits, so that the
// delay from camera to screen can be measured without Pango's plugin (gstreamer1.0-x).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace heliograph::peer {

/// A plane of luma, one byte a pixel.
struct Luma {
  std::span<std::uint8_t> bytes;
  int width = 0;
  int height = 0;
  int stride = 0;
};

/// Draws "HH:MM:SS.mmm" and, below it, 32 squares: a white and a black one to find the levels by, then 27 bits of the
/// milliseconds of the day from the highest down, then three of checksum. Does nothing when the picture is narrower
/// than 128 pixels or lower than 64.
void draw_clock(const Luma& luma, std::uint32_t ms_of_day);

/// Reads the row of bits; empty when there is none, or the checksum is wrong.
[[nodiscard]] std::optional<std::uint32_t> read_clock(const Luma& luma);

}  // namespace heliograph::peer
