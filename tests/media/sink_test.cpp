// What takers of frames drop, and the key frames that they ask for: the sources here make none of themselves.
#include <gtest/gtest.h>

#include <future>

#include "support/media_fixture.hpp"

namespace heliograph {
namespace {

using test::small_options;
using test::small_source;
using test::Viewing;

MediaSource::Options without_regular_key_frames() {
  auto options = small_options();
  options.key_frame_interval = std::chrono::seconds(300);
  return options;
}

TEST(SinkTest, HandlerThatStoodStillGetsPicturesAgain) {
  const auto loop = *EventLoop::create();
  test::Board board;
  std::promise<void> release;
  const auto held = release.get_future().share();
  std::uint64_t taken = 0;
  std::uint64_t keys = 0;
  // On a loop of its own, which stands still at the first frame.
  const auto slow = MediaSink::frames({.loop = *EventLoop::create(),
                                       .on_frame =
                                           [&](const EncodedFrame& frame) {
                                             held.wait();
                                             board.change([&]() {
                                               ++taken;
                                               if (frame.is_key) ++keys;
                                             });
                                           },
                                       .most_waiting = 4});
  auto viewing = std::make_unique<Viewing>(small_source(without_regular_key_frames()), Codec::kH264, loop, false, slow);
  EXPECT_TRUE(viewing->pair.board.await([&]() { return slow->stats(MediaKind::kVideo).dropped > 0; }))
      << viewing->pair.story();

  release.set_value();

  EXPECT_TRUE(board.await([&]() { return taken >= 20; })) << viewing->pair.story() << "taken: " << taken;
  EXPECT_GE(board.read([&]() { return keys; }), 2U);  // The first, and one that was asked for.
  viewing.reset();
  EXPECT_TRUE(slow->stop());
}

TEST(SinkTest, ThatIsAttachedLaterBeginsWithAKeyFrameThatIsAskedFor) {
  const auto loop = *EventLoop::create();
  Viewing viewing(small_source(without_regular_key_frames()), Codec::kH264, loop, false);
  ASSERT_TRUE(viewing.await_frames(5)) << viewing.pair.story();
  const auto late = MediaSink::headless();

  viewing.pair.viewer.tracks.front()->attach(late);

  EXPECT_TRUE(viewing.pair.board.await([&]() { return late->stats(MediaKind::kVideo).frames >= 5; }))
      << viewing.pair.story();
}

TEST(SinkTest, DecoderAsksTheApplicationForAKeyFrameToBeginWith) {
  const auto loop = *EventLoop::create();
  test::Board board;
  int asked = 0;
  auto options = small_options(MediaSource::Application{.video = Codec::kH264});
  options.loop = loop;
  const auto source =
      *MediaSource::create(std::move(options), {.on_key_frame_request = [&]() { board.change([&]() { ++asked; }); }});
  // Takes what must be decoded and encoded first; nobody else can ask for it.
  const Viewing viewing(source, Codec::kVp8, loop, false);
  const std::vector<std::byte> picture(100, std::byte{1});

  std::chrono::nanoseconds shown{};
  EXPECT_TRUE(board.await([&]() {  // It asks every 20 ms.
    EXPECT_TRUE(
        source->push({.codec = Codec::kH264, .data = picture, .timestamp = shown += std::chrono::milliseconds(20)}));
    return asked >= 2;
  }));
}

}  // namespace
}  // namespace heliograph
