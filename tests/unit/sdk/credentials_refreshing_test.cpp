// When credentials are given from memory, when they are fetched, and who waits.
#include "sdk/credentials/refreshing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "support/scripted_world.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Answers when a test says so.
class HeldSource final : public CredentialSource {
 public:
  void fetch(CredentialHandler done) override {
    ++fetches;
    pending = std::move(done);
  }
  int fetches = 0;
  CredentialHandler pending;
};

class RefreshingTest : public ::testing::Test {
 protected:
  void make(RefreshRule rule = {}) {
    credentials =
        std::make_shared<RefreshingCredentials>(script.world(), [this](const World&) { return source; }, rule);
  }
  void get() { credentials->get(outcomes.next()); }
  /// Answers a fetch with credentials that live so long; zero: for ever.
  void give(const std::string& id, seconds life) {
    Credentials fresh{id, Secret("s"), Secret("t"), {}};
    if (life.count() != 0) fresh.expires = script.clock->wall_now() + life;
    finish(std::move(fresh));
  }
  void finish(Result<Credentials> result) { std::exchange(source->pending, nullptr)(std::move(result)); }
  void hold(const std::string& id, seconds life) {
    get();
    give(id, life);
    outcomes.results.clear();
  }

  test::ScriptedWorld script;
  test::Outcomes outcomes;
  const std::shared_ptr<HeldSource> source = std::make_shared<HeldSource>();
  std::shared_ptr<RefreshingCredentials> credentials;
};

TEST_F(RefreshingTest, PermanentCredentialsAreFetchedOnce) {
  make();
  hold("A", seconds(0));

  script.pass(std::chrono::hours(24 * 365));
  get();

  EXPECT_EQ(outcomes.last(), "A");
  EXPECT_EQ(source->fetches, 1);
}

TEST_F(RefreshingTest, ManyWhoAskMeanwhileShareOneFetch) {
  make();
  for (int i = 0; i < 100; ++i) get();
  EXPECT_EQ(source->fetches, 1);
  EXPECT_TRUE(outcomes.results.empty());

  give("A", minutes(60));

  EXPECT_EQ(outcomes.results.size(), 100U);
  EXPECT_EQ(outcomes.text(99), "A");
}

TEST_F(RefreshingTest, FiveMinutesBeforeTheEndTheOldAreGivenAndNewOnesFetchedBehind) {
  make();
  hold("old", minutes(60));
  script.pass(minutes(54));
  get();
  EXPECT_EQ(source->fetches, 1);

  script.pass(minutes(1) + seconds(1));
  get();
  get();
  EXPECT_EQ(source->fetches, 2);
  EXPECT_EQ(outcomes.last(), "old");

  give("new", minutes(60));
  get();
  EXPECT_EQ(outcomes.last(), "new");
  EXPECT_EQ(source->fetches, 2);
}

TEST_F(RefreshingTest, OneMinuteBeforeTheEndEverybodyWaits) {
  make();
  hold("old", minutes(60));
  script.pass(minutes(59) + seconds(1));

  get();
  get();
  EXPECT_TRUE(outcomes.results.empty());
  give("new", minutes(60));

  EXPECT_EQ(outcomes.text(0), "new");
  EXPECT_EQ(outcomes.text(1), "new");
  EXPECT_EQ(source->fetches, 2);
}

TEST_F(RefreshingTest, ShortLivesAreRefreshedInTheirLastQuarterAndTenth) {
  make();
  hold("old", seconds(100));

  script.pass(seconds(74));
  get();
  EXPECT_EQ(source->fetches, 1);
  script.pass(seconds(2));
  get();
  EXPECT_EQ(source->fetches, 2);
  EXPECT_EQ(outcomes.last(), "old");
  script.pass(seconds(15));
  outcomes.results.clear();
  get();
  EXPECT_TRUE(outcomes.results.empty());
}

TEST_F(RefreshingTest, FailedRefreshLeavesTheOldInUseAndIsRepeatedWithGrowingPauses) {
  make();
  hold("old", minutes(60));
  script.pass(minutes(55) + seconds(1));
  std::vector<int> fetches_after_pauses;
  for (const int pause : {0, 4, 3, 9, 4, 26}) {
    script.pass(seconds(pause));
    get();
    EXPECT_EQ(outcomes.last(), "old");
    fetches_after_pauses.push_back(source->fetches);
    if (source->pending) finish(Error{Errc::kIo, "nobody there"});
  }

  // 5 to 6.25 s, then 10 to 12.5, then 20 to 25.
  EXPECT_THAT(fetches_after_pauses, ElementsAre(2, 2, 3, 3, 4, 5));
  EXPECT_THAT(script.log, HasSubstr("nobody there"));
}

