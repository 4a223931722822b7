// One source and many viewers that come and go.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "support/media_fixture.hpp"

namespace heliograph {
namespace {

using test::count_of;
using test::small_source;
using test::Viewing;

class FanOutTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<Viewing> join(Codec codec, bool with_audio = true) {
    return std::make_unique<Viewing>(source, codec, loop, with_audio);
  }

  /// So many, six at most at a time; in the end all have gone.
  void come_and_go(int most, std::mt19937& random) {
    std::vector<std::unique_ptr<Viewing>> viewers;
    int joins = 0;
    while (joins < most || !viewers.empty()) {
      const bool joins_now = joins < most && (viewers.empty() || (viewers.size() < 6 && random() % 2 == 0));
      if (joins_now) {
        viewers.push_back(join(random() % 4 == 0 ? Codec::kVp8 : Codec::kH264, random() % 2 == 0));
        ++joins;
        continue;
      }
      const std::size_t who = random() % viewers.size();
      // Half of them go before they have seen anything: at once, or in the middle of the negotiation.
      auto& pair = viewers[who]->pair;
      const auto way = random() % 4;
      const bool came_as_far = way == 0   ? pair.board.await([&]() { return !pair.master.descriptions.empty(); })
                               : way == 1 ? true
                                          : viewers[who]->await_frames(1);
      ASSERT_TRUE(came_as_far) << pair.story();
      viewers.erase(viewers.begin() + static_cast<std::ptrdiff_t>(who));
    }
  }

  std::shared_ptr<EventLoop> loop = *EventLoop::create();
  std::shared_ptr<MediaSource> source = small_source();
};

TEST_F(FanOutTest, OneEncoderServesAllOfACodec) {
  auto first = join(Codec::kH264);
  auto second = join(Codec::kH264);
  auto third = join(Codec::kVp8);
  for (auto* const viewing : {first.get(), second.get(), third.get()})
    ASSERT_TRUE(viewing->await_frames(15)) << viewing->pair.story();

  EXPECT_EQ(source->stats().viewers, 3U);
  EXPECT_EQ(source->stats().encoders, (std::vector<Codec>{Codec::kH264, Codec::kVp8, Codec::kOpus}));
  third.reset();
  EXPECT_TRUE(first->pair.board.await([&]() { return source->stats().encoders.size() == 2; }));
}

TEST_F(FanOutTest, JoiningAndLeavingIsNotSeenByOthers) {
  auto first = join(Codec::kH264);
  ASSERT_TRUE(first->await_frames(15)) << first->pair.story();
  const auto before = first->sink->stats(MediaKind::kVideo);
  const std::uint64_t made_before = source->stats().video_frames;

  for (int i = 0; i < 3; ++i) {
    auto other = join(Codec::kH264);
    ASSERT_TRUE(other->await_frames(5)) << other->pair.story();
  }

  const std::uint64_t made = source->stats().video_frames - made_before;
  ASSERT_TRUE(first->await_frames(before.frames + made)) << "some of " << made << " frames did not come";
  const auto after = first->sink->stats(MediaKind::kVideo);
  EXPECT_EQ(after.freezes, before.freezes);
  EXPECT_LT(after.longest_gap, std::chrono::milliseconds(500));
  // Each who came got a key frame soon, and no more than that.
  EXPECT_LE(after.key_frames - before.key_frames, 4U);
}

TEST_F(FanOutTest, LateJoinersDoNotWaitForTheNextRegularKeyFrame) {
  auto options = test::small_options();
  options.key_frame_interval = std::chrono::seconds(60);
  source = small_source(std::move(options));
  auto first = join(Codec::kVp8);
  ASSERT_TRUE(first->await_frames(30)) << first->pair.story();

  auto late = join(Codec::kVp8);

  EXPECT_TRUE(late->await_frames(3)) << late->pair.story();
}

TEST_F(FanOutTest, ManyJoinsAndLeavesLeaveNothing) {
  std::mt19937 random(4711);  // The same order each time.
  {
    auto warm_up = join(Codec::kH264);
    ASSERT_TRUE(warm_up->await_frames(3)) << warm_up->pair.story();
  }
  test::Board board;
  ASSERT_TRUE(board.await([&]() { return !source->stats().is_running; }));
  // GStreamer's own pools of threads shrink when they like, so a few more or less say nothing.
  const std::size_t threads = count_of("task");
  const std::size_t descriptors = count_of("fd");

  ASSERT_NO_FATAL_FAILURE(come_and_go(50, random));
  ASSERT_TRUE(board.await([&]() { return !source->stats().is_running; }));
  const std::size_t memory = test::memory_in_use();
  ASSERT_NO_FATAL_FAILURE(come_and_go(50, random));

  EXPECT_TRUE(board.await([&]() { return !source->stats().is_running; }));
  EXPECT_TRUE(board.await([&]() { return count_of("task") <= threads + 4; })) << count_of("task") << " of " << threads;
  // libnice closes its sockets a little later.
  EXPECT_TRUE(board.await([&]() { return count_of("fd") <= descriptors + 4; }))
      << count_of("fd") << " of " << descriptors;
  EXPECT_EQ(source->stats().viewers, 0U);
  EXPECT_LE(test::memory_in_use(), memory + test::kMemoryNoise);
}

TEST_F(FanOutTest, ThirtyWatchAtOnceAndNothingIsLeftOfThem) {
  auto options = test::small_options();
  options.frames_per_second = 5;  // For their number.
  options.video_kbps = 100;
  source = small_source(std::move(options));
  {
    auto warm_up = join(Codec::kVp8, false);
    ASSERT_TRUE(warm_up->await_frames(1)) << warm_up->pair.story();
  }
  test::Board board;
  ASSERT_TRUE(board.await([&]() { return !source->stats().is_running; }));
  const std::size_t threads = count_of("task");
  const std::size_t descriptors = count_of("fd");
  std::mt19937 random(815);

  std::vector<std::unique_ptr<Viewing>> viewers;
  while (viewers.size() < 30) viewers.push_back(join(Codec::kVp8, false));
  for (const auto& viewing : viewers) ASSERT_TRUE(viewing->await_frames(2)) << viewing->pair.story();
  EXPECT_EQ(source->stats().viewers, 30U);
  EXPECT_EQ(source->stats().encoders, (std::vector<Codec>{Codec::kVp8}));
  std::shuffle(viewers.begin(), viewers.end(), random);
  while (viewers.size() > 1) viewers.pop_back();
  const std::uint64_t seen = viewers.front()->frames();
  EXPECT_TRUE(viewers.front()->await_frames(seen + 3)) << viewers.front()->pair.story();
  viewers.clear();

  EXPECT_TRUE(board.await([&]() { return !source->stats().is_running; }));
  EXPECT_TRUE(board.await([&]() { return count_of("task") <= threads + 4; })) << count_of("task") << " of " << threads;
  EXPECT_TRUE(board.await([&]() { return count_of("fd") <= descriptors + 4; }))
      << count_of("fd") << " of " << descriptors;
  EXPECT_EQ(source->stats().viewers, 0U);
}

}  // namespace
}  // namespace heliograph
