// Which actions of a policy there are.
#include "core/policy/known_actions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::core {
namespace {

TEST(KnownActionsTest, MisspeltOnesOfOurServiceAreFound) {
  for (const char* known :
       {"*", "kinesisvideo:*", "kinesisvideo:ConnectAsMaster", "KinesisVideo:connectasviewer", "kinesisvideo:Get*",
        "kinesisvideo:ConnectAs?iewer", "kinesisvideo:PutMedia", "s3:GetObjekt", "kinesis:*"})
    EXPECT_TRUE(is_known_action(known)) << known;
  for (const char* unknown : {"kinesisvideo:ConnectAsMster", "KINESISVIDEO:Fetch*", "kinesisvideo:ConnectAs?"})
    EXPECT_FALSE(is_known_action(unknown)) << unknown;
}

TEST(KnownActionsTest, EachIsNamedOnce) {
  const auto document = wire::parse_policy_document(R"({"Statement": [
      {"Effect": "Allow", "Action": ["kinesisvideo:Fly", "kinesisvideo:Get*"], "Resource": "*"},
      {"Effect": "Deny", "NotAction": ["kinesisvideo:Swim", "kinesisvideo:Fly"], "Resource": "*"}]})");

  ASSERT_TRUE(document) << document.error().detail;
  EXPECT_THAT(unknown_actions(*document), ::testing::ElementsAre("kinesisvideo:Fly", "kinesisvideo:Swim"));
}

}  // namespace
}  // namespace heliograph::core
