// Small digits, and a row of bits with a check, drawn into the brightness of a picture and read from it.
#include "peer/clock_stamp.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace heliograph::peer {
namespace {

constexpr std::uint8_t kWhite = 235;
constexpr std::uint8_t kBlack = 16;
constexpr int kBits = 27;
constexpr int kCheckBits = 3;
constexpr int kSquares = 2 + kBits + kCheckBits;
constexpr std::uint32_t kMsPerDay = 86'400'000;

/// 3 × 5 pixels, a row in three bits, the highest row first: the digits, then ':' and '.'.
constexpr std::array<std::uint16_t, 12> kGlyphs = {0b111'101'101'101'111, 0b010'110'010'010'111, 0b111'001'111'100'111,
                                                   0b111'001'111'001'111, 0b101'101'111'001'001, 0b111'100'111'001'111,
                                                   0b111'100'111'101'111, 0b111'001'010'010'010, 0b111'101'111'101'111,
                                                   0b111'101'111'001'111, 0b000'010'000'010'000, 0b000'000'000'000'010};
constexpr int kGlyphWidth = 4;  // with the space after it
constexpr int kGlyphHeight = 7;
constexpr int kCharacters = 12;

bool is_usable(const Luma& luma) {
  return luma.width >= 128 && luma.height >= 64 && luma.stride >= luma.width &&
         luma.bytes.size() >= static_cast<std::size_t>(luma.stride) * static_cast<std::size_t>(luma.height - 1) +
                                  static_cast<std::size_t>(luma.width);
}

void fill(const Luma& luma, int left, int top, int width, int height, std::uint8_t value) {
  for (int y = std::max(top, 0); y < std::min(top + height, luma.height); ++y)
    for (int x = std::max(left, 0); x < std::min(left + width, luma.width); ++x)
      luma.bytes[static_cast<std::size_t>(y) * static_cast<std::size_t>(luma.stride) + static_cast<std::size_t>(x)] =
          value;
}

/// Where the row of squares is: the whole width of the picture, at its foot.
struct Row {
  explicit Row(const Luma& luma) : side(luma.width / kSquares), top(luma.height - 2 * side) {}
  int side;
  int top;
};

std::uint32_t checksum(std::uint32_t value) {
  std::uint32_t sum = 5;
  for (; value != 0; value >>= 3U) sum += value & 7U;
  return sum & 7U;
}

void draw_text(const Luma& luma, std::string_view text) {
  const int dot = std::max(1, luma.width / (3 * kCharacters * kGlyphWidth / 2));
  const int left = dot * 2;
  const int top = dot * 2;
  fill(luma, left - dot, top - dot, dot * (kCharacters * kGlyphWidth + 1), dot * kGlyphHeight, kBlack);
  int x = left;
  for (const char c : text) {
    const std::size_t glyph = c == ':' ? 10U : c == '.' ? 11U : static_cast<std::size_t>(c - '0');
    for (int bit = 0; bit < 15; ++bit)
      if ((static_cast<unsigned>(kGlyphs[glyph]) >> static_cast<unsigned>(14 - bit) & 1U) != 0)
        fill(luma, x + bit % 3 * dot, top + bit / 3 * dot, dot, dot, kWhite);
    x += kGlyphWidth * dot;
  }
}

}  // namespace

void draw_clock(const Luma& luma, std::uint32_t ms_of_day) {
  if (!is_usable(luma)) return;
  const std::uint32_t ms = ms_of_day % kMsPerDay;
  const auto digit = [](std::uint32_t value) { return static_cast<char>('0' + value % 10); };
  const std::uint32_t seconds = ms / 1000;
  const std::array<char, kCharacters> text = {
      digit(seconds / 36000),   digit(seconds / 3600), ':', digit(seconds / 600 % 6), digit(seconds / 60), ':',
      digit(seconds % 60 / 10), digit(seconds),        '.', digit(ms / 100),          digit(ms / 10),      digit(ms)};
  draw_text(luma, {text.data(), text.size()});

  const Row row(luma);
  const std::uint32_t bits = ms << static_cast<unsigned>(kCheckBits) | checksum(ms);
  for (int i = 0; i < kSquares; ++i) {
    const bool is_white = i == 0 || (i > 1 && (bits >> static_cast<unsigned>(kSquares - 1 - i) & 1U) != 0);
    fill(luma, i * row.side, row.top, row.side, 2 * row.side, is_white ? kWhite : kBlack);
  }
}

std::optional<std::uint32_t> read_clock(const Luma& luma) {
  if (!is_usable(luma)) return std::nullopt;
  const Row row(luma);
  const auto level = [&](int square) {
    const int x = square * row.side + row.side / 2;
    const int y = row.top + row.side;
    int sum = 0;
    for (int dy = -1; dy <= 0; ++dy)
      for (int dx = -1; dx <= 0; ++dx)
        sum += luma.bytes[static_cast<std::size_t>(y + dy) * static_cast<std::size_t>(luma.stride) +
                          static_cast<std::size_t>(x + dx)];
    return sum / 4;
  };
  const int white = level(0);
  const int black = level(1);
  if (white - black < 60) return std::nullopt;
  std::uint32_t bits = 0;
  for (int i = 2; i < kSquares; ++i) bits = bits << 1U | (level(i) > (white + black) / 2 ? 1U : 0U);
  const std::uint32_t ms = bits >> static_cast<unsigned>(kCheckBits);
  if (checksum(ms) != (bits & 7U) || ms >= kMsPerDay) return std::nullopt;
  return ms;
}

}  // namespace heliograph::peer
