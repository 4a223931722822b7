// UTF-8 as a whole: the table of well-formed sequences, its edges, and agreement with the character decoder everywhere.
#include "wire/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace heliograph::wire {
namespace {

/// The definition, one character at a time.
bool is_utf8_by_definition(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = decode_utf8(text, at).length;
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string encoded(char32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | code >> 6U), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | code >> 18U), tail(12), tail(6), tail(0)};
}

struct Case {
  const char* name;
  std::string_view text;
  bool good;
};

using namespace std::string_view_literals;

constexpr Case kCases[] = {
    {"empty", ""sv, true},
    {"ASCII", "plain"sv, true},
    {"a zero byte is ASCII", "a\0b"sv, true},
    {"smallest of two bytes, U+0080", "\xC2\x80"sv, true},
    {"largest of two bytes, U+07FF", "\xDF\xBF"sv, true},
    {"smallest of three bytes, U+0800", "\xE0\xA0\x80"sv, true},
    {"below the surrogates, U+D7FF", "\xED\x9F\xBF"sv, true},
    {"above the surrogates, U+E000", "\xEE\x80\x80"sv, true},
    {"a byte order mark is a character", "\xEF\xBB\xBF"sv, true},
    {"smallest of four bytes, U+10000", "\xF0\x90\x80\x80"sv, true},
    {"the last character, U+10FFFF", "\xF4\x8F\xBF\xBF"sv, true},
    {"stray continuation byte", "\x80"sv, false},
    {"overlong slash", "\xC0\xAF"sv, false},
    {"overlong U+07FF", "\xE0\x9F\xBF"sv, false},
    {"overlong U+FFFF", "\xF0\x8F\xBF\xBF"sv, false},
    {"first surrogate, U+D800", "\xED\xA0\x80"sv, false},
    {"last surrogate, U+DFFF", "\xED\xBF\xBF"sv, false},
    {"beyond the last character, U+110000", "\xF4\x90\x80\x80"sv, false},
    {"a lead byte that leads nothing, F5", "\xF5\x80\x80\x80"sv, false},
    {"a lead byte that leads nothing, FF", "\xFF"sv, false},
    {"two bytes, the second missing", "\xC2"sv, false},
    {"three bytes, the last missing", "\xE2\x82"sv, false},
    {"four bytes, the last missing", "\xF0\x9F\x98"sv, false},
    {"ASCII where a continuation belongs", "\xE2\x82z"sv, false},
};

TEST(Utf8Test, AcceptsExactlyTheWellFormedSequences) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);

    EXPECT_EQ(is_utf8(c.text), c.good);
  }
}

TEST(Utf8Test, FindsAMalformedSequenceWhereverItStandsAmongAscii) {
  for (const Case& c : kCases) {
    for (std::size_t before = 0; before < 70; ++before) {
      SCOPED_TRACE(std::string(c.name) + " after " + std::to_string(before));

      EXPECT_EQ(is_utf8(std::string(before, 'a') + std::string(c.text)), c.good);
      EXPECT_EQ(is_utf8(std::string(before, 'a') + std::string(c.text) + std::string(40, 'b')), c.good);
    }
  }
}

TEST(Utf8Test, AcceptsEveryCharacterButTheSurrogates) {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    ASSERT_EQ(is_utf8(encoded(code)), !surrogate) << "U+" << std::hex << static_cast<unsigned>(code);
  }
}

TEST(Utf8Test, AgreesWithTheCharacterDecoderOnEveryPairAndTripleOfBytes) {
  for (unsigned first = 0x80; first < 0x100; ++first) {
    for (unsigned second = 0; second < 0x100; ++second) {
      const std::string pair = {static_cast<char>(first), static_cast<char>(second)};
      ASSERT_EQ(is_utf8(pair), is_utf8_by_definition(pair)) << first << ' ' << second;
      for (const unsigned third : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U, 0xFFU}) {
        const std::string triple = pair + static_cast<char>(third);
        ASSERT_EQ(is_utf8(triple), is_utf8_by_definition(triple)) << first << ' ' << second << ' ' << third;
      }
    }
  }
}

TEST(Utf8Test, PrefixNeverCutsACharacterInTwo) {
  const std::string_view text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";  // a é € 😀 z
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

  for (std::size_t max = 0; max < std::size(expected); ++max) {
    EXPECT_EQ(utf8_prefix(text, max), text.substr(0, expected[max])) << max;
  }
}

}  // namespace
}  // namespace heliograph::wire
