// Requests that were changed after they were signed, and what is said of them.
#include "wire/sigv4_explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "support/signed_request.hpp"

namespace heliograph::wire {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

const WallTime kNow = WallTime(std::chrono::milliseconds(1'700'000'000'000));
constexpr std::string_view kArn = "arn:aws:kinesisvideo:us-west-2:000000000000:channel/door bell/1700000000000";
const std::vector<std::string> kOwnHosts{"localhost:3000", "127.0.0.1:3000"};

SigningCredential key() { return {"AKIATEST", Secret("north pole"), Secret{}, std::nullopt}; }

test::SignedRequest presigned(const SigningCredential& as = key(), std::string_view host = "localhost:3000",
                              seconds expires = seconds(299)) {
  SigningKeyCache cache(1);
  const std::vector<ParamView> params{{"X-Amz-ChannelARN", kArn}, {"X-Amz-ClientId", "v1"}};
  const std::string endpoint = "wss://" + std::string(host);
  const auto url =
      presign_url({.endpoint = endpoint, .params = params, .region = "us-west-2", .expires = expires}, as, kNow, cache);
  auto request = test::to_upgrade_request(url.value());
  request.credential = as;
  request.now = kNow;
  return request;
}

test::SignedRequest posted(std::string_view body = R"({"ChannelName":"door"})") {
  SigningKeyCache cache(1);
  const std::vector<HeaderView> extra{{"content-type", "application/json"}};
  const auto headers = sign_headers({.host = "localhost:3000",
                                     .target = "/describeSignalingChannel",
                                     .headers = extra,
                                     .body = body,
                                     .region = "us-west-2"},
                                    key(), kNow, cache);
  test::SignedRequest request;
  request.method = "POST";
  request.target = "/describeSignalingChannel";
  request.headers = {{"Host", "localhost:3000"},
                     {"Content-Type", "application/json"},
                     {"X-Amz-Date", headers.x_amz_date},
                     {"Authorization", headers.authorization}};
  request.body = body;
  request.credential = key();
  request.now = kNow;
  return request;
}

RefusalExplanation explain(test::SignedRequest& request, bool key_is_known = true,
                           std::string_view region = "us-west-2") {
  const auto verified = test::authenticate(request, region);
  EXPECT_FALSE(verified);
  const Error why = verified ? Error{} : key_is_known ? verified.error() : Error{Errc::kUnrecognizedClient, {}};
  return explain_refusal(request.view(), why,
                         {.credential = key_is_known ? &request.credential : nullptr,
                          .now = request.now,
                          .policy = {.region = region},
                          .own_hosts = kOwnHosts});
}

struct Case {
  const char* name;
  std::function<test::SignedRequest()> request;
  const char* part;
  const char* received;
  const char* signed_over;
};

test::SignedRequest with(test::SignedRequest request, const std::function<void(test::SignedRequest&)>& change) {
  change(request);
  return request;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  ASSERT_NE(text.find(from), std::string::npos) << from;
  text.replace(text.find(from), from.size(), to);
}

// Each is refused as a mismatch, and found by undoing one thing.
const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"a proxy rewrote Host",
       [] { return with(presigned(), [](auto& r) { *r.header("Host") = "heliograph.internal"; }); }, "host",
       "heliograph.internal", "localhost:3000"},
      {"a proxy says what Host was",
       [] {
         return with(presigned(key(), "signal.example.com"), [](auto& r) {
           *r.header("Host") = "10.0.0.7:3000";
           r.headers.emplace_back("X-Forwarded-Host", "signal.example.com");
         });
       },
       "host", "10.0.0.7:3000", "signal.example.com"},
      {"a proxy says it by RFC 7239",
       [] {
         return with(presigned(key(), "signal.example.com:8443"), [](auto& r) {
           *r.header("Host") = "10.0.0.7:3000";
           r.headers.emplace_back("Forwarded", "for=192.0.2.1;host=\"signal.example.com:8443\";proto=https");
         });
       },
       "host", "10.0.0.7:3000", "signal.example.com:8443"},
      {"meant for the real service",
       [] {
         return with(presigned(key(), "v-kinesisvideo.us-west-2.amazonaws.com"),
                     [](auto& r) { *r.header("Host") = "localhost:3000"; });
       },
       "host", "localhost:3000", "v-kinesisvideo.us-west-2.amazonaws.com"},
      {"a parameter more", [] { return with(presigned(), [](auto& r) { r.target += "&X-Amz-More=1"; }); },
       "query X-Amz-More", "1", "(not there)"},
      {"a token after signing",
       [] { return with(presigned(), [](auto& r) { r.target += "&X-Amz-Security-Token=very%2Bsecret"; }); },
       "query X-Amz-Security-Token", "(a session token)", "(not there)"},
      {"a proxy's prefix on the path",
       [] { return with(presigned(), [](auto& r) { replace(r.target, "/?", "/signaling?"); }); }, "path", "/signaling",
       "/"},
      {"another method", [] { return with(posted(), [](auto& r) { r.method = "PUT"; }); }, "method", "PUT", "POST"},
      {"a line end on the body", [] { return with(posted(), [](auto& r) { r.body += "\n"; }); }, "body", nullptr,
       nullptr},
      {"another content type",
       [] { return with(posted(), [](auto& r) { *r.header("Content-Type") = "application/json; charset=utf-8"; }); },
       "header content-type", "application/json; charset=utf-8", "application/json"},
      {"a line end on the secret",
       [] {
         auto request = presigned({"AKIATEST", Secret("north pole\n"), Secret{}, std::nullopt});
         request.credential = key();
         return request;
       },
       "secret key", "without a line end", "with a line end"},
  };
  return all;
}

