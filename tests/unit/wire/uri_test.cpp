// Percent coding and queries.
#include "wire/uri.hpp"

#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

TEST(UriTest, EachSpellingKeepsItsCharacters) {
  const std::string_view text = "aZ09-_.~!'()*/:+=& %\xC3\xBC";

  EXPECT_EQ(percent_encode(text), "aZ09-_.~%21%27%28%29%2A%2F%3A%2B%3D%26%20%25%C3%BC");
  EXPECT_EQ(percent_encode(text, UriSpelling::kComponent), "aZ09-_.~!'()*%2F%3A%2B%3D%26%20%25%C3%BC");
  EXPECT_EQ(percent_encode(text, UriSpelling::kPath), "aZ09-_.~%21%27%28%29%2A/%3A%2B%3D%26%20%25%C3%BC");
}

TEST(UriTest, EveryByteSurvivesEncodingAndDecoding) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const auto spelling : {UriSpelling::kStrict, UriSpelling::kComponent, UriSpelling::kPath}) {
    const auto decoded = percent_decode(percent_encode(all, spelling));

    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, all);
  }
}

TEST(UriTest, DecodingTakesBothCasesAndLeavesPlusAlone) {
  EXPECT_EQ(*percent_decode("%2f%2F+%20"), "//+ ");
  EXPECT_EQ(*percent_decode(""), "");
}

TEST(UriTest, BadEscapesAreRefused) {
  for (const char* text : {"%", "%2", "%2G", "%G2", "a%", "%%20", "% 20", "%-1"}) {
    SCOPED_TRACE(text);
    const auto decoded = percent_decode(text);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Errc::kBadRequest);
    EXPECT_FALSE(Query::parse(std::string("a=1&b=") + text));
    EXPECT_FALSE(Query::parse(text));
  }
}

TEST(UriTest, TargetSplitsAtTheFirstQuestionMark) {
  EXPECT_EQ(split_target("/a?b?c").path, "/a");
  EXPECT_EQ(split_target("/a?b?c").query, "b?c");
  EXPECT_EQ(split_target("/a").query, "");
  EXPECT_EQ(split_target("?x=1").path, "/");
  EXPECT_EQ(split_target("").path, "/");
}

TEST(QueryTest, KeepsBothSpellings) {
  const auto query = Query::parse("a%20b=c%2Fd&e=f=g&h&=i&&j=");

  ASSERT_TRUE(query);
  const auto params = query->params();
  ASSERT_EQ(params.size(), 5U);
  EXPECT_EQ(params[0].name, "a b");
  EXPECT_EQ(params[0].raw_name, "a%20b");
  EXPECT_EQ(params[0].value, "c/d");
  EXPECT_EQ(params[0].raw_value, "c%2Fd");
  EXPECT_EQ(params[1].value, "f=g");
  EXPECT_EQ(params[2].name, "h");
  EXPECT_EQ(params[2].value, "");
  EXPECT_EQ(params[3].name, "");
  EXPECT_EQ(params[3].value, "i");
  EXPECT_EQ(params[4].name, "j");
}

TEST(QueryTest, NamesAreComparedDecoded) {
  const auto query = Query::parse("X%2DAmz%2dClientId=viewer");

  ASSERT_TRUE(query);
  EXPECT_EQ(query->find("X-Amz-ClientId"), "viewer");
  EXPECT_FALSE(query->find("x-amz-clientid").has_value());
}

TEST(QueryTest, DuplicatesAreFoundInAnySpelling) {
  EXPECT_TRUE(Query::parse("a=1&b=2&%61=3")->has_duplicates());
  EXPECT_FALSE(Query::parse("a=1&b=1&A=1")->has_duplicates());
  EXPECT_FALSE(Query::parse("")->has_duplicates());
}

TEST(QueryTest, DuplicatesAreFoundAmongFewAndMany) {
  std::string text = "p0=x";
  for (int count = 1; count < 40; ++count) {
    SCOPED_TRACE(count);
    EXPECT_FALSE(Query::parse(text)->has_duplicates());
    EXPECT_TRUE(Query::parse(text + "&p0=y")->has_duplicates());
    EXPECT_TRUE(Query::parse("p0=y&" + text)->has_duplicates());
    text += "&p" + std::to_string(count) + "=x";
  }
}

TEST(QueryTest, ViewsSurviveAMove) {
  auto query = Query::parse("a=%31");
  ASSERT_TRUE(query);

  const Query moved = std::move(*query);

  EXPECT_EQ(moved.find("a"), "1");
}

}  // namespace
}  // namespace heliograph::wire
