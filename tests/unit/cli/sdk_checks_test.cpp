// What the doctor says of offers.
#include "cli/doctor/sdk_checks.hpp"

#include <gtest/gtest.h>

namespace heliograph::cli {
namespace {

TEST(SdkChecksTest, PayloadIsTheJsonInBase64) {
  // {"type":"offer","sdp":"v=0\r\n"}: 32 bytes, escapes included.
  EXPECT_EQ(payload_size({SessionDescription::Type::kOffer, "v=0\r\n"}), 44U);
}

}  // namespace
}  // namespace heliograph::cli
