// parse_authentication: what is read out of a request, and how what is missing or malformed is named.
#include <gtest/gtest.h>

#include "support/signed_request.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::wire {
namespace {

using test::load_vectors;
using test::SignedRequest;
using test::text_of;

constexpr const char* kHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kCredential = "AKID/20231107/us-east-1/kinesisvideo/aws4_request";

SignedRequest header_request(const std::string& authorization) {
  SignedRequest request;
  request.method = "POST";
  request.target = "/listSignalingChannels";
  request.headers = {{"Host", "h"}, {"X-Amz-Date", "20231107T044734Z"}, {"Authorization", authorization}};
  return request;
}

std::string authorization(const std::string& credential = kCredential,
                          const std::string& signed_headers = "host;x-amz-date", const std::string& signature = kHash) {
  return "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=" + signed_headers + ", Signature=" + signature;
}

/// A presigned request with one parameter changed; an empty value leaves it out.
SignedRequest query_request(std::string_view changed = {}, std::string_view value = {}) {
  const std::pair<std::string_view, std::string> params[] = {
      {"X-Amz-Algorithm", "AWS4-HMAC-SHA256"}, {"X-Amz-ChannelARN", "arn"}, {"X-Amz-Credential", kCredential},
      {"X-Amz-Date", "20231107T044734Z"},      {"X-Amz-Expires", "299"},    {"X-Amz-Signature", kHash},
      {"X-Amz-SignedHeaders", "host"},
  };
  SignedRequest request;
  request.method = "GET";
  request.target = "/?";
  for (const auto& [name, usual] : params) {
    if (name == changed && value.empty()) continue;
    request.target += std::string(name) + "=" + (name == changed ? std::string(value) : usual) + "&";
  }
  request.headers = {{"Host", "h"}};
  return request;
}

void expect_incomplete(SignedRequest request, const char* reason) {
  const auto claim = parse_authentication(request.view());
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().code, Errc::kIncompleteSignature);
  EXPECT_NE(claim.error().detail.find(reason), std::string::npos) << claim.error().detail;
}

TEST(AuthClaimTest, HoldsWhatTheRequestSays) {
  for (const char* file : {"sigv4_headers.json", "sigv4_queries.json"}) {
    for (const auto& row : load_vectors(file)) {
      SCOPED_TRACE(text_of(row.as_object(), "name"));
      auto request = test::to_signed_request(row);

      const auto claim = parse_authentication(request.view());

      ASSERT_TRUE(claim) << claim.error().detail;
      const auto& expected = row.at("expected").as_object();
      EXPECT_EQ(claim->access_key_id, text_of(expected, "accessKeyId"));
      EXPECT_EQ(claim->amz_date, text_of(expected, "date"));
      EXPECT_EQ(claim->date, request.now);
      EXPECT_EQ(claim->region, text_of(expected, "region"));
      EXPECT_EQ(claim->service, text_of(expected, "service"));
      EXPECT_EQ(claim->session_token, text_of(expected, "sessionToken"));
    }
  }
}

TEST(AuthClaimTest, QueryIsThereForTheCallerDecoded) {
  auto request = query_request("X-Amz-ChannelARN", "arn%3Aaws");

  const auto claim = parse_authentication(request.view());

  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->query.find("X-Amz-ChannelARN"), "arn:aws");
  EXPECT_EQ(claim->expires, std::chrono::seconds(299));
}

TEST(AuthClaimTest, RequestWithoutAnySignatureIsMissingItsToken) {
  auto none = header_request("");
  auto basic = header_request("Basic dXNlcjpwYXNz");
  none.headers.pop_back();

  EXPECT_EQ(parse_authentication(none.view()).error().code, Errc::kMissingAuthenticationToken);
  EXPECT_EQ(parse_authentication(basic.view()).error().code, Errc::kMissingAuthenticationToken);
}

TEST(AuthClaimTest, PresignedUrlBehindAProxyThatAsksForAPasswordIsRead) {
  auto request = query_request();
  request.headers.push_back({"Authorization", "Basic dXNlcjpwYXNz"});

  EXPECT_TRUE(parse_authentication(request.view()));
}

TEST(AuthClaimTest, AuthorizationPartsComeInAnyOrderAndSpacing) {
  auto request = header_request("AWS4-HMAC-SHA256 Signature=" + std::string(kHash) +
                                ",SignedHeaders=host,  Credential=" + kCredential);

  const auto claim = parse_authentication(request.view());

  ASSERT_TRUE(claim) << claim.error().detail;
  EXPECT_EQ(claim->scope, "20231107/us-east-1/kinesisvideo/aws4_request");
}