TEST(SigV4ExplainTest, WhatChangedAfterSigningIsFound) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    auto request = c.request();

    const auto why = explain(request);

    EXPECT_TRUE(why.is_proven);
    ASSERT_EQ(why.differences.size(), 1U);
    EXPECT_EQ(why.differences[0].part, c.part);
    if (c.received != nullptr) {
      EXPECT_EQ(why.differences[0].received, c.received);
      EXPECT_EQ(why.differences[0].signed_over, c.signed_over);
    }
    EXPECT_FALSE(why.differences[0].cause.empty());
    EXPECT_FALSE(why.signed_request.empty());
    EXPECT_EQ(why.skew, seconds(0));
  }
}

TEST(SigV4ExplainTest, TwoChangesAtOnceAreFound) {
  auto request = presigned();
  *request.header("Host") = "10.0.0.7";
  request.target += "&X-Amz-Security-Token=very%2Bsecret";

  const auto why = explain(request);

  EXPECT_TRUE(why.is_proven);
  ASSERT_EQ(why.differences.size(), 2U);
  EXPECT_EQ(why.differences[0].part, "host");
  EXPECT_EQ(why.differences[1].part, "query X-Amz-Security-Token");
}

TEST(SigV4ExplainTest, TheCanonicalRequestsShowTheDifference) {
  auto request = presigned();
  *request.header("Host") = "10.0.0.7";

  const auto why = explain(request);
  const auto lines = compare_canonical_requests(why.expected, why.signed_request);

  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].where, "line 4 (header host)");
  EXPECT_EQ(lines[0].ours, "host:10.0.0.7");
  EXPECT_EQ(lines[0].theirs, "host:localhost:3000");
}

TEST(SigV4ExplainTest, AnotherSecretIsNotCalledAFact) {
  auto request = presigned();
  request.credential.secret_access_key = Secret("south pole");

  const auto why = explain(request);

  EXPECT_FALSE(why.is_proven);
  ASSERT_FALSE(why.differences.empty());
  EXPECT_EQ(why.differences[0].part, "secret key");
  EXPECT_TRUE(why.signed_request.empty());
}

