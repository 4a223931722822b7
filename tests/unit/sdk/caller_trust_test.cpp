// Calls whose signature is refused: clocks that are wrong, tokens that have expired.
#include "unit/sdk/caller_fixture.hpp"
#include "wire/date.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Got;
using ::testing::HasSubstr;

class CallerTrustTest : public test::CallerFixture {};

TEST_F(CallerTrustTest, SessionTokenIsSentAndSigned) {
  credentials->next = Credentials{"ASIA", Secret("secret"), Secret("a token"), {}};

  const auto got = call();

  EXPECT_EQ(script.request().header("X-Amz-Security-Token"), "a token");
  EXPECT_THAT(script.request().header("Authorization"), HasSubstr("x-amz-date;x-amz-security-token"));
  script.answer(200, "");
  EXPECT_TRUE(got.result()->empty());
}

TEST_F(CallerTrustTest, WrongClockIsCorrectedByTheDateAndTheCallMadeOnceMoreAtOnce) {
  script.service_is_ahead = minutes(-20);
  const auto got = call();

  script.refuse(403, "InvalidSignatureException", "Signature not yet current: …");

  EXPECT_EQ(script.request().header("X-Amz-Date"), wire::to_amz_date(script.clock->wall_now() - minutes(20)));
  EXPECT_EQ(caller->clock_offset(), minutes(-20));
  script.answer(200, "{}");
  EXPECT_TRUE(got.result());
  ASSERT_EQ(script.lines.size(), 1U);
  EXPECT_THAT(script.lines[0], HasSubstr("differ by -1200 s"));
}

TEST_F(CallerTrustTest, CorrectedClockIsKept) {
  script.service_is_ahead = minutes(7);
  const auto first = call();
  script.answer(200, "{}");  // Also by an answer that is none of an error.
  EXPECT_EQ(caller->clock_offset(), minutes(7));

  const auto second = call();

  EXPECT_EQ(script.request().header("X-Amz-Date"), wire::to_amz_date(script.clock->wall_now() + minutes(7)));
  script.answer(200, "{}");
}

TEST_F(CallerTrustTest, ClockThatWasSetRightMeanwhileIsCorrectedBack) {
  script.service_is_ahead = minutes(60);
  const auto first = call();
  script.answer(200, "{}");
  script.service_is_ahead = milliseconds(0);

  const auto second = call();
  script.refuse(403, "InvalidSignatureException", "Signature not yet current: …");

  EXPECT_EQ(script.request().header("X-Amz-Date"), wire::to_amz_date(script.clock->wall_now()));
  script.answer(200, "{}");
  EXPECT_TRUE(second.result());
  EXPECT_EQ(caller->clock_offset(), milliseconds(0));
}

TEST_F(CallerTrustTest, FourMinutesAreNoReasonUnlessTheServiceSaysSo) {
  script.service_is_ahead = minutes(4);
  const auto other = call();
  script.refuse(403, "InvalidSignatureException", "does not match");
  EXPECT_EQ(other.code(), Errc::kSignatureMismatch);
  EXPECT_EQ(caller->clock_offset(), milliseconds(0));

  const auto clock = call();
  script.refuse(403, "InvalidSignatureException", "Signature expired: …");
  EXPECT_EQ(caller->clock_offset(), minutes(4));
  script.answer(200, "{}");
  EXPECT_TRUE(clock.result());
}

TEST_F(CallerTrustTest, ClockIsCorrectedOnceInACall) {
  script.service_is_ahead = minutes(10);
  const auto got = call();
  script.refuse(403, "InvalidSignatureException", "Signature expired: 1");
  script.service_is_ahead = minutes(20);

  script.refuse(403, "InvalidSignatureException", "Signature expired: 2");

  EXPECT_EQ(got.code(), Errc::kSignatureExpired);
  EXPECT_THAT(got.detail(), HasSubstr("Signature expired: 2"));
}

TEST_F(CallerTrustTest, CallsThatRanWhileAnotherCorrectedTheClockAreMadeAgain) {
  script.service_is_ahead = minutes(10);
  const auto first = call();
  const auto second = call();
  script.refuse(403, "InvalidSignatureException", "Signature expired: …");
  script.refuse(403, "InvalidSignatureException", "Signature expired: …");

  script.answer(200, "{}");
  script.answer(200, "{}");

  EXPECT_TRUE(first.result());
  EXPECT_TRUE(second.result());
}

TEST_F(CallerTrustTest, ExpiredTokenIsForgottenAndTheCallMadeWithANewOne) {
  credentials->on_forget = [this]() { credentials->set("AKIDNEW"); };
  const auto got = call();

  script.refuse(403, "ExpiredTokenException");

  EXPECT_EQ(credentials->forgotten, 1);
  EXPECT_THAT(script.request().header("Authorization"), HasSubstr("Credential=AKIDNEW/"));
  script.answer(200, "{}");
  EXPECT_TRUE(got.result());
}

