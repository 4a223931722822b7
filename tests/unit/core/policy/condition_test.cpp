// Conditions: what each operator lets through. The tables are the specification.
#include <gtest/gtest.h>

#include "support/policy_case.hpp"

namespace heliograph::core {
namespace {

using test::ConditionCase;
using test::expect_conditions;

constexpr bool kHolds = true;
constexpr bool kFails = false;

TEST(ConditionTest, Strings) {
  const ConditionCase cases[] = {
      {"equal", R"({"StringEquals": {"aws:username": "bob"}})", {"aws:username=bob"}, kHolds},
      {"another", R"({"StringEquals": {"aws:username": "bob"}})", {"aws:username=alice"}, kFails},
      {"case counts", R"({"StringEquals": {"aws:username": "Bob"}})", {"aws:username=bob"}, kFails},
      {"no wildcards", R"({"StringEquals": {"aws:username": "b*"}})", {"aws:username=bob"}, kFails},
      {"a star is a star", R"({"StringEquals": {"aws:username": "b*"}})", {"aws:username=b*"}, kHolds},
      {"one of several", R"({"StringEquals": {"aws:username": ["al", "bob"]}})", {"aws:username=bob"}, kHolds},
      {"no such key", R"({"StringEquals": {"aws:username": "bob"}})", {}, kFails},
      {"key names have no case", R"({"StringEquals": {"AWS:UserName": "bob"}})", {"aws:username=bob"}, kHolds},
      {"not equal", R"({"StringNotEquals": {"aws:username": "bob"}})", {"aws:username=al"}, kHolds},
      {"equal after all", R"({"StringNotEquals": {"aws:username": "bob"}})", {"aws:username=bob"}, kFails},
      {"none of several", R"({"StringNotEquals": {"aws:username": ["al", "bob"]}})", {"aws:username=bob"}, kFails},
      {"negated, no such key", R"({"StringNotEquals": {"aws:username": "bob"}})", {}, kHolds},
      {"without case", R"({"StringEqualsIgnoreCase": {"aws:username": "BOB"}})", {"aws:username=bob"}, kHolds},
      {"not, without case", R"({"StringNotEqualsIgnoreCase": {"aws:username": "BOB"}})", {"aws:username=bob"}, kFails},
      {"like", R"({"StringLike": {"aws:username": "b?b*"}})", {"aws:username=bob-2"}, kHolds},
      {"not like it", R"({"StringLike": {"aws:username": "b?b"}})", {"aws:username=bob-2"}, kFails},
      {"a star may be empty", R"({"StringLike": {"aws:username": "bob*"}})", {"aws:username=bob"}, kHolds},
      {"a question mark is a character of UTF-8",
       R"({"StringLike": {"aws:username": "b?b"}})",
       {"aws:username=bøb"},
       kHolds},
      {"negated like", R"({"StringNotLike": {"aws:username": "b*"}})", {"aws:username=bob"}, kFails},
      {"negated like, another", R"({"StringNotLike": {"aws:username": "b*"}})", {"aws:username=al"}, kHolds},
  };
  expect_conditions(cases);
}

TEST(ConditionTest, IfExistsAndNull) {
  const ConditionCase cases[] = {
      {"absent is fine", R"({"StringEqualsIfExists": {"aws:username": "bob"}})", {}, kHolds},
      {"present must match", R"({"StringEqualsIfExists": {"aws:username": "bob"}})", {"aws:username=al"}, kFails},
      {"present and matching", R"({"StringEqualsIfExists": {"aws:username": "bob"}})", {"aws:username=bob"}, kHolds},
      {"an address if any", R"({"IpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}})", {}, kHolds},
      {"must be absent, and is", R"({"Null": {"credentials-iot:ThingName": "true"}})", {}, kHolds},
      {"must be absent, and is not",
       R"({"Null": {"credentials-iot:ThingName": "true"}})",
       {"credentials-iot:ThingName=cam"},
       kFails},
      {"must be present, and is",
       R"({"Null": {"credentials-iot:ThingName": "false"}})",
       {"credentials-iot:ThingName=cam"},
       kHolds},
      {"must be present, and is not", R"({"Null": {"credentials-iot:ThingName": false}})", {}, kFails},
  };
  expect_conditions(cases);
}