TEST(SigV4ExplainTest, ProxiesAndHeadersTheyChangeAreNamedWhenNothingFits) {
  auto request = posted();
  request.body = "{}";
  request.headers.emplace_back("Via", "1.1 proxy");

  const auto why = explain(request);

  EXPECT_FALSE(why.is_proven);
  EXPECT_EQ(why.differences.back().part, "proxy");
}

TEST(SigV4ExplainTest, ClocksAreComparedInSeconds) {
  auto late = presigned();
  late.now += seconds(400);
  auto early = posted();
  early.now -= seconds(600);

  const auto over = explain(late);
  const auto ahead = explain(early);

  EXPECT_EQ(over.skew, seconds(-400));
  EXPECT_EQ(over.differences.at(0).part, "clock");
  EXPECT_THAT(over.differences.at(0).cause, HasSubstr("the URL is older"));
  EXPECT_EQ(ahead.skew, seconds(600));
  EXPECT_THAT(ahead.differences.at(0).cause, HasSubstr("ahead"));
}

TEST(SigV4ExplainTest, RegionKeyAndMissingSignatureAreTold) {
  auto foreign = presigned();
  auto unknown = presigned();
  unknown.credential.session_token = Secret("so that it is refused");
  test::SignedRequest bare;
  bare.method = "GET";
  bare.target = "/?X-Amz-ChannelARN=a";

  EXPECT_EQ(explain(foreign, true, "eu-west-1").differences.at(0).part, "region");
  EXPECT_EQ(explain(unknown, false).differences.at(0).part, "access key");
  EXPECT_EQ(explain(bare).differences.at(0).part, "signature");
}

TEST(SigV4ExplainTest, WhatTheServiceWantsIsCalledExpectedAndWhatCameReceived) {
  auto foreign = presigned();
  auto unknown = presigned();
  unknown.credential.session_token = Secret("so that it is refused");
  auto rewritten = presigned();
  *rewritten.header("Host") = "10.0.0.7";

  const auto region = explain(foreign, true, "eu-west-1").differences.at(0);
  const auto access_key = explain(unknown, false).differences.at(0);
  const auto host = explain(rewritten).differences.at(0);

  EXPECT_EQ(region.received_label(), "expected");
  EXPECT_EQ(region.received, "eu-west-1");
  EXPECT_EQ(region.signed_label(), "given");
  EXPECT_EQ(region.signed_over, "us-west-2");
  EXPECT_TRUE(access_key.is_wanted);
  EXPECT_EQ(access_key.signed_over, "AKIATEST");
  EXPECT_EQ(host.received_label(), "received");
  EXPECT_EQ(host.signed_label(), "signed");
}

TEST(SigV4ExplainTest, NothingSecretIsInIt) {
  auto request = presigned({"AKIATEST", Secret("north pole"), Secret("to+ken/=="), std::nullopt});
  const auto signature = request.target.substr(request.target.find("X-Amz-Signature=") + 16, 64);
  *request.header("Host") = "10.0.0.7";

  const auto why = explain(request);

  ASSERT_TRUE(why.is_proven);
  std::string text = why.expected + why.signed_request;
  for (const auto& difference : why.differences) text += difference.received + difference.signed_over;
  for (const std::string_view secret : {std::string_view("north pole"), std::string_view("to+ken"),
                                        std::string_view("to%2Bken"), std::string_view(signature)})
    EXPECT_THAT(text, Not(HasSubstr(std::string(secret)))) << secret;
}

TEST(SigV4ExplainTest, CanonicalRequestsOfAClientAreComparedLineByLine) {
  const std::string ours = "GET\n/\na=1\nhost:b\n\nhost\ne3b0";

  EXPECT_TRUE(compare_canonical_requests(ours, ours + "\r\n").empty());
  const auto found = compare_canonical_requests(ours, "GET\n/x\na=1\nhost:b\n\nhost;date\nffff\n");

  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].where, "line 2 (path)");
  EXPECT_EQ(found[1].where, "line 6 (signed headers)");
  EXPECT_EQ(found[2].where, "line 7 (hash of the body)");
}

}  // namespace
}  // namespace heliograph::wire
