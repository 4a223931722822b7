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

TEST(AdviceTest, CauseOfWhatIsNotReachedIsWhatTheAdviceIsAbout) {
  struct Case {
    Error error;
    const char* advice;
    const char* of_relay;
  };
  constexpr const char* kFirewall = "firewall";
  constexpr const char* kCa = "AWS_CA_BUNDLE names the CA";
  const std::string distrust = "its certificate is not trusted: ";
  for (const Case& c : {
           Case{{Errc::kAccessDenied, distrust + "self-signed certificate in certificate chain"}, kCa, kCa},
           Case{{Errc::kIo, "TLS failed (certificate verify failed (SSL routines))"}, kCa, kCa},
           Case{{Errc::kAccessDenied, distrust + "hostname mismatch"}, "another name", "another name"},
           Case{{Errc::kAccessDenied, distrust + "certificate has expired"}, "renewed", "renewed"},
           Case{{Errc::kAccessDenied, distrust + "certificate is not yet valid"}, "clock right?", "clock right?"},
           Case{{Errc::kIo, "the name relay.example cannot be resolved: Unknown"}, "DNS", "DNS"},
           Case{{Errc::kIo, "cannot find the host kvs.example (Host not found)"}, "DNS", "DNS"},
           Case{{Errc::kInvalidArgument, "cannot read the certificates of a.pem"}, "a PEM file", "a PEM file"},
           Case{{Errc::kIo, "cannot read the authorities in a.pem: no such file"}, "a PEM file", "a PEM file"},
           Case{{Errc::kIo, "cannot connect to localhost port 1: Connection refused"}, kFirewall, kFirewall},
           Case{{Errc::kTimeout, "no answer: is the port open"}, kFirewall, "turns: over TCP"},
           Case{{Errc::kProtocolError, "what answers there does not speak STUN"}, kFirewall, "right port?"},
       }) {
    EXPECT_THAT(reach_advice(c.error), HasSubstr(c.advice)) << c.error.detail;
    EXPECT_THAT(relay_advice(c.error), HasSubstr(c.of_relay)) << c.error.detail;
  }
  EXPECT_EQ(relay_advice({Errc::kBadRequest, "the relay refuses an allocation with 486"}), "");
  EXPECT_THAT(call_advice({Errc::kIo, "TLS failed (certificate verify failed)"}), HasSubstr(kCa));
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
