// Tokens of web identities: what is read, what is refused, whose signature counts.
#include "wire/jwt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/token_issuer.hpp"

namespace heliograph::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const test::TokenIssuer& issuer() {
  static const test::TokenIssuer one;
  return one;
}

constexpr const char* kClaims =
    R"({"iss":"https://login.example","sub":"ann","aud":"here","exp":1900000000,"nbf":1700000000,"email":"a@b"})";

TEST(JwtTest, ClaimsAreReadAndBothAlgorithmsVerify) {
  const auto keys = parse_jwks(issuer().jwks());
  ASSERT_TRUE(keys) << keys.error().detail;
  for (const std::string& text : {issuer().rs256(kClaims), issuer().es256(kClaims)}) {
    const auto token = parse_jwt(text);

    ASSERT_TRUE(token) << token.error().detail;
    EXPECT_EQ(token->issuer, "https://login.example");
    EXPECT_EQ(token->subject, "ann");
    EXPECT_THAT(token->audiences, ElementsAre("here"));
    EXPECT_EQ(token->strings.at("email"), "a@b");
    EXPECT_EQ(token->expires, WallTime(std::chrono::seconds(1900000000)));
    EXPECT_EQ(token->not_before, WallTime(std::chrono::seconds(1700000000)));
    EXPECT_TRUE(verify_jwt(*token, *keys));
  }
}

TEST(JwtTest, AnyChangedCharacterBreaksTheSignature) {
  const auto keys = parse_jwks(issuer().jwks());
  for (const std::string& text : {issuer().rs256(kClaims), issuer().es256(kClaims)}) {
    for (const std::size_t at : {std::size_t{60}, text.size() - 20}) {
      std::string changed = text;
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      const auto token = parse_jwt(changed);
      EXPECT_FALSE(token && verify_jwt(*token, *keys)) << at;
    }
  }
}

TEST(JwtTest, OnlyTheKeyThatIsNamedCountsAndOnlyForItsAlgorithm) {
  const auto keys = parse_jwks(issuer().jwks());
  const auto verifies = [&](const std::string& header) {
    const std::string text = issuer().with_header(header, kClaims);
    const auto token = parse_jwt(text);
    return token && verify_jwt(*token, *keys);
  };
  EXPECT_TRUE(verifies(R"({"alg":"RS256"})")) << "without a key id any key may be the one";
  EXPECT_FALSE(verifies(R"({"alg":"RS256","kid":"other"})"));
  EXPECT_FALSE(verifies(R"({"alg":"ES256","kid":"rsa"})"));
  const test::TokenIssuer stranger;
  const std::string text = stranger.rs256(kClaims);
  EXPECT_FALSE(verify_jwt(*parse_jwt(text), *keys));
}

TEST(JwtTest, WhatIsNoTokenIsRefusedWithItsReason) {
  const auto claims = [](const char* text) { return issuer().rs256(text); };
  struct Case {
    std::string text;
    const char* why;
  };
  const Case cases[] = {
      {"", "three parts"},
      {"a.b", "three parts"},
      {"a.b.c.d", "three parts"},
      {std::string(20'001, 'a'), "longer than"},
      {"e30.e30.", "signature"},
      {"!.e30.YQ", "header that is not base64url"},
      {"e30.e30.YQ", "RS256 or ES256"},
      {issuer().with_header(R"({"alg":"none"})", kClaims), "RS256 or ES256"},
      {issuer().with_header(R"({"alg":"HS256"})", kClaims), "RS256 or ES256"},
      {issuer().with_header(R"({"alg":"RS256","crit":["x"]})", kClaims), "critical"},
      {issuer().with_header(R"({"alg":"RS256","kid":1})", kClaims), "kid"},
      {claims("[]"), "not a JSON object"},
      {claims(R"({"sub":"a","aud":"b","exp":1})"), "no iss"},
      {claims(R"({"iss":"i","aud":"b","exp":1})"), "no sub"},
      {claims(R"({"iss":"i","sub":"a","exp":1})"), "no aud"},
      {claims(R"({"iss":"i","sub":"a","aud":[1],"exp":1})"), "aud"},
      {claims(R"({"iss":"i","sub":"a","aud":"b"})"), "no exp"},
      {claims(R"({"iss":"i","sub":"a","aud":"b","exp":"1"})"), "seconds"},
      {claims(R"({"iss":"i","sub":"a","aud":"b","exp":-1})"), "seconds"},
      {claims(R"({"iss":"i","sub":"a","sub":"root","aud":"b","exp":1})"), "given twice"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text.substr(0, 200));
    const auto token = parse_jwt(c.text);
    ASSERT_FALSE(token);
    EXPECT_THAT(token.error().detail, HasSubstr(c.why));
  }
}

TEST(JwtTest, KeySetsKeepOnlyWhatCanBeUsed) {
  EXPECT_EQ(parse_jwks(issuer().jwks())->size(), 2U);
  for (const char* text : {
           "",
           "[]",
           "{}",
           R"({"keys":{}})",
           R"({"keys":[]})",
           R"({"keys":[1,{"kty":"oct","k":"YQ"}]})",
           R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})",           // 24 bits
           R"({"keys":[{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}]})",  // too short
           R"({"keys":[{"kty":"EC","crv":"P-384","x":"AQ","y":"AQ"}]})",
       }) {
    EXPECT_FALSE(parse_jwks(text)) << text;
  }
  std::string for_encryption = issuer().jwks();
  for_encryption.replace(for_encryption.find("\"use\":\"sig\""), 11, "\"use\":\"enc\"");
  EXPECT_EQ(parse_jwks(for_encryption)->size(), 1U);
}

}  // namespace
}  // namespace heliograph::wire
