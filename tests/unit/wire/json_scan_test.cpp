// The scanners against the plainest ones there are, for each byte at each place of texts longer than any block.
#include "wire/json_scan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace heliograph::wire {
namespace {

constexpr std::size_t kLongest = 150;  // More than twice the largest step, and a rest.

bool is_digit(char c) {
  return std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_").find(c) !=
         std::string_view::npos;
}

bool is_stop(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

TEST(JsonScanTest, EveryByteAtEveryPlaceStopsBase64OrNot) {
  for (int value = 0; value < 256; ++value) {
    for (std::size_t at = 0; at < kLongest; ++at) {
      std::string text(kLongest, 'q');
      text[at] = static_cast<char>(value);
      const std::size_t expected = is_digit(text[at]) ? kLongest : at;
      ASSERT_EQ(find_base64_stop(text, 0), expected) << value << " at " << at;
      ASSERT_EQ(find_base64_stop_anywhere(text, 0), expected) << value << " at " << at;
    }
  }
}

TEST(JsonScanTest, EveryByteAtEveryPlaceStopsAStringOrNot) {
  for (int value = 0; value < 256; ++value) {
    for (std::size_t at = 0; at < kLongest; ++at) {
      std::string text(kLongest, 'q');
      text[at] = static_cast<char>(value);
      ASSERT_EQ(find_string_stop(text, 0), is_stop(text[at]) ? at : kLongest) << value << " at " << at;
    }
  }
}

TEST(JsonScanTest, BeginsWhereItIsToldAndEndsWithTheText) {
  const std::string text = "\"\"" + std::string(100, 'a');
  for (std::size_t size = 2; size <= text.size(); ++size) {
    for (std::size_t from = 2; from <= size; ++from) {
      ASSERT_EQ(find_base64_stop(std::string_view(text).substr(0, size), from), size);
      ASSERT_EQ(find_string_stop(std::string_view(text).substr(0, size), from), size);
    }
  }
}

TEST(JsonScanTest, AllDigitsAreDigits) {
  const std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

  EXPECT_EQ(find_base64_stop(digits, 0), digits.size());
}

}  // namespace
}  // namespace heliograph::wire
