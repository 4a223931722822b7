// Credentials that are void before their time.
#include "server/relay/revocations.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace heliograph::server::relay {
namespace {

using std::chrono::seconds;

const WallTime kNow = WallTime(seconds(1'700'000'000));
const ChannelArn kChannel("arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1700000000000");
const Secret kSecret("north");

/// What GetIceServerConfig would hand out.
TurnUser user_at(const Revocations& revocations, WallTime now, std::string& username) {
  const WallTime expiry = std::max<WallTime>(now + seconds(300), revocations.least_expiry(opaque_of(kChannel)));
  username = make_turn_credentials(kSecret, kChannel, expiry).username;
  return *parse_turn_username(username);
}

TEST(RevocationsTest, WhatWasHandedOutIsVoidAndWhatComesAfterIsGood) {
  Revocations revocations;
  std::string before_name;
  std::string after_name;
  const TurnUser before = user_at(revocations, kNow, before_name);

  ASSERT_TRUE(revocations.revoke(opaque_of(kChannel), kNow));
  const TurnUser after = user_at(revocations, kNow, after_name);

  EXPECT_TRUE(revocations.is_revoked(before));
  EXPECT_FALSE(revocations.is_revoked(after));
  EXPECT_EQ(after.expiry, before.expiry + 1);
}

TEST(RevocationsTest, TwiceInASecondVoidsWhatCameInBetween) {
  Revocations revocations;
  std::string name;
  ASSERT_TRUE(revocations.revoke(opaque_of(kChannel), kNow));
  const TurnUser between = user_at(revocations, kNow, name);

  ASSERT_TRUE(revocations.revoke(opaque_of(kChannel), kNow));

  EXPECT_TRUE(revocations.is_revoked(between));
}

TEST(RevocationsTest, WhatIsOverIsForgottenUnlessItWasRevokedAgain) {
  Revocations revocations;
  ASSERT_TRUE(revocations.revoke("once", kNow));
  ASSERT_TRUE(revocations.revoke("twice", kNow));
  ASSERT_TRUE(revocations.revoke("twice", kNow + seconds(200)));

  ASSERT_TRUE(revocations.revoke("later", kNow + seconds(301)));

  EXPECT_EQ(revocations.least_expiry("once"), WallTime::min());
  EXPECT_EQ(revocations.least_expiry("twice"), kNow + seconds(501));
}

TEST(RevocationsTest, OtherChannelsAreLeftAlone) {
  Revocations revocations;
  ASSERT_TRUE(revocations.revoke("other", kNow));
  std::string name;

  EXPECT_FALSE(revocations.is_revoked(user_at(revocations, kNow, name)));
}

TEST(RevocationsTest, ARestartRevivesNothingAndForgetsWhatIsOver) {
  const test::TempDir dir;
  const auto file = dir.path() / "revoked";
  std::string name;
  Revocations first;
  ASSERT_TRUE(first.load(file, kNow));
  const TurnUser user = user_at(first, kNow, name);
  ASSERT_TRUE(first.revoke(opaque_of(kChannel), kNow));

  Revocations soon;
  ASSERT_TRUE(soon.load(file, kNow + seconds(10)));
  Revocations late;
  ASSERT_TRUE(late.load(file, kNow + seconds(301)));

  EXPECT_TRUE(soon.is_revoked(user));
  EXPECT_FALSE(late.is_revoked(user));
}

TEST(TurnCredentialsTest, UserNamesAreTakenApart) {
  const auto user = parse_turn_username("1700000300:djE6YQ==");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->expiry, 1'700'000'300);
  EXPECT_EQ(user->opaque, "djE6YQ==");

  for (const char* bad : {"", ":", "1700000300", "1700000300:", ":a", "17x:a", "x:a", " 17:a"})
    EXPECT_FALSE(parse_turn_username(bad)) << bad;
}

TEST(TurnCredentialsTest, KeyIsThatOfTheLongTermMechanism) {
  const auto credentials = make_turn_credentials(kSecret, kChannel, kNow);

  const Secret key = turn_key(kSecret, credentials.username, "heliograph");

  EXPECT_EQ(key.reveal().size(), 32U);
  EXPECT_NE(key.reveal(), turn_key(kSecret, credentials.username, "elsewhere").reveal());
  EXPECT_NE(key.reveal(), turn_key(Secret("south"), credentials.username, "heliograph").reveal());
}

}  // namespace
}  // namespace heliograph::server::relay