TEST(AuthClaimTest, EachMissingOrMalformedPartOfTheHeaderIsNamed) {
  struct Case {
    const char* name;
    std::string authorization;
    const char* reason;
  };
  const Case cases[] = {
      {"algorithm", "AWS4-ECDSA-P256-SHA256 Credential=a", "Unsupported algorithm 'AWS4-ECDSA-P256-SHA256'"},
      {"version 2", "AWS AKID:signature", "Unsupported algorithm 'AWS'"},
      {"nothing else", "AWS4-HMAC-SHA256", "requires 'Credential'"},
      {"no credential", "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=" + std::string(kHash),
       "requires 'Credential'"},
      {"no signed headers", "AWS4-HMAC-SHA256 Credential=" + kCredential + ", Signature=" + kHash,
       "requires 'SignedHeaders'"},
      {"no signature", "AWS4-HMAC-SHA256 Credential=" + kCredential + ", SignedHeaders=host", "requires 'Signature'"},
      {"twice", authorization() + ", Signature=" + kHash, "once"},
      {"unknown part", authorization() + ", Extra=1", "must be a list"},
      {"no equals sign", "AWS4-HMAC-SHA256 Credential", "must be a list"},
      {"short credential", authorization("AKID/20231107/us-east-1/aws4_request"), "exactly 5 slash-delimited"},
      {"long credential", authorization(kCredential + "/x"), "exactly 5 slash-delimited"},
      {"empty key id", authorization("/20231107/us-east-1/kinesisvideo/aws4_request"), "exactly 5 slash-delimited"},
      {"host not signed", authorization(kCredential, "x-amz-date"), "'host' must be one of"},
      {"empty header name", authorization(kCredential, "host;;x-amz-date"), "SignedHeaders must be"},
      {"capital header name", authorization(kCredential, "Host;x-amz-date"), "SignedHeaders must be"},
      {"short signature", authorization(kCredential, "host", "abc"), "64 hexadecimal"},
      {"capital signature", authorization(kCredential, "host", std::string(64, 'A')), "64 hexadecimal"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    expect_incomplete(header_request(c.authorization), c.reason);
  }
}

TEST(AuthClaimTest, DateOfTheHeaderFormMustBeThereAndReadable) {
  auto without = header_request(authorization());
  without.headers.erase(without.headers.begin() + 1);
  auto odd = header_request(authorization());
  *odd.header("X-Amz-Date") = "2023-11-07T04:47:34Z";
  auto odd_http = without;
  odd_http.headers.push_back({"Date", "yesterday"});

  expect_incomplete(without, "existence of either a 'X-Amz-Date' or a 'Date' header");
  expect_incomplete(odd, "Got '2023-11-07T04:47:34Z'");
  expect_incomplete(odd_http, "Got 'yesterday'");
}

TEST(AuthClaimTest, SecondHeaderThatDecidesIsRefused) {
  for (const char* name : {"authorization", "x-amz-date", "X-Amz-Security-Token"}) {
    SCOPED_TRACE(name);
    auto request = header_request(authorization());
    request.headers.push_back({name, "x"});
    request.headers.push_back({name, "y"});
    expect_incomplete(request, "more than one header");
  }
}

TEST(AuthClaimTest, EachMissingOrMalformedQueryParameterIsNamed) {
  for (const char* name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders",
                           "X-Amz-Signature", "X-Amz-Expires"}) {
    SCOPED_TRACE(name);
    expect_incomplete(query_request(name), name);
  }
  struct Case {
    const char* name;
    const char* value;
    const char* reason;
  };
  for (const Case& c : {Case{"X-Amz-Algorithm", "AWS4-HMAC-SHA1", "Unsupported algorithm"},
                        {"X-Amz-Credential", "AKID", "exactly 5"},
                        {"X-Amz-Date", "now", "Got 'now'"},
                        {"X-Amz-SignedHeaders", "x-amz-date", "'host' must be"},
                        {"X-Amz-SignedHeaders", "host%0Ax", "SignedHeaders must be"},
                        {"X-Amz-Signature", "0", "64 hexadecimal"},
                        {"X-Amz-Expires", "0", "from 1 to 604800"},
                        {"X-Amz-Expires", "604801", "from 1 to 604800"},
                        {"X-Amz-Expires", "-1", "from 1 to 604800"},
                        {"X-Amz-Expires", "5m", "from 1 to 604800"},
                        {"X-Amz-Expires", "99999999999999999999", "from 1 to 604800"}}) {
    SCOPED_TRACE(c.value);
    expect_incomplete(query_request(c.name, c.value), c.reason);
  }
}

TEST(AuthClaimTest, ParameterGivenTwiceIsRefusedInAnySpelling) {
  auto request = query_request();
  request.target += "X%2DAmz-ChannelARN=other";

  expect_incomplete(request, "more than once");
}

TEST(AuthClaimTest, SigningInBothPlacesIsRefused) {
  auto request = query_request();
  request.headers.push_back({"Authorization", authorization()});

  expect_incomplete(request, "not in both");
}

TEST(AuthClaimTest, RequestLineThatCannotBeRightIsABadRequest) {
  for (const char* target : {"/?a=%zz", "/a b", "/?a=1\nb", "/\x7F\x01"}) {
    SCOPED_TRACE(target);
    auto request = header_request(authorization());
    request.target = target;

    const auto claim = parse_authentication(request.view());

    ASSERT_FALSE(claim);
    EXPECT_EQ(claim.error().code, Errc::kBadRequest);
  }
}

TEST(AuthClaimTest, LongInputIsCutInTheAnswer) {
  auto request = header_request(authorization(std::string(10000, 'x')));

  const auto claim = parse_authentication(request.view());

  ASSERT_FALSE(claim);
  EXPECT_LT(claim.error().detail.size(), 300U);
}

}  // namespace
}  // namespace heliograph::wire
