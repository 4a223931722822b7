// Attempts to connect: what they wait for, how they are begun anew, and how long they may take together.
#include <gmock/gmock.h>

#include <algorithm>

#include "support/engine_fixture.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

class SignalingAttemptTest : public test::SignalingEngineTest {
 protected:
  /// Opens and lets an attempt take as long as it may.
  void wait_in_vain() {
    make();
    engine_->open();
    world_.advance(seconds(10));
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(lost_, Errc::kTimeout);
  }
  void make_to_give_up(seconds after) {
    SignalingClient::Options options;
    options.reconnect.give_up_after = after;
    options.reconnect.first = seconds(15);
    make(options);
  }
};

TEST_F(SignalingAttemptTest, AttemptThatTakesTooLongSaysThatNothingWasFound) {
  is_finding_silent_ = true;
  wait_in_vain();
  EXPECT_THAT(told_, ElementsAre("lost: no signaling connection within 10000 ms: still finding the endpoint of cam"));
}

TEST_F(SignalingAttemptTest, AttemptThatTakesTooLongSaysThatNothingWasSigned) {
  signer_->is_silent = true;
  wait_in_vain();
  EXPECT_THAT(
      told_,
      ElementsAre("lost: no signaling connection within 10000 ms: still waiting for the request signer, for wss://m"));
}

TEST_F(SignalingAttemptTest, AttemptThatTakesTooLongSaysWhereItWasConnectingAndNoSecret) {
  found_->wss_endpoint = "wss://user:hush@m/path?key=hush";
  wait_in_vain();
  EXPECT_THAT(told_, ElementsAre("lost: no signaling connection within 10000 ms: still connecting to "
                                 "wss://[removed]@m/path?[removed]"));
}

TEST_F(SignalingAttemptTest, ReconnectingWhileTheEndpointIsFoundBeginsAnew) {
  is_finding_silent_ = true;
  make();
  engine_->open();
  world_.advance(seconds(9));
  is_finding_silent_ = false;

  engine_->reconnect();
  world_.run();

  EXPECT_EQ(finds_, 2);
  EXPECT_EQ(forgotten_, 1);
  world_.advance(seconds(2));
  accept();
  EXPECT_THAT(told_, ElementsAre("open 1")) << "the first attempt's time must not count";
}

TEST_F(SignalingAttemptTest, ReconnectingWhileItIsSignedBeginsAnew) {
  signer_->is_silent = true;
  make();
  engine_->open();
  world_.run();
  signer_->is_silent = false;

  engine_->reconnect();
  world_.run();
  accept();

  EXPECT_EQ(links_.size(), 1U);
  EXPECT_EQ(finds_, 2);
  EXPECT_TRUE(engine_->is_open());
}

TEST_F(SignalingAttemptTest, ReconnectingWhileItConnectsBeginsAnew) {
  make();
  engine_->open();
  world_.run();

  engine_->reconnect();
  world_.run();

  ASSERT_EQ(links_.size(), 2U);
  EXPECT_THAT(links_.front()->written, ElementsAre("drop"));
  links_.front()->on.on_open();
  EXPECT_FALSE(engine_->is_open()) << "the first is not listened to";
  accept();
  EXPECT_TRUE(engine_->is_open());
}

TEST_F(SignalingAttemptTest, ReconnectingBeforeOpeningOrAfterTheEndDoesNothing) {
  make();
  engine_->reconnect();
  world_.run();
  EXPECT_EQ(finds_, 0);

  engine_->open();
  world_.run();
  accept();
  engine_->close();
  engine_->reconnect();
  hear_close(1000);
  engine_->reconnect();
  world_.run();

  EXPECT_EQ(finds_, 1);
}

TEST_F(SignalingAttemptTest, AttemptTakesNoLongerThanIsLeftUntilItGivesUp) {
  is_finding_silent_ = true;
  make_to_give_up(seconds(4));
  engine_->open();

  world_.advance(milliseconds(3999));
  EXPECT_EQ(closed_, std::nullopt);
  world_.advance(milliseconds(1));

  EXPECT_EQ(closed_, Errc::kTimeout);
  EXPECT_THAT(told_, ElementsAre("closed: no connection for 4 s; the last failure: no signaling connection within 4000 "
                                 "ms: still finding the endpoint of cam"));
}

TEST_F(SignalingAttemptTest, WaitTakesNoLongerThanIsLeftUntilItGivesUp) {
  found_ = Error{Errc::kIo, "no route"};
  make_to_give_up(seconds(1));
  engine_->open();

  world_.advance(milliseconds(999));
  EXPECT_EQ(closed_, std::nullopt);
  const int finds = finds_;
  world_.advance(milliseconds(1));

  EXPECT_EQ(closed_, Errc::kTimeout);
  EXPECT_THAT(told_.back(), HasSubstr("no route"));
  EXPECT_EQ(finds_, finds) << "there was no time left for one more";
}

TEST_F(SignalingAttemptTest, TimesThatAreForEverLastSo) {
  SignalingClient::Options options;
  options.ping_interval = options.keep_for = options.reconnect.give_up_after = seconds::max();
  options.connect_timeout = options.reconnect.good_after = options.reconnect.most = std::chrono::milliseconds::max();
  make(options);
  engine_->open();
  world_.run();
  world_.advance(seconds(600));
  EXPECT_THAT(told_, ElementsAre()) << "the attempt goes on";
  lose();
  wait_for_next_link();
  accept();
  send("{}");
  hear_pong("1");
  world_.advance(seconds(600));
  send("[]");
  world_.advance(seconds(5));
  EXPECT_THAT(told_, ElementsAre("lost: cable cut", "open 1", "{} read")) << "the second is still waited for";
  EXPECT_EQ(std::count(links_.back()->written.begin(), links_.back()->written.end(), "ping "), 0);
}

}  // namespace
}  // namespace heliograph::sdk
