// Form bodies, and base64 for URLs.
#include "wire/form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/base64url.hpp"
#include "wire/date.hpp"

namespace heliograph::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(FormTest, ParametersAreDecodedAndAPlusIsASpace) {
  EXPECT_THAT(
      parse_form("Action=A&x=1+2%2B3&empty=&lone&&z=%C3%A4").value(),
      ElementsAre(Pair("Action", "A"), Pair("empty", ""), Pair("lone", ""), Pair("x", "1 2+3"), Pair("z", "ä")));
  EXPECT_THAT(parse_form("").value(), IsEmpty());
}

TEST(FormTest, BadEscapesDoublesAndFloodsAreRefused) {
  EXPECT_EQ(parse_form("a=%zz").error().code, Errc::kBadRequest);
  EXPECT_EQ(parse_form("a=1&%61=2").error().code, Errc::kBadRequest);
  std::string flood;
  for (int i = 0; i < 1001; ++i) flood += 'p' + std::to_string(i) + "=&";
  EXPECT_EQ(parse_form(flood).error().code, Errc::kBadRequest);
}

TEST(Base64UrlTest, BytesSurviveAndOnlyOneSpellingIsRead) {
  EXPECT_EQ(to_base64url("\xFB\xEF\xFF"), "--__");
  for (const std::string& bytes : {std::string(), std::string("a"), std::string("ab"), std::string("abc\0d", 5)})
    EXPECT_EQ(parse_base64url(to_base64url(bytes)), bytes);
  for (const char* text : {"YQ==", "+w", "/w", "Y", "YR", "Y Q", "YQ\n"}) EXPECT_FALSE(parse_base64url(text)) << text;
}

TEST(IsoDateTest, IsWrittenWithAndWithoutMilliseconds) {
  const WallTime time{std::chrono::milliseconds(1'699'332'454'007)};
  EXPECT_EQ(to_iso_date(time), "2023-11-07T04:47:34.007Z");
  EXPECT_EQ(to_iso_date(time, false), "2023-11-07T04:47:34Z");
}

}  // namespace
}  // namespace heliograph::wire
