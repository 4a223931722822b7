// Dates in both forms, there and back.
#include "wire/date.hpp"

#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

using std::chrono::milliseconds;

WallTime at(std::int64_t ms) { return WallTime(milliseconds(ms)); }

struct Case {
  std::int64_t ms;
  const char* amz;
  const char* http;
};
const Case kCases[] = {
    {0, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
    {1575158400000, "20191201T000000Z", "Sun, 01 Dec 2019 00:00:00 GMT"},
    {1699332454000, "20231107T044734Z", "Tue, 07 Nov 2023 04:47:34 GMT"},
    {1709251199000, "20240229T235959Z", "Thu, 29 Feb 2024 23:59:59 GMT"},
    {951782400000, "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"},
    {784111777000, "19941106T084937Z", "Sun, 06 Nov 1994 08:49:37 GMT"},  // RFC 7231, 7.1.1.1
    {-1000, "19691231T235959Z", "Wed, 31 Dec 1969 23:59:59 GMT"},
    {253402300799000, "99991231T235959Z", "Fri, 31 Dec 9999 23:59:59 GMT"},
};

TEST(DateTest, BothFormsAreWrittenAndReadBack) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.amz);
    EXPECT_EQ(to_amz_date(at(c.ms)), c.amz);
    EXPECT_EQ(parse_amz_date(c.amz), at(c.ms));
    EXPECT_EQ(to_http_date(at(c.ms)), c.http);
    EXPECT_EQ(parse_http_date(c.http), at(c.ms));
  }
}

TEST(DateTest, MillisecondsAreCutAlsoBeforeTheEpoch) {
  EXPECT_EQ(to_amz_date(at(1575158400999)), "20191201T000000Z");
  EXPECT_EQ(to_amz_date(at(-1)), "19691231T235959Z");
}

TEST(DateTest, TimesWithoutSpellingAreClamped) {
  EXPECT_EQ(to_amz_date(WallTime::max()), "99991231T235959Z");
  EXPECT_EQ(to_amz_date(WallTime::min()), "00000101T000000Z");
  EXPECT_EQ(to_http_date(WallTime::max()), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(DateTest, AmzDateTakesOneFormOnly) {
  for (const char* text : {"", "2", "20231107T044734", "20231107T044734Z ", " 20231107T044734Z", "20231107t044734z",
                           "2023-11-07T04:47:34Z", "20231107T044734+0000", "20231307T044734Z", "20230229T000000Z",
                           "20230431T000000Z", "20230000T000000Z", "20231107T244734Z", "20231107T046034Z",
                           "20231107T044760Z", "2023110 T044734Z", "+2023110T044734Z", "20231107T04473AZ"}) {
    EXPECT_FALSE(parse_amz_date(text).has_value()) << text;
  }
}

TEST(DateTest, HttpDateTakesOneFormOnly) {
  for (const char* text :
       {"", "Tue", "Tue, ", "Tue, 07 Nov", "Wed, 07 Nov 2023 04:47:34 GMT", "tue, 07 Nov 2023 04:47:34 GMT",
        "Tue, 7 Nov 2023 04:47:34 GMT", "Tue, 07 Nov 2023 04:47:34", "Tue, 07 Nov 2023 04:47:34 UTC",
        "Tue, 07 Nov 2023 24:47:34 GMT", "Tue, 31 Feb 2023 04:47:34 GMT", "Tue, 07 Foo 2023 04:47:34 GMT",
        "Tuesday, 07-Nov-23 04:47:34 GMT", "Tue Nov  7 04:47:34 2023"}) {
    EXPECT_FALSE(parse_http_date(text).has_value()) << text;
  }
}

TEST(DateTest, IsoDateIsReadWithFractionsAndZones) {
  const struct {
    const char* text;
    std::int64_t ms;
  } cases[] = {
      {"2023-11-07T04:47:34Z", 1699332454000},      {"2023-11-07T04:47:34.5Z", 1699332454500},
      {"2023-11-07T04:47:34.123Z", 1699332454123},  {"2023-11-07T04:47:34.123456789Z", 1699332454123},
      {"2023-11-07T04:47:34+00:00", 1699332454000}, {"2023-11-07T06:47:34+02:00", 1699332454000},
      {"2023-11-06T23:17:34-0530", 1699332454000},  {"2023-11-07T04:47:34.000000+00:00", 1699332454000},
      {"1969-12-31T23:59:59.250Z", -750},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(parse_iso_date(c.text), at(c.ms));
  }
  for (const Case& c : kCases) EXPECT_EQ(parse_iso_date(to_iso_date(at(c.ms))), at(c.ms)) << c.amz;
}

TEST(DateTest, OtherTextsAreNoIsoDate) {
  for (const char* text :
       {"", "2023-11-07", "2023-11-07T04:47:34", "2023-11-07 04:47:34Z", "2023-11-07T04:47:34.Z", "20231107T044734Z",
        "2023-02-29T00:00:00Z", "2023-11-07T24:00:00Z", "2023-11-07T04:47:60Z", "2023-11-07T04:47:34+25:00",
        "2023-11-07T04:47:34+0", "2023-11-07T04:47:34Z ", "2023-11-07T04:47:34ZZ", "1699332454"})
    EXPECT_FALSE(parse_iso_date(text).has_value()) << text;
}

}  // namespace
}  // namespace heliograph::wire
