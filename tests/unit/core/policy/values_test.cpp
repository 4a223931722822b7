// Addresses, dates, numbers and truths as policies write them.
#include "core/policy/values.hpp"

#include <gtest/gtest.h>

namespace heliograph::core {
namespace {

WallTime at(std::int64_t milliseconds) { return WallTime(std::chrono::milliseconds(milliseconds)); }

TEST(PolicyDateTest, TheProfileOfIso8601AndSecondsAreRead) {
  struct Row {
    const char* text;
    std::int64_t expected;
  };
  const Row rows[] = {
      {"2026", 1767225600000},
      {"2026-05", 1777593600000},
      {"2026-05-01", 1777593600000},
      {"2026-05-01T00:00Z", 1777593600000},
      {"2026-05-01T00:00:01Z", 1777593601000},
      {"2026-05-01T00:00:01.25Z", 1777593601250},
      {"2026-05-01T00:00:01.2509Z", 1777593601250},
      {"2026-05-01T02:30:00+02:30", 1777593600000},
      {"2026-04-30T20:00:00-0400", 1777593600000},
      {"1777593600", 1777593600000},
      {"0", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto time = parse_policy_date(row.text);
    ASSERT_TRUE(time);
    EXPECT_EQ(*time, at(row.expected));
  }
}

TEST(PolicyDateTest, AnythingElseIsNoDate) {
  for (const char* text :
       {"", "tomorrow", "2026-13", "2026-02-29", "2026-5-1", "2026-05-01T", "2026-05-01T10:00:00", "2026-05-01T24:00Z",
        "2026-05-01T10:00:60Z", "2026-05-01T10:00:00.Z", "2026-05-01T10Z", "2026-05-01 10:00Z", "2026T10:00Z",
        "2026-05T10:00Z", "2026-05-01T10:00+25:00", "-1", "1e9", "99999999999999999999", "2026-05-01T10:00Zx"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(parse_policy_date(text));
  }
}

TEST(IpRangeTest, AnAddressIsInTheRangesThatBeginAsItDoes) {
  struct Row {
    const char* range;
    const char* address;
    bool expected;
  };
  const Row rows[] = {
      {"203.0.113.7", "203.0.113.7", true},
      {"203.0.113.7/32", "203.0.113.8", false},
      {"203.0.113.9/24", "203.0.113.8", true},
      {"203.0.113.128/25", "203.0.113.127", false},
      {"0.0.0.0/0", "8.8.8.8", true},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::/0", "8.8.8.8", false},
      {"0.0.0.0/0", "::1", false},
      {"::ffff:10.0.0.0/104", "10.9.9.9", true},
      {"fe80::/10", "fe80::1%eth0", true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.range) + " " + row.address);
    const auto range = parse_ip_range(row.range);
    const auto address = parse_ip_address(row.address);
    ASSERT_TRUE(range && address);
    EXPECT_EQ(range->contains(*address), row.expected);
  }
}

TEST(IpRangeTest, AnythingElseIsNoRange) {
  for (const char* text :
       {"", "localhost", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/8x", "::/129",
        "::ffff:10.0.0.0/95", "fe80::1%eth0", "256.0.0.1", "10.0.0.0/0008"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(parse_ip_range(text));
  }
}

TEST(PolicyNumberTest, DecimalNumbersOnly) {
  EXPECT_EQ(parse_policy_number("-2.5"), -2.5);
  EXPECT_EQ(parse_policy_number("10"), 10.0);
  for (const char* text : {"", "ten", "1,5", "0x10", "inf", "nan", "1 ", " 1", "1e999"})
    EXPECT_FALSE(parse_policy_number(text)) << text;
}

TEST(PolicyBoolTest, TrueAndFalseInAnyCase) {
  EXPECT_EQ(parse_policy_bool("True"), true);
  EXPECT_EQ(parse_policy_bool("FALSE"), false);
  EXPECT_FALSE(parse_policy_bool("1"));
}

}  // namespace
}  // namespace heliograph::core