TEST_F(RefreshingTest, FailureWithTheOldStillGoodIsHiddenFromThoseWhoWait) {
  make();
  hold("old", minutes(60));
  script.pass(minutes(59) + seconds(30));
  get();

  finish(Error{Errc::kTimeout, "slow"});
  EXPECT_EQ(outcomes.last(), "old");

  script.pass(seconds(31));
  get();
  finish(Error{Errc::kTimeout, "slow"});
  EXPECT_EQ(outcomes.code(), Errc::kTimeout);
}

TEST_F(RefreshingTest, WithoutAnythingGoodEachAskedForFetchIsMadeAtOnce) {
  make();
  for (int i = 1; i <= 3; ++i) {
    get();
    EXPECT_EQ(source->fetches, i);
    finish(Error{Errc::kIo, "nobody there"});
  }
  EXPECT_EQ(outcomes.results.size(), 3U);
  EXPECT_EQ(outcomes.code(), Errc::kIo);
}

TEST_F(RefreshingTest, ForgottenCredentialsAreFetchedAnew) {
  make();
  hold("old", minutes(60));

  credentials->forget();
  get();
  EXPECT_TRUE(outcomes.results.empty());
  give("new", minutes(60));

  EXPECT_EQ(outcomes.last(), "new");
}

TEST_F(RefreshingTest, CredentialsThatHaveEndedOnArrivalAreAFailureThatNamesTheClock) {
  make();
  get();

  give("late", seconds(-10));

  EXPECT_EQ(outcomes.code(), Errc::kExpiredToken);
  EXPECT_THAT(outcomes.last(), HasSubstr("clock"));
}

TEST_F(RefreshingTest, KeptPastTheirEndTheyAreLookedAtAgainAfterTwelveToTwentyMinutes) {
  RefreshRule rule;
  rule.keep_expired = true;
  make(rule);
  hold("old", minutes(60));
  script.pass(minutes(61));
  get();
  finish(Error{Errc::kTimeout, "silent"});
  EXPECT_EQ(outcomes.last(), "old");
  EXPECT_THAT(script.log, HasSubstr("stay in use"));

  script.pass(minutes(11) + seconds(59));
  get();
  EXPECT_EQ(outcomes.last(), "old");
  EXPECT_EQ(source->fetches, 2);
  script.pass(minutes(9));
  get();
  EXPECT_EQ(source->fetches, 3);
  give("as old", seconds(-600));
  EXPECT_EQ(outcomes.last(), "as old");
  get();
  EXPECT_EQ(source->fetches, 3);
  script.pass(minutes(21));
  get();
  give("new", minutes(60));
  EXPECT_EQ(outcomes.last(), "new");
}

TEST_F(RefreshingTest, CloseAnswersThoseWhoWaitAndLetsTheSourceGo) {
  make();
  get();
  const std::weak_ptr<HeldSource> weak = source;

  credentials->close();
  EXPECT_EQ(outcomes.code(), Errc::kClosed);
  EXPECT_EQ(weak.use_count(), 1);
  give("late", minutes(60));
  get();

  EXPECT_EQ(outcomes.results.size(), 2U);
  EXPECT_EQ(outcomes.code(), Errc::kClosed);
}

TEST_F(RefreshingTest, AnswerForOneThatHasGoneIsDropped) {
  make();
  get();

  credentials.reset();
  give("late", minutes(60));

  EXPECT_TRUE(outcomes.results.empty());
}

TEST_F(RefreshingTest, HandlerMayAskAgainAndThrow) {
  make();
  credentials->get([this](const Result<Credentials>&) {
    get();
    throw std::runtime_error("a bad handler");
  });
  get();

  give("A", minutes(60));

  EXPECT_EQ(outcomes.results.size(), 2U);
  EXPECT_THAT(script.log, HasSubstr("a bad handler"));
}

}  // namespace
}  // namespace heliograph::sdk
