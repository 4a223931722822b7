// verify: every known client is let in; every failure has its code and its text.
#include "wire/sigv4_verify.hpp"

#include <gtest/gtest.h>

#include "support/signed_request.hpp"

namespace heliograph::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::authenticate;
using test::load_vectors;
using test::SignedRequest;
using test::text_of;

SignedRequest vector_named(const char* file, std::string_view name) {
  for (const auto& row : load_vectors(file)) {
    if (text_of(row.as_object(), "name") == name) return test::to_signed_request(row);
  }
  throw std::runtime_error("no such vector");
}
SignedRequest header_signed() { return vector_named("sigv4_headers.json", "C SDK DescribeSignalingChannel"); }
SignedRequest with_token() { return vector_named("sigv4_headers.json", "C SDK DescribeSignalingChannel, token"); }
SignedRequest presigned() { return vector_named("sigv4_queries.json", "GStreamer master"); }

void expect_refused(SignedRequest request, Errc code, std::string_view detail) {
  const auto verified = authenticate(request);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, code);
  EXPECT_EQ(verified.error().detail, detail);
}

TEST(SigV4VerifyTest, EveryClientIsLetIn) {
  for (const char* file : {"sigv4_headers.json", "sigv4_queries.json"}) {
    for (const auto& row : load_vectors(file)) {
      SCOPED_TRACE(text_of(row.as_object(), "name"));
      auto request = test::to_signed_request(row);

      const auto verified = authenticate(request);

      EXPECT_TRUE(verified) << verified.error().detail;
    }
  }
}

TEST(SigV4VerifyTest, UrlsOfTheJavaScriptSignerAreLetIn) {
  for (const auto& row : load_vectors("sigv4_presign.json")) {
    SCOPED_TRACE(text_of(row.as_object(), "name"));
    const auto& input = row.at("input").as_object();
    auto request = test::to_upgrade_request(text_of(row.at("expected").as_object(), "url"));
    request.credential = {text_of(input, "accessKeyId"), Secret(text_of(input, "secretAccessKey")),
                          Secret(text_of(input, "sessionToken")), std::nullopt};
    request.now = WallTime(milliseconds(input.at("dateMs").as_int64()));

    const auto verified = authenticate(request, text_of(input, "region"));

    EXPECT_TRUE(verified) << verified.error().detail;
  }
}

TEST(SigV4VerifyTest, BrowserThatEscapesTheApostropheIsLetIn) {
  // encodeURIComponent leaves ' alone, and the URL parser of browsers then sends %27.
  SigningKeyCache cache;
  const ParamView params[] = {{"X-Amz-Left", "it's (a) *test*!"}};
  SignedRequest request;
  request.credential = {"AKID", Secret("secret"), Secret(), std::nullopt};
  request.now = WallTime(milliseconds(1700000000000));
  const auto url = presign_url({.endpoint = "wss://h", .params = params, .region = "us-west-2"}, request.credential,
                               request.now, cache);
  ASSERT_TRUE(url);
  auto sent = test::to_upgrade_request(*url);
  sent.target.replace(sent.target.find('\''), 1, "%27");
  sent.credential = request.credential;
  sent.now = request.now;

  EXPECT_TRUE(authenticate(sent));
}

TEST(SigV4VerifyTest, WrongSignatureIsAMismatchWithTheTextOfTheTable) {
  auto wrong = header_signed();
  std::string& authorization = *wrong.header("Authorization");
  authorization.back() = authorization.back() == '0' ? '1' : '0';
  auto other_secret = header_signed();
  other_secret.credential.secret_access_key = Secret("another");

  expect_refused(wrong, Errc::kSignatureMismatch, "");
  expect_refused(other_secret, Errc::kSignatureMismatch, "");
}

TEST(SigV4VerifyTest, ForeignScopeIsAMismatchThatSaysWhichPart) {
  struct Case {
    const char* from;
    const char* to;
    const char* detail;
  };
  for (const Case& c :
       {Case{"us-west-2", "eu-west-1", "Credential should be scoped to a valid region: 'us-west-2', not 'eu-west-1'."},
        {"/kinesisvideo/", "/s3/", "Credential should be scoped to a valid service: 'kinesisvideo', not 's3'."},
        {"aws4_request", "aws5_request",
         "Credential should be scoped to a valid terminator: 'aws4_request', not 'aws5_request'."},
        {"/20231107/", "/20231106/",
         "Date in Credential scope does not match YYYYMMDD of the request's date: '20231106' != '20231107', from "
         "'20231107T044734Z'."}}) {
    SCOPED_TRACE(c.to);
    auto request = header_signed();
    std::string& authorization = *request.header("Authorization");
    authorization.replace(authorization.find(c.from), std::string_view(c.from).size(), c.to);

    expect_refused(request, Errc::kSignatureMismatch, c.detail);
  }
}

TEST(SigV4VerifyTest, ExpiredSignatureHasTheTextThatTheCSdkCorrectsItsClockBy) {
  auto request = header_signed();  // Signed at 04:47:34; the text is that of a real log.
  request.now += minutes(10) + seconds(31);

  expect_refused(
      request, Errc::kSignatureExpired,
      "Signature expired: 20231107T044734Z is now earlier than 20231107T045305Z (20231107T045805Z - 5 min.)");
}

