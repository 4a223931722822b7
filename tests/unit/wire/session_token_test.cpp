// Sealed texts, and session tokens made of them.
#include "wire/session_token.hpp"

#include <gtest/gtest.h>

#include "support/counting_rng.hpp"
#include "wire/base64url.hpp"

namespace heliograph::wire {
namespace {

SealingKey key_of(std::uint8_t byte) {
  std::array<std::uint8_t, SealingKey::kSize> bytes{};
  bytes.fill(byte);
  return SealingKey(bytes);
}

SessionClaims claims() {
  return {.kind = SessionClaims::Kind::kRole,
          .key = AccessKeyId("ASIA0123456789ABCDEF"),
          .secret = Secret("of the session"),
          .expires = WallTime(std::chrono::seconds(1'900'000'000)),
          .subject = "viewer",
          .subject_id = "AROA0123456789ABCDEF",
          .session_name = "ann",
          .parent = AccessKeyId(""),
          .policies = {"{}", "{\"Version\": \"2012-10-17\"}"}};
}

TEST(SealedTest, TextOpensOnlyWithItsKeyItsPlaceAndEveryBitOfIt) {
  test::CountingRng rng;
  const std::string sealed = key_of(1).seal("the secret", "here", rng);

  EXPECT_EQ(key_of(1).open(sealed, "here")->reveal(), "the secret");
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
  EXPECT_FALSE(key_of(2).open(sealed, "here"));
  EXPECT_FALSE(key_of(1).open(sealed, "there"));
  EXPECT_FALSE(key_of(1).derive("other").open(sealed, "here"));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    ASSERT_FALSE(key_of(1).open(changed, "here")) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    ASSERT_FALSE(key_of(1).open(std::string_view(sealed).substr(0, size), "here")) << size;
}

TEST(SealedTest, SameTextIsSealedDifferentlyEachTime) {
  test::CountingRng rng;
  EXPECT_NE(key_of(1).seal("a", "", rng), key_of(1).seal("a", "", rng));
  EXPECT_EQ(key_of(1).open(key_of(1).seal("", "", rng), "")->reveal(), "");
}

TEST(SessionTokenTest, ClaimsComeBackAsTheyWere) {
  test::CountingRng rng;
  const std::string token = to_session_token(claims(), key_of(7), rng);

  const auto opened = open_session_token(token, key_of(7));

  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, claims());
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos)
      << "fit for headers, queries and shells as it is";
}

TEST(SessionTokenTest, TokenWithoutAPolicyIsShort) {
  test::CountingRng rng;
  SessionClaims plain = claims();
  plain.policies.clear();
  // The C SDK keeps 2,048 characters of one.
  EXPECT_LT(to_session_token(plain, key_of(7), rng).size(), 400U);
}

TEST(SessionTokenTest, TokensOfOthersAreNone) {
  test::CountingRng rng;
  const std::string token = to_session_token(claims(), key_of(7), rng);
  EXPECT_FALSE(open_session_token(token, key_of(8)));
  EXPECT_FALSE(open_session_token(token + "A", key_of(7)));
  EXPECT_FALSE(open_session_token(token.substr(4), key_of(7)));
  EXPECT_FALSE(open_session_token("", key_of(7)));
  EXPECT_FALSE(open_session_token(std::string(kMaxSessionToken + 4, 'A'), key_of(7)));
  // Sealed with the right key, for another purpose.
  EXPECT_FALSE(
      open_session_token(to_base64url(key_of(7).seal(to_session_bytes(claims()).reveal(), "other", rng)), key_of(7)));
}

TEST(SessionTokenTest, BytesCutAnywhereAreNone) {
  const Secret bytes = to_session_bytes(claims());
  EXPECT_EQ(parse_session_bytes(bytes.reveal()), claims());
  for (std::size_t size = 0; size < bytes.reveal().size(); ++size)
    ASSERT_FALSE(parse_session_bytes(bytes.reveal().substr(0, size))) << size;
  EXPECT_FALSE(parse_session_bytes(std::string(bytes.reveal()) + "x"));
}

}  // namespace
}  // namespace heliograph::wire
