// What the doctor advises.
#include "cli/doctor/advice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(AdviceTest, OnlyAnUntrustedCertificateIsAMatterOfTrust) {
  EXPECT_THAT(reach_advice({Errc::kAccessDenied, "its certificate is not trusted"}), HasSubstr("doctor trust"));
  for (const Error& other :
       {Error{Errc::kIo, "cannot connect to localhost port 1: Connection refused"}, Error{Errc::kTimeout, "no answer"},
        Error{Errc::kInvalidArgument, "cannot read the certificates of /none"}})
    EXPECT_THAT(reach_advice(other), Not(HasSubstr("doctor trust"))) << other.detail;
  EXPECT_THAT(reach_advice({Errc::kInvalidArgument, {}}), HasSubstr("--ca-file"));
}

TEST(AdviceTest, OnlyRefusalsOfWhoAsksAreExplainedByTheirId) {
  struct Case {
    const char* detail;
    const char* advice;
  };
  for (const Case& c : {Case{"403 InvalidSignatureException: no (request 2f-6c)", "heliograph doctor signature 2f-6c "},
                        Case{"refused with 401 NotAuthorizedException: no (request 2f)", "signature 2f "}})
    EXPECT_THAT(refusal_advice({Errc::kBadRequest, c.detail}), HasSubstr(c.advice));
  for (const char* other : {"404 ResourceNotFoundException: no such channel (request 2f)",
                            "refused with 429 ClientLimitExceededException: no (request 2f)", "403 : a proxy's own"})
    EXPECT_EQ(refusal_advice({Errc::kBadRequest, other}), "") << other;
}

TEST(AdviceTest, EveryRefusalOfACallHasAdvice) {
  EXPECT_THAT(call_advice({Errc::kTimeout, {}}), HasSubstr("is it running?"));
  EXPECT_THAT(call_advice({Errc::kMissingAuthenticationToken, {}}), HasSubstr("AWS_ACCESS_KEY_ID"));
  EXPECT_THAT(call_advice({Errc::kUnrecognizedClient, {}}), HasSubstr("does not know this key"));
  EXPECT_THAT(call_advice({Errc::kSignatureMismatch, {}}), HasSubstr("--region"));
  EXPECT_THAT(call_advice({Errc::kSignatureExpired, {}}), HasSubstr("NTP"));
  EXPECT_THAT(call_advice({Errc::kExpiredToken, {}}), HasSubstr("get new ones"));
  EXPECT_THAT(call_advice({Errc::kAccessDenied, {}}), HasSubstr("policy"));
  EXPECT_EQ(call_advice({Errc::kResourceInUse, "409"}), "");
}

TEST(AdviceTest, OneCheckFailsAndTwoChecksFail) {
  EXPECT_EQ(to_verdict(0), "All is well.");
  EXPECT_EQ(to_verdict(1), "1 check failed.");
  EXPECT_EQ(to_verdict(2), "2 checks failed.");
}

}  // namespace
}  // namespace heliograph::cli