TEST(ConditionTest, Addresses) {
  const ConditionCase cases[] = {
      {"in the range", R"({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})", {"aws:SourceIp=203.0.113.7"}, kHolds},
      {"beside it", R"({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})", {"aws:SourceIp=203.0.114.7"}, kFails},
      {"a mask within a byte",
       R"({"IpAddress": {"aws:SourceIp": "203.0.113.64/26"}})",
       {"aws:SourceIp=203.0.113.127"},
       kHolds},
      {"… and beyond it",
       R"({"IpAddress": {"aws:SourceIp": "203.0.113.64/26"}})",
       {"aws:SourceIp=203.0.113.128"},
       kFails},
      {"one address", R"({"IpAddress": {"aws:SourceIp": "203.0.113.7"}})", {"aws:SourceIp=203.0.113.7"}, kHolds},
      {"one of several ranges",
       R"({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}})",
       {"aws:SourceIp=2001:db8::5"},
       kHolds},
      {"IPv6 ranges must be given for IPv6",
       R"({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})",
       {"aws:SourceIp=2001:db8::5"},
       kFails},
      {"IPv6 ranges hold no IPv4", R"({"IpAddress": {"aws:SourceIp": "::/0"}})", {"aws:SourceIp=203.0.113.7"}, kFails},
      {"IPv4 as a dual-stack socket has it",
       R"({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})",
       {"aws:SourceIp=::ffff:203.0.113.7"},
       kHolds},
      {"not in the range",
       R"({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})",
       {"aws:SourceIp=192.0.2.1"},
       kHolds},
      {"in the range after all",
       R"({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})",
       {"aws:SourceIp=203.0.113.7"},
       kFails},
      {"negated, no address", R"({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})", {}, kHolds},
  };
  expect_conditions(cases);
}

TEST(ConditionTest, BooleansNumbersDates) {
  const ConditionCase cases[] = {
      {"over TLS", R"({"Bool": {"aws:SecureTransport": "true"}})", {"aws:SecureTransport=true"}, kHolds},
      {"not over TLS", R"({"Bool": {"aws:SecureTransport": "true"}})", {"aws:SecureTransport=false"}, kFails},
      {"a JSON boolean", R"({"Bool": {"aws:SecureTransport": false}})", {"aws:SecureTransport=false"}, kHolds},
      {"Bool, no such key", R"({"Bool": {"aws:SecureTransport": "false"}})", {}, kFails},
      {"a date before",
       R"({"DateLessThan": {"aws:CurrentTime": "2026-05-01T00:00:00Z"}})",
       {"aws:CurrentTime=2026-04-30T23:59:59Z"},
       kHolds},
      {"the date itself is not before it",
       R"({"DateLessThan": {"aws:CurrentTime": "2026-05-01T00:00:00Z"}})",
       {"aws:CurrentTime=2026-05-01T00:00:00Z"},
       kFails},
      {"… but not after it",
       R"({"DateLessThanEquals": {"aws:CurrentTime": "2026-05-01T00:00:00Z"}})",
       {"aws:CurrentTime=2026-05-01T00:00:00Z"},
       kHolds},
      {"a date with a zone",
       R"({"DateGreaterThanEquals": {"aws:CurrentTime": "2026-05-01T02:00:00+02:00"}})",
       {"aws:CurrentTime=2026-05-01T00:00:00Z"},
       kHolds},
      {"a day",
       R"({"DateGreaterThan": {"aws:CurrentTime": "2026-05-01"}})",
       {"aws:CurrentTime=2026-05-01T00:00:01Z"},
       kHolds},
      {"equal to the second",
       R"({"DateEquals": {"aws:CurrentTime": "2026-05-01T00:00:00Z"}})",
       {"aws:CurrentTime=2026-05-01T00:00:00.7Z"},
       kHolds},
      {"another date",
       R"({"DateNotEquals": {"aws:CurrentTime": "2026-05-01T00:00:00Z"}})",
       {"aws:CurrentTime=2026-05-01T00:00:01Z"},
       kHolds},
      {"seconds as a date",
       R"({"DateGreaterThan": {"aws:EpochTime": 1777593599}})",
       {"aws:CurrentTime=2026-05-01T00:00:00Z"},
       kHolds},
      {"seconds as a number",
       R"({"NumericLessThan": {"aws:EpochTime": "1777593600"}})",
       {"aws:CurrentTime=2026-05-01T00:00:00Z"},
       kFails},
      {"a tag as a number",
       R"({"NumericGreaterThanEquals": {"aws:ResourceTag/floor": 2.5}})",
       {"aws:ResourceTag/floor=3"},
       kHolds},
      {"a number that is less",
       R"({"NumericLessThanEquals": {"aws:ResourceTag/floor": "2"}})",
       {"aws:ResourceTag/floor=-1"},
       kHolds},
      {"numbers are equal by value",
       R"({"NumericEquals": {"aws:ResourceTag/floor": "2"}})",
       {"aws:ResourceTag/floor=2.0"},
       kHolds},
      {"no number is no match",
       R"({"NumericLessThan": {"aws:ResourceTag/floor": "2"}})",
       {"aws:ResourceTag/floor=one"},
       kFails},
      {"another number",
       R"({"NumericNotEquals": {"aws:ResourceTag/floor": "2"}})",
       {"aws:ResourceTag/floor=3"},
       kHolds},
  };
  expect_conditions(cases);
}

}  // namespace
}  // namespace heliograph::core