TEST_F(CallerTrustTest, SameCredentialsAgainAreNotTriedAgain) {
  const auto got = call();

  script.refuse(403, "UnrecognizedClientException", "invalid");

  EXPECT_EQ(credentials->forgotten, 1);
  EXPECT_EQ(got.code(), Errc::kUnrecognizedClient);
}

TEST_F(CallerTrustTest, TokensAreForgottenOnceInACall) {
  credentials->on_forget = [this]() { credentials->set("AKID" + std::to_string(credentials->forgotten)); };
  const auto got = call();
  script.refuse(403, "ExpiredTokenException");

  script.refuse(403, "ExpiredTokenException");

  EXPECT_EQ(got.code(), Errc::kExpiredToken);
  EXPECT_EQ(credentials->forgotten, 1);
}

TEST_F(CallerTrustTest, WithoutCredentialsNothingIsSent) {
  credentials->next = Error{Errc::kMissingAuthenticationToken, "set AWS_ACCESS_KEY_ID"};
  const auto none = call();
  script.run();
  EXPECT_EQ(none.detail(), "set AWS_ACCESS_KEY_ID");

  credentials->next = Credentials{};
  const auto empty = call();
  script.run();
  EXPECT_EQ(empty.code(), Errc::kMissingAuthenticationToken);
  EXPECT_TRUE(script.calls.empty());
}

TEST_F(CallerTrustTest, WhiteSpaceInCredentialsIsNamedAndNothingIsSent) {
  struct Case {
    Credentials credentials;
    const char* detail;
  };
  const Case cases[] = {
      {{"AKID\n", Secret("s"), {}, {}}, "the access key id of the credentials has a line break at its end"},
      {{" AKID", Secret("s"), {}, {}}, "the access key id of the credentials has a blank at its beginning"},
      {{"AKID", Secret("hush "), {}, {}}, "the secret access key of the credentials has a blank at its end"},
      {{"AKID", Secret("s"), Secret("tok\r\nX-Injected: yes"), {}},
       "the session token of the credentials has a line break in it"},
      {{"AK\x01ID", Secret("s"), {}, {}}, "the access key id of the credentials has a control character in it"},
  };
  for (const Case& c : cases) {
    credentials->next = c.credentials;
    const auto got = call();
    script.run();
    EXPECT_EQ(got.code(), Errc::kInvalidArgument);
    EXPECT_EQ(got.detail(), c.detail);
  }
  EXPECT_TRUE(script.calls.empty());
}

TEST_F(CallerTrustTest, CallsOfAClientThatHasGoneEndWithClosed) {
  credentials.reset();

  const auto got = call();
  script.run();

  EXPECT_EQ(got.code(), Errc::kClosed);
}

TEST_F(CallerTrustTest, ProviderThatThrowsFailsTheCall) {
  class Throwing final : public CredentialProvider {
    void get(Handler) override { throw std::runtime_error("oops"); }
  };
  const auto throwing = std::make_shared<Throwing>();
  caller = std::make_shared<Caller>(script.world(), CallerOptions{throwing, "us-west-2", seconds(1), seconds(1)});

  const auto got = call();
  script.run();

  EXPECT_THAT(got.detail(), HasSubstr("oops"));
}

TEST_F(CallerTrustTest, TokenThatTheServiceQuotesIsNotInTheError) {
  const std::string token(1000, 'x');
  credentials->next = Credentials{"id", Secret("secret"), Secret(token), {}};
  const auto got = call();

  script.refuse(403, "SignatureDoesNotMatch", "should have been x-amz-security-token:" + token + " host");

  EXPECT_EQ(got.detail(),
            "403 SignatureDoesNotMatch: should have been x-amz-security-token:[removed] host (request id-1)");
}

TEST_F(CallerTrustTest, ProviderThatThrowsAnythingAtAnyTimeFailsNoMoreThanTheCall) {
  class Throwing final : public CredentialProvider {
   public:
    void get(Handler done) override {
      if (++asked > 1) throw 1;  // NOLINT: no std::exception.
      done(Credentials{"id", Secret("secret"), {}, {}});
    }
    void forget() override { throw 2; }  // NOLINT
    int asked = 0;
  };
  const auto throwing = std::make_shared<Throwing>();
  caller = std::make_shared<Caller>(script.world(), CallerOptions{throwing, "us-west-2", seconds(1), seconds(1)});
  const auto got = call();

  script.refuse(403, "ExpiredTokenException");
  script.run();

  EXPECT_EQ(got.code(), Errc::kInternalFailure);
  EXPECT_EQ(got.detail(), "the credential provider threw: what is no std::exception");
  EXPECT_THAT(script.lines, ::testing::Contains("the credential provider threw: what is no std::exception"));
}

}  // namespace
}  // namespace heliograph::sdk
