// Names: each shape's alphabet and lengths.
#include "wire/names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace heliograph::wire {
namespace {

struct Shape {
  const char* name;
  bool (*is_valid)(std::string_view) noexcept;
  std::size_t min, max;
  std::vector<std::string> good, bad;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kShapes{
      {"ChannelName", is_resource_name, 1, 256, {"a", "A.b_c-9", "AWS_x"}, {"a b", "a/b", "a:b", "ä", "a\n"}},
      {"ClientId",
       is_client_id,
       1,
       256,
       {"viewer-1", "AWS", "AWS-x", "xAWS_"},
       {"AWS_x", "aws_x", "Aws_", "aWs_1", "a b"}},
      {"CorrelationId", is_correlation_id, 1, 256, {"1700000000000", "AWS_x"}, {"a+b", "{}"}},
      {"Version", is_version, 1, 64, {"3Ikjs9sOSk6Q4Alisl0d"}, {"a-b", "a_b", "a.b"}},
      {"NextToken", is_next_token, 0, 512, {"AZaz09+/=="}, {"a-b", "a b"}},
      {"TagKey", is_tag_key, 1, 128, {"k", "a b", "_.:/=+-@", "Grüße", "東京"}, {"a,b", "a\tb", "a#b", "\xC3", "\x7F"}},
      {"TagValue", is_tag_value, 0, 256, {"v", "a b", "_.:/=+-@"}, {"a;b", "\xC2\x80", "\xEE\x80\x80", "\xEF\xBF\xBE"}},
  };
  return kShapes;
}

TEST(NamesTest, EachShapeTakesItsAlphabetOnly) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(shape.name);
    for (const auto& text : shape.good) EXPECT_TRUE(shape.is_valid(text)) << text;
    for (const auto& text : shape.bad) EXPECT_FALSE(shape.is_valid(text)) << text;
  }
}

TEST(NamesTest, EachShapeHasItsLengths) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(shape.name);
    EXPECT_TRUE(shape.is_valid(std::string(shape.min, '1')));
    EXPECT_TRUE(shape.is_valid(std::string(shape.max, '1')));
    EXPECT_FALSE(shape.is_valid(std::string(shape.max + 1, '1')));
    if (shape.min > 0) {
      EXPECT_FALSE(shape.is_valid(std::string(shape.min - 1, '1')));
    }
  }
}

TEST(NamesTest, TagsAreCountedInCharactersNotBytes) {
  std::string text;
  for (int i = 0; i < 128; ++i) text += "東";

  EXPECT_TRUE(is_tag_key(text));
  EXPECT_FALSE(is_tag_key(text + "東"));
  EXPECT_TRUE(is_tag_value(text + "東"));
}

}  // namespace
}  // namespace heliograph::wire
