// Base64: the vectors of RFC 4648, 10, and every way in which a text can fail to be strict.
#include "wire/base64.hpp"

#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

struct Vector {
  std::string_view bytes;
  std::string_view text;
};

constexpr Vector kVectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xFB\xEF\xBE", "++++"},
    {"\xFF\xFF\xFF", "////"},
};

TEST(Base64Test, WritesAndReadsTheVectorsOfTheRfc) {
  for (const Vector& v : kVectors) {
    SCOPED_TRACE(v.text);

    EXPECT_EQ(to_base64(v.bytes), v.text);
    EXPECT_EQ(parse_base64(v.text), v.bytes);
    EXPECT_TRUE(is_base64_strict(v.text));
  }
}

TEST(Base64Test, EveryByteSurvivesAtEveryPosition) {
  for (unsigned value = 0; value < 256; ++value) {
    for (std::size_t length = 1; length <= 6; ++length) {
      std::string bytes(length, 'x');
      bytes[value % length] = static_cast<char>(value);

      EXPECT_EQ(parse_base64(to_base64(bytes)), bytes) << value << ' ' << length;
    }
  }
}

struct Refused {
  const char* name;
  std::string_view text;
};

constexpr Refused kRefused[] = {
    {"length is no multiple of four", "Zm9"},
    {"no padding", "Zg"},
    {"padding by one character too short", "Zg="},
    {"padding by one character too long", "Zm9v="},
    {"only padding", "===="},
    {"only padding after nothing", "=="},
    {"three characters of padding", "Z==="},
    {"padding in the middle", "Zg==Zm9v"},
    {"padding before a letter", "Zg=v"},
    {"unused bits of one byte are set", "Zh=="},
    {"unused bits of two bytes are set", "Zm9="},
    {"URL-safe minus", "Zm9-"},
    {"URL-safe underscore", "Zm9_"},
    {"white space", "Zm 9"},
    {"line end", "Zm9\n"},
    {"zero byte", std::string_view("Zm9\0", 4)},
    {"beyond ASCII", "Zm9\xE9"},
};

TEST(Base64Test, RefusesWhateverItWouldNotWriteItself) {
  for (const Refused& c : kRefused) {
    SCOPED_TRACE(c.name);

    EXPECT_FALSE(is_base64_strict(c.text));
    EXPECT_EQ(parse_base64(c.text), std::nullopt);
  }
}

TEST(Base64Test, TheAlphabetHasSixtyFourLetters) {
  int letters = 0;
  for (unsigned value = 0; value < 256; ++value) {
    const std::string text = {static_cast<char>(value), 'A', 'A', 'A'};
    if (is_base64_strict(text)) ++letters;
  }

  EXPECT_EQ(letters, 64);
}

}  // namespace
}  // namespace heliograph::wire
