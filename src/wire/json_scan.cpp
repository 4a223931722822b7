// Scanning of JSON strings, 32 bytes at a time while they are plain.
#include "wire/json_scan.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "wire/byte_block.hpp"

namespace heliograph::wire {
namespace {

/// Which of the bytes end a plain run of a string: quotes, backslashes and control characters.
ByteMask string_stops(ByteBlock bytes) noexcept { return (bytes < 0x20) | (bytes == '"') | (bytes == '\\'); }

constexpr bool is_plain(char c) noexcept { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

/// How many of the eight bytes at `from` come before the first that is not plain.
unsigned plain_bytes(const char* from) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    // The high bit of each byte that is less than the subtrahend. A borrow can only set bits above the first such one.
    const auto below = [](std::uint64_t bytes, std::uint64_t than) { return (bytes - kOnes * than) & ~bytes; };
    const std::uint64_t stops = below(word, 0x20) | below(word ^ (kOnes * '"'), 1) | below(word ^ (kOnes * '\\'), 1);
    return static_cast<unsigned>(std::countr_zero(stops & (kOnes * 0x80))) / 8;
  }
  unsigned plain = 0;
  while (plain < 8 && is_plain(from[plain])) ++plain;
  return plain;
}

}  // namespace

std::size_t find_string_stop(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kBlock = sizeof(ByteBlock);
  while (at + 2 * kBlock <= text.size()) {
    const char* from = text.data() + at;
    if (any_of(string_stops(load_block(from)) | string_stops(load_block(from + kBlock)))) break;
    at += 2 * kBlock;
  }
  for (; at + 8 <= text.size(); at += 8) {
    if (const unsigned plain = plain_bytes(text.data() + at); plain < 8) return at + plain;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

}  // namespace heliograph::wire
