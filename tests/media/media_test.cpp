// Pictures and sound between real peers.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "support/media_fixture.hpp"
#include "support/temp_dir.hpp"

namespace heliograph {
namespace {

using test::output_of;
using test::PeerPair;
using test::small_source;

class MediaTest : public ::testing::Test {
 protected:
  /// The viewer receives what the master sends, by one video codec.
  void stream(Codec video, std::shared_ptr<MediaSink> taker) {
    auto viewing = pair.config();
    viewing.receive_video = true;
    viewing.receive_audio = true;
    viewing.codecs = {video, Codec::kOpus};
    viewing.sink = std::move(taker);
    auto sending = pair.config();
    sending.send = source;
    pair.viewer.open(viewing);
    pair.master.open(sending);
    const auto offered = pair.viewer.peer->create_offer();
    ASSERT_TRUE(offered) << offered.error().detail;
  }
  [[nodiscard]] bool await_frames(const std::shared_ptr<MediaSink>& of, std::uint64_t video, std::uint64_t audio) {
    return pair.board.await(
        [&]() { return of->stats(MediaKind::kVideo).frames >= video && of->stats(MediaKind::kAudio).frames >= audio; });
  }

  PeerPair pair;
  std::shared_ptr<MediaSource> source = small_source();
  std::shared_ptr<MediaSink> sink = MediaSink::headless();
};

TEST_F(MediaTest, H264AndOpusArrive) {
  ASSERT_NO_FATAL_FAILURE(stream(Codec::kH264, sink));

  ASSERT_TRUE(await_frames(sink, 30, 50)) << pair.story();
  EXPECT_EQ(sink->stats(MediaKind::kVideo).codec, Codec::kH264);
  EXPECT_EQ(sink->stats(MediaKind::kAudio).codec, Codec::kOpus);
  EXPECT_GE(sink->stats(MediaKind::kVideo).key_frames, 1U);
  EXPECT_EQ(source->stats().encoders, (std::vector<Codec>{Codec::kH264, Codec::kOpus}));
  EXPECT_EQ(source->stats().viewers, 1U);
  EXPECT_EQ(pair.viewer.tracks.size(), 2U);
  // With packets of pictures numbered, so that the bitrate can follow the way.
  for (const test::Side* const side : {&pair.viewer, &pair.master})
    EXPECT_NE(
        side->descriptions.front().sdp.find("a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide"),
        std::string::npos)
        << side->name;
}

TEST_F(MediaTest, Vp8AndOpusArrive) {
  ASSERT_NO_FATAL_FAILURE(stream(Codec::kVp8, sink));

  ASSERT_TRUE(await_frames(sink, 30, 50)) << pair.story();
  EXPECT_EQ(sink->stats(MediaKind::kVideo).codec, Codec::kVp8);
  EXPECT_EQ(source->stats().encoders, (std::vector<Codec>{Codec::kVp8, Codec::kOpus}));
}

TEST_F(MediaTest, OffererSendsToo) {
  auto sending = pair.config();
  sending.send = source;
  auto receiving = pair.config();
  receiving.receive_video = true;
  receiving.receive_audio = true;
  receiving.sink = sink;
  receiving.codecs = {Codec::kVp8, Codec::kOpus};  // The offer has H.264 first.
  pair.viewer.open(sending);
  pair.master.open(receiving);

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  ASSERT_TRUE(await_frames(sink, 15, 25)) << pair.story();
  EXPECT_EQ(sink->stats(MediaKind::kVideo).codec, Codec::kVp8);
}

TEST_F(MediaTest, BothWaysAtOnce) {
  const auto back = MediaSink::headless();
  auto viewing = pair.config();
  viewing.receive_video = viewing.receive_audio = true;
  viewing.sink = sink;
  viewing.send = small_source();
  auto answering = pair.config();
  answering.receive_video = answering.receive_audio = true;
  answering.sink = back;
  answering.send = source;
  pair.viewer.open(viewing);
  pair.master.open(answering);

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  EXPECT_TRUE(await_frames(sink, 15, 25)) << pair.story();
  EXPECT_TRUE(await_frames(back, 15, 25)) << pair.story();
}

TEST_F(MediaTest, NobodyWatchingRunsNothing) {
  EXPECT_FALSE(source->stats().is_running);
  ASSERT_NO_FATAL_FAILURE(stream(Codec::kH264, sink));
  ASSERT_TRUE(await_frames(sink, 1, 1)) << pair.story();
  EXPECT_TRUE(source->stats().is_running);

  pair.close_all();

  EXPECT_TRUE(pair.board.await([&]() {
    const auto stats = source->stats();
    return !stats.is_running && stats.encoders.empty() && stats.viewers == 0;
  }));
}

void expect_complete(const PeerStats& sent, const PeerStats& received) {
  ASSERT_TRUE(sent.local.has_value()) << to_json(sent);
  EXPECT_EQ(sent.local->protocol, "udp");
  EXPECT_GT(sent.local->port, 0);
  ASSERT_EQ(sent.tracks.size(), 2U) << to_json(sent);
  ASSERT_EQ(received.tracks.size(), 2U) << to_json(received);
  for (const TrackStats& track : sent.tracks) {
    EXPECT_TRUE(track.is_sent);
    EXPECT_GT(track.packets, 0U) << to_json(sent);
    EXPECT_GT(track.frames, 0U) << to_json(sent);
  }
  for (const TrackStats& track : received.tracks) {
    EXPECT_FALSE(track.is_sent);
    EXPECT_GT(track.bytes, 0U) << to_json(received);
    // A machine that is busy elsewhere may lose some, also here.
    EXPECT_LT(track.packets_lost, static_cast<std::int64_t>(track.packets / 10)) << to_json(received);
  }
}

TEST_F(MediaTest, StatisticsTellOfTheWayAndTheTracks) {
  ASSERT_NO_FATAL_FAILURE(stream(Codec::kH264, sink));
  ASSERT_TRUE(await_frames(sink, 30, 50)) << pair.story();

  // Answers still come when the test is over.
  const auto sent = std::make_shared<std::optional<PeerStats>>();
  const auto received = std::make_shared<std::optional<PeerStats>>();
  const auto ask = [this](PeerConnection& peer, const std::shared_ptr<std::optional<PeerStats>>& into) {
    peer.stats([this, into](Result<PeerStats> stats) {
      if (stats) pair.board.change([&]() { *into = *stats; });
    });
  };
  // Each of the two reports once a second, also while feedback about every picture goes the same way.
  ASSERT_TRUE(pair.board.await([&]() {
    ask(*pair.master.peer, sent);
    return *sent && (*sent)->round_trip.has_value();
  })) << (*sent ? to_json(**sent) : "none");
  ask(*pair.viewer.peer, received);
  ASSERT_TRUE(pair.board.await([&]() { return received->has_value(); }));
  expect_complete(**sent, **received);
}

TEST_F(MediaTest, FramesReachTheApplication) {
  std::uint64_t video = 0;
  bool began_with_key = false;
  bool is_annex_b = true;
  const auto taking = MediaSink::frames({.loop = pair.loop, .on_frame = [&](const EncodedFrame& frame) {
                                           pair.board.change([&]() {
                                             if (frame.codec != Codec::kH264) return;
                                             if (video++ == 0) began_with_key = frame.is_key;
                                             is_annex_b = is_annex_b && frame.data.size() > 4 &&
                                                          frame.data[0] == std::byte{0} &&
                                                          frame.data[1] == std::byte{0};
                                           });
                                         }});
  ASSERT_NO_FATAL_FAILURE(stream(Codec::kH264, taking));

  EXPECT_TRUE(pair.board.await([&]() { return video >= 20; })) << pair.story();
  EXPECT_TRUE(began_with_key);
  EXPECT_TRUE(is_annex_b);
  pair.close_all();
}

class RecordingTest : public MediaTest, public ::testing::WithParamInterface<Codec> {};

TEST_P(RecordingTest, IsReadableAndHasTheRightLength) {
  test::TempDir dir;
  const std::string path = dir / "viewed.mkv";
  auto recorder = MediaSink::record({.path = path});
  ASSERT_TRUE(recorder) << recorder.error().detail;
  ASSERT_NO_FATAL_FAILURE(stream(GetParam(), *recorder));
  ASSERT_TRUE(await_frames(*recorder, 45, 100)) << pair.story();

  pair.close_all();  // As when the master vanishes: nobody says that it is over.
  const auto stopped = (*recorder)->stop();

  ASSERT_TRUE(stopped) << stopped.error().detail;
  const auto video = (*recorder)->stats(MediaKind::kVideo);
  const double seconds = std::chrono::duration<double>(*video.last_frame - *video.first_frame).count();
  const std::string probed =
      output_of("ffprobe -v error -show_entries format=duration:stream=codec_name -of csv=p=0 '" + path + "' 2>&1");
  EXPECT_NE(probed.find(GetParam() == Codec::kH264 ? "h264" : "vp8"), std::string::npos) << probed;
  EXPECT_NE(probed.find("opus"), std::string::npos) << probed;
  const auto at = probed.find_last_of('\n', probed.size() - 2);
  const double length = std::atof(probed.substr(at == std::string::npos ? 0 : at + 1).c_str());
  EXPECT_NEAR(length, seconds, 0.5) << probed;
  // As the pictures come: at a steady rate, two that came close together would be one too many.
  const std::string decoded = output_of("ffmpeg -v error -i '" + path + "' -fps_mode vfr -f null - 2>&1");
  EXPECT_TRUE(decoded.empty()) << decoded;
}

INSTANTIATE_TEST_SUITE_P(Codecs, RecordingTest, ::testing::Values(Codec::kH264, Codec::kVp8),
                         [](const auto& codec) { return std::string(to_string(codec.param)); });

TEST(RecorderTest, NothingReceivedIsSaid) {
  test::TempDir dir;
  auto recorder = MediaSink::record({.path = dir / "empty.mkv"});
  ASSERT_TRUE(recorder);

  EXPECT_EQ((*recorder)->stop().error().code, Errc::kTimeout);
}

TEST(RecorderTest, FullDiskIsToldAtOnceAndWhatComesThenIsCounted) {
  const auto loop = *EventLoop::create();
  test::Board board;
  std::string said;
  MediaSink::Recording recording{.path = "/dev/full", .expect_audio = false};
  recording.loop = loop;
  recording.on_error = [&](const Error& error) { board.change([&]() { said = error.detail; }); };
  auto recorder = MediaSink::record(std::move(recording));
  ASSERT_TRUE(recorder) << recorder.error().detail;
  const test::Viewing viewing(test::small_source(), Codec::kVp8, loop, false, *recorder);

  ASSERT_TRUE(board.await([&]() { return !said.empty(); }));

  EXPECT_TRUE(said.starts_with("/dev/full: ")) << said;
  EXPECT_TRUE(board.await([&]() { return (*recorder)->stats(MediaKind::kVideo).dropped > 0; }));
}

TEST(RecorderTest, PathThatCannotBeWrittenIsRefused) {
  const auto recorder = MediaSink::record({.path = "/nowhere/at/all.mkv"});

  ASSERT_FALSE(recorder);
  EXPECT_EQ(recorder.error().code, Errc::kIo);
}

}  // namespace
}  // namespace heliograph
