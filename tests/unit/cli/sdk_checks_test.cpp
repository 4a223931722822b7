// What the doctor says of calls and offers.
#include "cli/doctor/sdk_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;

TEST(SdkChecksTest, PayloadIsTheJsonInBase64) {
  // {"type":"offer","sdp":"v=0\r\n"}: 32 bytes, escapes included.
  EXPECT_EQ(payload_size({SessionDescription::Type::kOffer, "v=0\r\n"}), 44U);
}

TEST(SdkChecksTest, EveryRefusalOfACallHasAdvice) {
  EXPECT_THAT(call_advice({Errc::kTimeout, {}}), HasSubstr("is it running?"));
  EXPECT_THAT(call_advice({Errc::kMissingAuthenticationToken, {}}), HasSubstr("AWS_ACCESS_KEY_ID"));
  EXPECT_THAT(call_advice({Errc::kUnrecognizedClient, {}}), HasSubstr("does not know this key"));
  EXPECT_THAT(call_advice({Errc::kSignatureMismatch, {}}), HasSubstr("--region"));
  EXPECT_THAT(call_advice({Errc::kSignatureExpired, {}}), HasSubstr("NTP"));
  EXPECT_THAT(call_advice({Errc::kExpiredToken, {}}), HasSubstr("get new ones"));
  EXPECT_THAT(call_advice({Errc::kAccessDenied, {}}), HasSubstr("policy"));
  EXPECT_EQ(call_advice({Errc::kResourceInUse, "409"}), "");
}

}  // namespace
}  // namespace heliograph::cli
