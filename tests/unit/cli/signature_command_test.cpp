// What the doctor says of requests that it is shown.
#include "cli/doctor/signature_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "cli/client/presign.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const WallTime kNow = WallTime(std::chrono::milliseconds(1'700'000'000'000));
const wire::SigningCredential kKey{"AKIATEST", Secret("north pole"), Secret{}, std::nullopt};
const std::array kKeys{kKey};

SignatureFacts facts(WallTime now = kNow) { return {kKeys, "us-east-1", {"localhost:3000"}, now}; }

std::string url(std::string_view endpoint = "wss://localhost:3000", const wire::SigningCredential& key = kKey) {
  wire::SigningKeyCache cache(1);
  const std::array params{wire::ParamView{"X-Amz-ChannelARN", "arn:x"}};
  return wire::presign_url({.endpoint = endpoint, .params = params, .region = "us-east-1"}, key, kNow, cache).value();
}

SignatureAnswer explain(const std::string& given, const SignatureFacts& known, std::string_view canonical = {}) {
  const auto request = to_request(given);
  EXPECT_TRUE(request) << request.error().detail;
  const auto answer = explain_request(*request, known, canonical);
  EXPECT_TRUE(answer) << answer.error().detail;
  return *answer;
}

TEST(SignatureCommandTest, GoodUrlIsGood) {
  const auto answer = explain(url(), facts());

  EXPECT_TRUE(answer.is_good);
}

TEST(SignatureCommandTest, HostAndCauseAreToldWithBothLines) {
  std::string changed = url();
  changed.replace(changed.find("localhost:3000"), 14, "proxy.example");

  const auto answer = explain(changed, facts());

  EXPECT_FALSE(answer.is_good);
  EXPECT_THAT(answer.text,
              HasSubstr("What differs:\n  host\n    received  proxy.example\n    signed    localhost:3000\n"));
  EXPECT_THAT(answer.text,
              HasSubstr("line 4 (header host)\n    expected  host:proxy.example\n    signed    host:localhost:3000\n"));
}

TEST(SignatureCommandTest, RegionIsToldAsExpectedAndGiven) {
  auto known = facts();
  known.region = "eu-west-1";

  const auto answer = explain(url(), known);

  EXPECT_THAT(answer.text, HasSubstr("  region\n    expected  eu-west-1\n    given     us-east-1\n    cause     "));
}

TEST(SignatureCommandTest, OldUrlWithAGoodSignatureIsSaidToBeBoth) {
  const auto answer = explain(url(), facts(kNow + std::chrono::seconds(500)));

  EXPECT_FALSE(answer.is_good);
  EXPECT_THAT(answer.text, HasSubstr("The signature itself is right."));
  EXPECT_THAT(answer.text, HasSubstr("500 s behind"));
  EXPECT_THAT(answer.text, HasSubstr("  clock\n    expected  20231114T222140Z\n    given     20231114T221320Z + "));
}

TEST(SignatureCommandTest, WrongSecretIsSeenByTheClientsCanonicalRequest) {
  const std::string wrong = url("wss://localhost:3000", {"AKIATEST", Secret("south pole"), Secret{}, std::nullopt});
  const auto first = explain(wrong, facts());
  const auto begin = first.text.find("was expected:\n") + 14;
  std::string canonical;
  for (std::size_t at = begin; first.text.compare(at, 4, "    ") == 0; at = first.text.find('\n', at) + 1)
    canonical += first.text.substr(at + 4, first.text.find('\n', at) - at - 3);

  const auto answer = explain(wrong, facts(), canonical);

  EXPECT_THAT(answer.text, HasSubstr("signed the same canonical request: its secret key is another one"));
}

TEST(SignatureCommandTest, RequestsAreReadAsTheyGoOverTheWire) {
  const auto answer = explain_request("POST /listSignalingChannels HTTP/1.1\nHost: localhost:3000\n\n{}", facts());

  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->is_good);
  EXPECT_THAT(answer->text, HasSubstr("the request is not signed"));
  for (const char* bad : {"", "hello", "GET /\n\n", "GET / HTTP/1.1\nno header\n\n"})
    EXPECT_FALSE(explain_request(bad, facts())) << bad;
}

TEST(SignatureCommandTest, TextHoldsNoSecret) {
  std::string changed = url();
  changed.replace(changed.find("localhost:3000"), 14, "proxy.example");
  const std::string signature = changed.substr(changed.find("X-Amz-Signature=") + 16, 64);

  const auto answer = explain(changed, facts());

  EXPECT_THAT(answer.text, Not(HasSubstr("north pole")));
  EXPECT_THAT(answer.text, Not(HasSubstr(signature)));
}

TEST(EndpointTest, UrlsAreTakenApart) {
  struct Case {
    const char* url;
    bool tls;
    const char* host;
    int port;
    const char* target;
  };
  for (const Case& c :
       {Case{"http://localhost:3000", false, "localhost", 3000, "/"},
        Case{"wss://example.com/?a=b#c", true, "example.com", 443, "/?a=b"},
        Case{"ws://[::1]:80/x/y", false, "::1", 80, "/x/y"}, Case{"https://[::1]?q", true, "::1", 443, "/?q"}}) {
    SCOPED_TRACE(c.url);
    const auto endpoint = parse_endpoint(c.url);
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->tls, c.tls);
    EXPECT_EQ(endpoint->host, c.host);
    EXPECT_EQ(endpoint->port, c.port);
    EXPECT_EQ(target_of(c.url), c.target);
  }
  for (const char* bad : {"", "localhost:3000", "ftp://a", "http://", "http://a:x", "http://a:99999", "http://:80"})
    EXPECT_FALSE(parse_endpoint(bad)) << bad;
}

TEST(SignatureCommandTest, DirectoriesInTheFilesPlaceAreTold) {
  const test::TempDir dir;
  SignatureQuestion request;
  request.request_file = dir.path().string();
  SignatureQuestion canonical;
  canonical.canonical_file = dir.path().string();
  ServiceOptions options;
  options.data_dir = dir.path();
  for (const SignatureQuestion& question : {request, canonical}) {
    const auto answer = answer_signature(question, options);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().detail, "cannot read " + dir.path().string() + ": it is a directory");
  }
}

}  // namespace
}  // namespace heliograph::cli
