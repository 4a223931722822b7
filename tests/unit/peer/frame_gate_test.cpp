// Which frames pass, and when key frames are made.
#include "peer/frame_gate.hpp"

#include <gtest/gtest.h>

namespace heliograph::peer {
namespace {

using Verdict = FrameGate::Verdict;
using std::chrono::milliseconds;

TEST(FrameGateTest, BeginsWithAKeyFrame) {
  FrameGate gate;

  EXPECT_EQ(gate.on_frame(false, true), Verdict::kDropAndAsk);
  EXPECT_EQ(gate.on_frame(true, true), Verdict::kPass);
  EXPECT_EQ(gate.on_frame(false, true), Verdict::kPass);
  EXPECT_EQ(gate.passed(), 2U);
  EXPECT_EQ(gate.dropped(), 0U);  // What came before the viewer is no loss.
}

TEST(FrameGateTest, AfterAFullQueueOnlyAKeyFrameGoesOn) {
  FrameGate gate;
  gate.on_frame(true, true);

  EXPECT_EQ(gate.on_frame(false, false), Verdict::kDrop);
  EXPECT_EQ(gate.on_frame(false, true), Verdict::kDropAndAsk);
  EXPECT_EQ(gate.on_frame(true, true), Verdict::kPass);
  EXPECT_EQ(gate.dropped(), 2U);
}

TEST(FrameGateTest, AfterAResetItBeginsAnew) {
  FrameGate gate;
  gate.on_frame(true, true);

  gate.reset();

  EXPECT_EQ(gate.on_frame(false, true), Verdict::kDropAndAsk);
}

TEST(KeyFrameLimiterTest, ManyRequestsMakeFewKeyFrames) {
  KeyFrameLimiter limiter(milliseconds(500));
  const SteadyTime start{};

  EXPECT_TRUE(limiter.on_request(start));
  EXPECT_FALSE(limiter.on_request(start + milliseconds(10)));
  EXPECT_FALSE(limiter.on_request(start + milliseconds(20)));
  EXPECT_FALSE(limiter.on_tick(start + milliseconds(400)));
  EXPECT_TRUE(limiter.on_tick(start + milliseconds(500)));    // All of them at once,
  EXPECT_FALSE(limiter.on_tick(start + milliseconds(2000)));  // and once.
}

TEST(KeyFrameLimiterTest, AKeyFrameThatCameByItselfAnswers) {
  KeyFrameLimiter limiter(milliseconds(500));
  const SteadyTime start{};
  limiter.on_request(start);
  limiter.on_request(start + milliseconds(10));

  limiter.on_key_frame();

  EXPECT_FALSE(limiter.on_tick(start + milliseconds(600)));
}

}  // namespace
}  // namespace heliograph::peer
