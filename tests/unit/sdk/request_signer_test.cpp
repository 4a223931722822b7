// Presigned URLs, as the AWS JavaScript SDK and botocore make them.
#include "heliograph/request_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sdk_script.hpp"
#include "wire/date.hpp"

namespace heliograph {
namespace {

using std::chrono::seconds;
using test::Got;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The key, date and parameter of the AWS JavaScript SDK's own test (SigV4RequestSigner.spec.ts).
const Credentials kPermanent{"AKIA4F7WJQR7FMMWMNXI", Secret("FakeSecretKey"), {}, {}};
const Credentials kTemporary{"AKIA4F7WJQR7FMMWMNXI", Secret("FakeSecretKey"), Secret("FakeSessionToken"), {}};

SignRequest request(std::string endpoint = "wss://kvs.awsamazon.com") {
  return {std::move(endpoint), {{"X-Amz-TestParam", "test-param-value"}}, wire::parse_amz_date("20191201T000000Z")};
}
Result<std::string> sign(SigV4RequestSigner& signer, SignRequest wanted) {
  Got<std::string> got;
  signer.get_signed_url(std::move(wanted), got.handler());
  return got.result();
}

TEST(RequestSignerTest, UrlsAreThoseOfTheJavaScriptSdksOwnTests) {
  struct Case {
    const char* name;
    Credentials credentials;
    const char* endpoint;
    const char* url;
  };
  const Case cases[] = {
      {"with a token", kTemporary, "wss://kvs.awsamazon.com",
       "wss://kvs.awsamazon.com/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA4F7WJQR7FMMWMNXI%2F20191201%2F"
       "us-west-2%2Fkinesisvideo%2Faws4_request&X-Amz-Date=20191201T000000Z&X-Amz-Expires=299&X-Amz-Security-Token="
       "FakeSessionToken&X-Amz-Signature=fc268038be276315822b4f73eafd28ee3a5632a2a35fdb0a88db9a42b13d6c92&"
       "X-Amz-SignedHeaders=host&X-Amz-TestParam=test-param-value"},
      {"without", kPermanent, "wss://kvs.awsamazon.com",
       "wss://kvs.awsamazon.com/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA4F7WJQR7FMMWMNXI%2F20191201%2F"
       "us-west-2%2Fkinesisvideo%2Faws4_request&X-Amz-Date=20191201T000000Z&X-Amz-Expires=299&X-Amz-Signature="
       "be1e78950d956a8a9a1997417099ddbd7455619f3d08c4ad20e1e272179ca695&X-Amz-SignedHeaders=host&"
       "X-Amz-TestParam=test-param-value"},
      {"with a path", kTemporary, "wss://kvs.awsamazon.com/path/path/path",
       "wss://kvs.awsamazon.com/path/path/path?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
       "AKIA4F7WJQR7FMMWMNXI%2F20191201%2Fus-west-2%2Fkinesisvideo%2Faws4_request&X-Amz-Date=20191201T000000Z&"
       "X-Amz-Expires=299&X-Amz-Security-Token=FakeSessionToken&X-Amz-Signature="
       "0bf3df6ca23d8d82f688e8dbfb90d69e74843d40038541b1721c545eef7612a4&X-Amz-SignedHeaders=host&"
       "X-Amz-TestParam=test-param-value"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    SigV4RequestSigner signer("us-west-2", c.credentials);

    const auto url = sign(signer, request(c.endpoint));

    ASSERT_TRUE(url) << url.error().detail;
    EXPECT_EQ(*url, c.url);
    EXPECT_EQ(*sign_url(request(c.endpoint), c.credentials, "us-west-2"), c.url);
  }
}

TEST(RequestSignerTest, BotocoresFormHasItsOrderAndTheSignatureLast) {
  const auto url = sign_url(request(), kTemporary, "us-west-2", {.form = UrlForm::kBotocore});

  // Nothing in it needs an escape that the two forms spell differently: the signature is the same.
  EXPECT_EQ(*url,
            "wss://kvs.awsamazon.com?X-Amz-TestParam=test-param-value&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
            "X-Amz-Credential=AKIA4F7WJQR7FMMWMNXI%2F20191201%2Fus-west-2%2Fkinesisvideo%2Faws4_request&"
            "X-Amz-Date=20191201T000000Z&X-Amz-Expires=299&X-Amz-SignedHeaders=host&X-Amz-Security-Token="
            "FakeSessionToken&X-Amz-Signature=fc268038be276315822b4f73eafd28ee3a5632a2a35fdb0a88db9a42b13d6c92");
}

TEST(RequestSignerTest, FormsDifferInFiveCharacters) {
  SignRequest wanted = request();
  wanted.query["X-Amz-TestParam"] = "!'()* +/=é";

  EXPECT_THAT(*sign_url(wanted, kPermanent, "us-west-2"), EndsWith("X-Amz-TestParam=!'()*%20%2B%2F%3D%C3%A9"));
  EXPECT_THAT(*sign_url(wanted, kPermanent, "us-west-2", {.form = UrlForm::kBotocore}),
              HasSubstr("X-Amz-TestParam=%21%27%28%29%2A%20%2B%2F%3D%C3%A9&"));
}

TEST(RequestSignerTest, ServiceAndLifetimeAreOptions) {
  SigV4RequestSigner signer("us-west-2", kPermanent, {.service = "other", .expires = seconds(60)});

  const auto url = sign(signer, request());

  EXPECT_THAT(*url, HasSubstr("%2Fus-west-2%2Fother%2Faws4_request"));
  EXPECT_THAT(*url, HasSubstr("X-Amz-Expires=60&"));
}

TEST(RequestSignerTest, WithoutADateItIsNow) {
  const auto before = SystemClock().wall_now();
  auto wanted = request();
  wanted.date.reset();

  const auto url = sign_url(wanted, kPermanent, "us-west-2");

  const auto date = wire::parse_amz_date(url->substr(url->find("X-Amz-Date=") + 11, 16));
  ASSERT_TRUE(date);
  EXPECT_GE(*date, before - seconds(1));
  EXPECT_LE(*date, SystemClock().wall_now());
}

TEST(RequestSignerTest, PlainWebSocketsAndPortsAreTaken) {
  EXPECT_THAT(*sign_url(request("ws://localhost:3000"), kPermanent, "us-west-2"), StartsWith("ws://localhost:3000/?"));
}

TEST(RequestSignerTest, EndpointsThatCannotBeSignedAreRefusedWithAReason) {
  struct Case {
    const char* endpoint;
    const char* reason;
  };
  constexpr Case kCases[] = {
      {"https://kvs.awsamazon.com", "is not a WebSocket endpoint. It should start with wss:// or ws://."},
      {"kvs.awsamazon.com", "is not a WebSocket endpoint"},
      {"", "is not a WebSocket endpoint"},
      {"wss://kvs.awsamazon.com?a=b", "must not have a query"},
      {"wss://kvs.awsamazon.com/#here", "or a fragment"},
      {"wss:///path", "names no host"},
      {"wss://u:pw@host?key=x", "Endpoint 'wss://[removed]@host?[removed]' must not"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.endpoint);

    const auto url = sign_url(request(c.endpoint), kPermanent, "us-west-2");

    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, Errc::kInvalidArgument);
    EXPECT_THAT(url.error().detail, HasSubstr(c.reason));
  }
}

TEST(RequestSignerTest, QueriesAndLifetimesThatCannotBeSignedAreRefused) {
  auto named = request();
  named.query["two words"] = "x";
  EXPECT_EQ(sign_url(named, kPermanent, "us-west-2").error().code, Errc::kInvalidArgument);
  auto signed_already = request();
  signed_already.query["X-Amz-Signature"] = "x";
  EXPECT_EQ(sign_url(signed_already, kPermanent, "us-west-2").error().code, Errc::kInvalidArgument);
  for (const seconds life : {seconds(0), seconds(604'801)})
    EXPECT_EQ(sign_url(request(), kPermanent, "us-west-2", {.expires = life}).error().code, Errc::kInvalidArgument);
}

TEST(RequestSignerTest, WithoutAKeyNothingIsSigned) {
  EXPECT_EQ(sign_url(request(), {}, "us-west-2").error().code, Errc::kMissingAuthenticationToken);
  SigV4RequestSigner none("us-west-2", std::shared_ptr<CredentialProvider>());
  EXPECT_EQ(sign(none, request()).error().code, Errc::kInvalidArgument);
}

TEST(RequestSignerTest, LineBreakInAKeyIsNamedAndNotSigned) {
  Credentials broken = kPermanent;
  broken.access_key_id += "\r\n";
  const auto url = sign_url(request(), broken, "us-west-2");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, Errc::kInvalidArgument);
  EXPECT_EQ(url.error().detail, "the access key id of the credentials has a line break at its end");
}

TEST(RequestSignerTest, ProviderIsAskedForEveryUrlAndToldToForget) {
  const auto provider = std::make_shared<test::ScriptedCredentials>("AKIDFIRST");
  SigV4RequestSigner signer("us-west-2", provider);
  EXPECT_THAT(*sign(signer, request()), HasSubstr("AKIDFIRST"));
  provider->on_forget = [&]() { provider->set("AKIDSECOND"); };

  signer.forget();

  EXPECT_THAT(*sign(signer, request()), HasSubstr("AKIDSECOND"));
  EXPECT_EQ(provider->asked, 2);
  provider->next = Error{Errc::kTimeout, "no answer from the provider"};
  EXPECT_EQ(sign(signer, request()).error().detail, "no answer from the provider");
}

}  // namespace
}  // namespace heliograph
