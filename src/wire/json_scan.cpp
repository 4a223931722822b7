// Scanning of JSON strings, 32 bytes at a time while they are plain.
#include "wire/json_scan.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "wire/byte_block.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

constexpr bool is_base64_digit(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

/// The same for each byte of a block: zero where it is one.
ByteMask not_base64(ByteBlock bytes) noexcept {
  const ByteBlock letter = (bytes | 0x20) - 'a';
  const ByteBlock digit = bytes - '0';
  return ~((letter < 26) | (digit < 10) | (bytes == '+') | (bytes == '/') | (bytes == '-') | (bytes == '_'));
}

#if defined(__x86_64__)
/// The first place that is not a digit, as far as there are blocks of 32 bytes; then the end of the last one.
/// A byte is a digit if the classes that its upper half belongs to and those that its lower half allows have one in
/// common: 1 for + - /, 2 for 0-9, 4 for A-O a-o, 8 for P-Z _, 16 for p-z.
[[gnu::target("avx2")]] std::size_t skip_base64_blocks(std::string_view text, std::size_t at) noexcept {
  const __m256i upper = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i lower = _mm256_broadcastsi128_si256(_mm_setr_epi8(
      2 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16,
      2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 4 | 8 | 16, 1 | 4, 4, 1 | 4, 4, 1 | 4 | 8));
  const __m256i half = _mm256_set1_epi8(0x0F);
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    const __m256i by_upper = _mm256_shuffle_epi8(upper, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half));
    const __m256i by_lower = _mm256_shuffle_epi8(lower, _mm256_and_si256(bytes, half));
    const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(by_upper, by_lower), _mm256_setzero_si256());
    if (const auto stops = static_cast<unsigned>(_mm256_movemask_epi8(none)); stops != 0)
      return at + static_cast<unsigned>(std::countr_zero(stops));
  }
  return at;
}
#endif

/// The same for what is left: little, or the place is near.
std::size_t find_base64_stop_nearby(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kBlock = sizeof(ByteBlock);
  for (; at + kBlock <= text.size(); at += kBlock) {
    const std::size_t digits = first_of(not_base64(load_block(text.data() + at)));
    if (digits < kBlock) return at + digits;
  }
  while (at < text.size() && is_base64_digit(text[at])) ++at;
  return at;
}

}  // namespace

std::size_t find_base64_stop(std::string_view text, std::size_t at) noexcept {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) {
    at = skip_base64_blocks(text, at);
    if (at < text.size() && !is_base64_digit(text[at])) return at;
    return find_base64_stop_nearby(text, at);
  }
#endif
  return find_base64_stop_anywhere(text, at);
}

std::size_t find_base64_stop_anywhere(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kBlock = sizeof(ByteBlock);
  for (; at + 4 * kBlock <= text.size(); at += 4 * kBlock) {
    const char* from = text.data() + at;
    if (any_of(not_base64(load_block(from)) | not_base64(load_block(from + kBlock)) |
               not_base64(load_block(from + 2 * kBlock)) | not_base64(load_block(from + 3 * kBlock)))) {
      break;
    }
  }
  return find_base64_stop_nearby(text, at);
}

std::size_t find_string_stop(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kBlock = sizeof(ByteBlock);
  // Most strings of most texts are names.
  if (at + kBlock <= text.size()) {
    const std::size_t plain = first_of(string_stops(load_block(text.data() + at)));
    at += plain;
    if (plain < kBlock) return at;
  }
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