TEST(SigV4VerifyTest, SignatureFromTheFutureHasItsText) {
  for (auto request : {header_signed(), presigned()}) {
    request.now -= minutes(10);

    expect_refused(
        request, Errc::kSignatureNotYetCurrent,
        "Signature not yet current: 20231107T044734Z is still later than 20231107T044234Z (20231107T043734Z + 5 "
        "min.)");
  }
}

TEST(SigV4VerifyTest, HeaderSignatureIsGoodForFiveMinutesEitherWay) {
  struct Case {
    milliseconds offset;
    bool accepted;
  };
  for (const Case& c : {Case{minutes(-5), true},
                        {minutes(-5) - seconds(1), false},
                        {minutes(5), true},
                        {minutes(5) + milliseconds(999), true},
                        {minutes(5) + seconds(1), false}}) {
    SCOPED_TRACE(c.offset.count());
    auto request = header_signed();
    request.now += c.offset;

    EXPECT_EQ(authenticate(request).has_value(), c.accepted);
  }
}

TEST(SigV4VerifyTest, PresignedUrlIsGoodUntilItExpires) {
  struct Case {
    const char* vector;
    seconds valid;
  };
  for (const Case& c :
       {Case{"GStreamer master", seconds(300)}, {"C SDK master", seconds(2400)}, {"C SDK viewer", seconds(604800)}}) {
    SCOPED_TRACE(c.vector);
    auto last = vector_named("sigv4_queries.json", c.vector);
    last.now += c.valid;
    auto late = vector_named("sigv4_queries.json", c.vector);
    late.now += c.valid + seconds(1);

    EXPECT_TRUE(authenticate(last));
    EXPECT_EQ(authenticate(late).error().code, Errc::kSignatureExpired);
  }
}

TEST(SigV4VerifyTest, ExpiredUrlSaysForHowLongItWasGood) {
  auto request = vector_named("sigv4_queries.json", "Android viewer, port not signed");
  request.now += seconds(300);

  expect_refused(
      request, Errc::kSignatureExpired,
      "Signature expired: 20231107T044734Z is now earlier than 20231107T044735Z (20231107T045234Z - 299 sec.)");
}

TEST(SigV4VerifyTest, SessionTokenMustBeThatOfTheCredential) {
  auto wrong = with_token();
  wrong.header("x-amz-security-token")->back() = 'x';
  auto absent = with_token();
  absent.headers.pop_back();
  auto surplus = header_signed();
  surplus.headers.push_back({"x-amz-security-token", "token"});

  for (const auto& request : {wrong, absent, surplus}) expect_refused(request, Errc::kUnrecognizedClient, "");
}

TEST(SigV4VerifyTest, TemporaryCredentialEnds) {
  auto request = with_token();
  request.credential.expires = request.now + seconds(1);
  EXPECT_TRUE(authenticate(request));

  request.credential.expires = request.now;
  expect_refused(request, Errc::kExpiredToken, "");
}

TEST(SigV4VerifyTest, WhoDoesNotHaveTheSecretLearnsNothingAboutTokens) {
  auto request = with_token();
  request.credential.secret_access_key = Secret("another");
  request.credential.session_token = Secret("another");

  expect_refused(request, Errc::kSignatureMismatch, "");
}

TEST(SigV4VerifyTest, SignedHeaderThatIsMissingIsNamed) {
  auto request = header_signed();
  std::erase_if(request.headers, [](const auto& header) { return header.first == "user-agent"; });

  expect_refused(request, Errc::kSignatureMismatch,
                 "The signature covers the header 'user-agent', which the request does not have.");
}

TEST(SigV4VerifyTest, SignedContentHashMustBeThatOfTheBody) {
  auto request = vector_named("sigv4_headers.json", "JS v2 DescribeSignalingChannel");
  request.body += ' ';

  expect_refused(request, Errc::kSignatureMismatch,
                 "The value of x-amz-content-sha256 is not the SHA-256 of the body received.");
}

TEST(SigV4VerifyTest, UnsignedContentHashDoesNotOpenTheBody) {
  auto request = header_signed();
  request.headers.push_back({"x-amz-content-sha256", "UNSIGNED-PAYLOAD"});
  EXPECT_TRUE(authenticate(request));

  request.body += ' ';
  expect_refused(request, Errc::kSignatureMismatch, "");
}

TEST(SigV4VerifyTest, ExpectedRequestForTheLogHoldsNoSecret) {
  for (const char* file : {"sigv4_headers.json", "sigv4_queries.json"}) {
    for (const auto& row : load_vectors(file)) {
      SCOPED_TRACE(text_of(row.as_object(), "name"));
      auto request = test::to_signed_request(row);
      const auto view = request.view();
      const auto claim = parse_authentication(view);
      ASSERT_TRUE(claim);

      const std::string text = describe_expected(view, *claim);

      EXPECT_TRUE(text.starts_with(request.method + "\n"));
      EXPECT_EQ(text.find(claim->signature), std::string::npos);
      EXPECT_EQ(text.find(request.credential.secret_access_key.reveal()), std::string::npos);
      EXPECT_EQ(text.find("Fake"), std::string::npos);  // So every secret and token of the vectors begins.
    }
  }
}

}  // namespace
}  // namespace heliograph::wire
