// JSON strings by hand.
#include "wire/json_text.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace heliograph::wire {
namespace {

std::string to_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonTextTest, EscapesOnlyWhatJsonDemands) {
  EXPECT_EQ(to_json(R"(/ = + & ? < > ')"), R"("/ = + & ? < > '")");
  EXPECT_EQ(to_json("\"\\\n\r\t\x01\x1F\x7F"), "\"\\\"\\\\\\n\\r\\t\\u0001\\u001f\x7F\"");
  EXPECT_EQ(to_json("Grüße, 東京 \xF0\x9F\x93\xB7"), "\"Grüße, 東京 \xF0\x9F\x93\xB7\"");
  EXPECT_EQ(to_json(""), "\"\"");
}

TEST(JsonTextTest, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  for (const char* bytes : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xF0\x82\x82\xAC"}) {
    SCOPED_TRACE(bytes);

    const std::string json = to_json(std::string("a") + bytes + "b");

    boost::system::error_code problem;
    const auto value = boost::json::parse(json, problem);
    ASSERT_FALSE(problem);
    EXPECT_TRUE(value.as_string().starts_with("a\xEF\xBF\xBD"));
    EXPECT_TRUE(
        value.as_string().ends_with("\xEF\xBF\xBD"
                                    "b"));
  }
}

TEST(JsonTextTest, EveryByteMakesValidJson) {
  for (int byte = 0; byte < 256; ++byte) {
    boost::system::error_code problem;
    boost::json::parse(to_json(std::string(1, static_cast<char>(byte))), problem);
    EXPECT_FALSE(problem) << byte;
  }
}

TEST(JsonTextTest, StopsBeforeTheLimitAndNeverInsideACharacter) {
  const std::string_view text = "ab\"\n\x01ü!";
  std::string whole;
  append_json_text(whole, text);
  for (std::size_t max = 0; max <= whole.size() + 1; ++max) {
    SCOPED_TRACE(max);
    std::string out;

    append_json_text(out, text, max);

    EXPECT_LE(out.size(), max);
    EXPECT_EQ(out, whole.substr(0, out.size()));
    boost::system::error_code problem;
    boost::json::parse("\"" + out + "\"", problem);
    EXPECT_FALSE(problem);
  }
  EXPECT_EQ(whole, "ab\\\"\\n\\u0001ü!");
}

}  // namespace
}  // namespace heliograph::wire
