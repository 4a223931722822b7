// ARNs, row by row from tests/vectors/arn.json, and what the rows cannot show.
#include "wire/arn.hpp"

#include <gtest/gtest.h>

#include "support/vectors.hpp"

namespace heliograph::wire {
namespace {

using test::load_vectors;
using test::text_of;

TEST(ArnTest, ParsesWhatTheModelAllowsAndNothingElse) {
  for (const auto& row : load_vectors("arn.json")) {
    SCOPED_TRACE(text_of(row.as_object(), "name"));
    const std::string input = text_of(row.as_object(), "input");

    const auto arn = parse_arn(input);

    const auto& expected = row.at("expected");
    ASSERT_EQ(arn.has_value(), expected.is_object());
    if (!arn) continue;
    EXPECT_EQ(arn->partition, text_of(expected.as_object(), "partition"));
    EXPECT_EQ(arn->region, text_of(expected.as_object(), "region"));
    EXPECT_EQ(arn->account, text_of(expected.as_object(), "account"));
    EXPECT_EQ(arn->kind, text_of(expected.as_object(), "kind"));
    EXPECT_EQ(arn->name, text_of(expected.as_object(), "name"));
    EXPECT_EQ(arn->code, text_of(expected.as_object(), "code"));
  }
}

TEST(ArnTest, WhatIsWrittenIsReadBack) {
  const ArnScope scope{"aws-cn", "cn-north-1", "123456789012"};

  const std::string text = to_channel_arn(scope, "demo-channel", 1712136149494);

  EXPECT_EQ(text, "arn:aws-cn:kinesisvideo:cn-north-1:123456789012:channel/demo-channel/1712136149494");
  const auto arn = parse_arn(text);
  ASSERT_TRUE(arn.has_value());
  EXPECT_TRUE(arn->is_in(scope));
  EXPECT_FALSE(arn->is_in(ArnScope{"aws", "cn-north-1", "123456789012"}));
  EXPECT_EQ(arn->name, "demo-channel");
  EXPECT_EQ(arn->code, "1712136149494");
}

TEST(ArnTest, LongestIs1024Characters) {
  const std::string start = "arn:aws:kinesisvideo:us-west-2:123456789012:channel/";
  const std::string longest = start + std::string(1024 - start.size() - 2, 'a') + "/1";

  EXPECT_TRUE(parse_arn(longest).has_value());
  EXPECT_FALSE(parse_arn(longest + "1").has_value());
}

TEST(ArnTest, PartitionFollowsFromTheRegion) {
  struct Case {
    const char* region;
    const char* partition;
  };
  for (const Case& c : {Case{"us-east-1", "aws"},
                        {"eu-central-1", "aws"},
                        {"cn-north-1", "aws-cn"},
                        {"us-gov-west-1", "aws-us-gov"},
                        {"us-iso-east-1", "aws-iso"},
                        {"us-isob-east-1", "aws-iso-b"},
                        {"eu-isoe-west-1", "aws-iso-e"},
                        {"us-isof-south-1", "aws-iso-f"},
                        {"eusc-de-east-1", "aws-eusc"},
                        {"home", "aws"}}) {
    SCOPED_TRACE(c.region);
    EXPECT_EQ(partition_of(c.region), c.partition);
  }
}

}  // namespace
}  // namespace heliograph::wire
