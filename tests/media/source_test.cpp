// Where media comes from: files, streams and applications, passed through or encoded.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "support/media_fixture.hpp"
#include "support/temp_dir.hpp"

namespace heliograph {
namespace {

using test::small_options;
using test::small_source;
using test::Viewing;

class SourceTest : public ::testing::Test {
 protected:
  /// A film of so many seconds, made by ffmpeg.
  [[nodiscard]] std::string film(const std::string& name, int seconds, const std::string& codecs) {
    const std::string path = dir / name;
    const std::string length = std::to_string(seconds);
    const std::string said = test::output_of(
        "ffmpeg -v error -f lavfi -i testsrc=size=320x180:rate=15:duration=" + length +
        " -f lavfi -i sine=frequency=440:sample_rate=48000:duration=" + length + " " + codecs + " '" + path + "' 2>&1");
    EXPECT_EQ(said, "");
    return path;
  }

  /// Somebody watches a source, which then says what is wrong with it, and names `named`.
  void expect_complaint(MediaSource::Options options, const std::string& named) {
    options.loop = loop;
    test::Board board;
    std::string said;
    auto made = MediaSource::create(
        options, {.on_error = [&](const Error& error) { board.change([&]() { said += error.detail + "\n"; }); }});
    ASSERT_TRUE(made);
    const Viewing viewing(*made, Codec::kVp8, loop);
    EXPECT_TRUE(board.await([&]() { return said.find(named) != std::string::npos; })) << said;
  }

  test::TempDir dir;
  std::shared_ptr<EventLoop> loop = *EventLoop::create();
};

const std::string kH264AndOpus = "-c:v libx264 -pix_fmt yuv420p -profile:v baseline -g 15 -bf 0 -c:a libopus -ac 2";

TEST_F(SourceTest, FileOfH264AndOpusIsPassedThroughAndLooped) {
  const auto source = small_source(small_options(MediaSource::File{.path = film("a.mkv", 2, kH264AndOpus)}));
  Viewing viewing(source, Codec::kH264, loop);

  ASSERT_TRUE(viewing.await_frames(45)) << viewing.pair.story();  // A film has 30.

  EXPECT_TRUE(source->stats().encoders.empty());
  EXPECT_GT(viewing.sink->stats(MediaKind::kAudio).frames, 50U);
}

TEST_F(SourceTest, FileIsEncodedForWhoTakesAnotherCodec) {
  const auto source = small_source(small_options(MediaSource::File{.path = film("a.mkv", 2, kH264AndOpus)}));
  Viewing viewing(source, Codec::kVp8, loop);

  ASSERT_TRUE(viewing.await_frames(45)) << viewing.pair.story();

  EXPECT_EQ(source->stats().encoders, (std::vector<Codec>{Codec::kVp8}));
}

TEST_F(SourceTest, FileOfOtherCodecsIsEncodedAndLooped) {
  const auto source = small_source(
      small_options(MediaSource::File{.path = film("a.mp4", 2, "-pix_fmt yuv420p -c:v mpeg4 -c:a aac -ac 2")}));
  Viewing viewing(source, Codec::kH264, loop);

  ASSERT_TRUE(viewing.await_frames(45)) << viewing.pair.story();  // A film has 30.

  EXPECT_EQ(source->stats().encoders, (std::vector<Codec>{Codec::kH264, Codec::kOpus}));
}

TEST_F(SourceTest, FileThatIsNotLoopedEnds) {
  auto options = small_options(MediaSource::File{.path = film("a.mkv", 1, kH264AndOpus), .loop = false});
  options.loop = loop;
  test::Board board;
  bool has_ended = false;
  auto made = MediaSource::create(options, {.on_end = [&]() { board.change([&]() { has_ended = true; }); }});
  ASSERT_TRUE(made);
  const Viewing viewing(*made, Codec::kH264, loop);

  EXPECT_TRUE(board.await([&]() { return has_ended; }));
}

TEST_F(SourceTest, FileThatIsNotThereIsAnErrorOfTheSource) {
  expect_complaint(small_options(MediaSource::File{.path = dir / "nothing.mp4"}), "nothing.mp4");
}

TEST_F(SourceTest, FileWithoutWhatIsToBeSentIsAnErrorThatNamesIt) {
  const std::string sound = film("sound.mka", 1, "-map 1:a -c:a libopus -ac 2");
  const std::string none = dir / "none.mp4";
  std::ofstream(none) << "nothing of the kind";
  for (const std::string& path : {sound, none}) {
    auto options = small_options(MediaSource::File{.path = path});
    options.with_audio = false;
    expect_complaint(options, path);
  }
}

TEST_F(SourceTest, H264FromADescriptorIsPassedThrough) {
  const std::string path =
      film("a.h264", 2, "-map 0:v -c:v libx264 -pix_fmt yuv420p -profile:v baseline -g 15 -bf 0 -f h264");
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const auto source = small_source(small_options(MediaSource::H264Stream{.descriptor = ends[0]}));
  auto viewing = std::make_unique<Viewing>(source, Codec::kH264, loop);
  EXPECT_TRUE(viewing->pair.await_connected()) << viewing->pair.story();
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});

  // Piece by piece, as fast as a camera writes: until enough has come out at the other end.
  const auto has_enough = [&]() { return viewing->frames() >= 10; };
  const auto end = std::chrono::steady_clock::now() + test::kMediaPatience;
  for (std::size_t at = 0; std::chrono::steady_clock::now() < end; at += 1000) {
    const std::string piece = bytes.substr(at % bytes.size(), 1000);
    ASSERT_EQ(::write(ends[1], piece.data(), piece.size()), static_cast<ssize_t>(piece.size()));
    if (viewing->pair.board.await(has_enough, std::chrono::milliseconds(15))) break;
  }

  EXPECT_TRUE(viewing->await_frames(10)) << viewing->pair.story();
  EXPECT_TRUE(source->stats().encoders.empty());
  ::close(ends[1]);
  viewing.reset();
  ::close(ends[0]);
}

TEST_F(SourceTest, PicturesOfAnotherSizeGoOnInTheSameRecording) {
  // As browsers do when the way bears less.
  std::vector<std::string> films;
  for (const char* scale : {"320x180", "160x90"}) {
    const std::string name = std::string(scale) + ".h264";
    std::ifstream file(film(name, 1,
                            std::string("-map 0:v -c:v libx264 -pix_fmt yuv420p -profile:v baseline -g 5 -bf 0 "
                                        "-f h264 -s ") +
                                scale),
                       std::ios::binary);
    films.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const std::string path = dir / "two_sizes.mkv";
  const auto recorder = *MediaSink::record({.path = path, .expect_audio = false});
  const auto source = small_source(small_options(MediaSource::H264Stream{.descriptor = ends[0]}));
  auto viewing = std::make_unique<Viewing>(source, Codec::kH264, loop, false, recorder);
  EXPECT_TRUE(viewing->pair.await_connected()) << viewing->pair.story();

  std::uint64_t wanted = 0;
  for (const std::string& bytes : films) {
    wanted += 150;  // More than still wait in the pipe and behind it.
    // At 1.6 Mbit/s, as a camera; faster, the sender would drop what has to wait, and take the way for a thin one.
    for (std::size_t at = 0; viewing->frames() < wanted && at < 300 * bytes.size(); at += 1000) {
      const std::string piece = bytes.substr(at % bytes.size(), 1000);
      ASSERT_EQ(::write(ends[1], piece.data(), piece.size()), static_cast<ssize_t>(piece.size()));
      ::poll(nullptr, 0, 5);
    }
    EXPECT_TRUE(viewing->await_frames(wanted)) << viewing->pair.story();
  }
  ::close(ends[1]);
  viewing.reset();
  ::close(ends[0]);

  const auto stopped = recorder->stop();
  EXPECT_TRUE(stopped) << stopped.error().detail;
  const std::string widths =
      test::output_of("ffprobe -v error -show_frames -show_entries frame=width -of csv=p=0 '" + path + "' 2>&1");
  EXPECT_NE(widths.find("320"), std::string::npos) << widths;
  EXPECT_NE(widths.find("160"), std::string::npos) << widths;
}

TEST_F(SourceTest, PicturesOfTheApplicationAreEncoded) {
  const auto source = small_source(small_options(MediaSource::Application{.video = std::nullopt}));
  Viewing viewing(source, Codec::kVp8, loop, false);
  const std::vector<std::byte> picture(320 * 180 * 3 / 2, std::byte{128});

  std::chrono::nanoseconds shown{};
  EXPECT_TRUE(viewing.pair.board.await([&]() {  // It asks every 20 ms.
    EXPECT_TRUE(source->push_picture(picture, shown += std::chrono::milliseconds(20)));
    return viewing.frames() >= 10;
  })) << viewing.pair.story();
  EXPECT_EQ(source->push_picture({}, shown).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(source->push({.codec = Codec::kH264, .data = picture}).error().code, Errc::kInvalidArgument);
}

TEST_F(SourceTest, EncodedFramesOfTheApplicationArriveAsTheyWere) {
  // What one connection receives is what the other sends.
  const auto origin = small_source();
  const auto source = small_source(small_options(MediaSource::Application{.video = Codec::kH264}));
  Viewing viewing(source, Codec::kH264, loop, false);
  const auto relay = MediaSink::frames({.loop = loop, .on_frame = [&](const EncodedFrame& frame) {
                                          EXPECT_TRUE(frame.codec != Codec::kH264 || source->push(frame));
                                        }});
  auto first = std::make_unique<Viewing>(origin, Codec::kH264, loop, false);
  ASSERT_TRUE(first->pair.board.await([&]() { return !first->pair.viewer.tracks.empty(); }));
  first->pair.viewer.tracks.front()->attach(relay);

  EXPECT_TRUE(viewing.pair.board.await([&]() {
    // Who joined late needs a key frame, which only the application can bring about.
    if (viewing.frames() == 0) first->pair.viewer.tracks.front()->request_key_frame();
    return viewing.frames() >= 10;
  })) << viewing.pair.story();
  EXPECT_TRUE(source->stats().encoders.empty());
  EXPECT_TRUE(relay->stop());
}

TEST_F(SourceTest, OptionsThatContradictThemselvesAreRefused) {
  auto nothing = small_options();
  nothing.with_video = nothing.with_audio = false;
  auto odd = small_options();
  odd.width = 321;
  auto slow = small_options();
  slow.frames_per_second = 0;

  for (const auto& options : {nothing, odd, slow})
    EXPECT_EQ(MediaSource::create(options).error().code, Errc::kInvalidArgument);
}

TEST_F(SourceTest, TimesOutOfBoundsAreRefusedByName) {
  using namespace std::chrono_literals;
  for (const auto interval : {-1ms, 3'600'001ms}) {
    auto options = small_options();
    options.key_frame_interval = interval;
    const auto made = MediaSource::create(options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().detail, "key_frame_interval must be from 0 to 3600000 ms");
  }
  for (const auto latency : {-1ms, 10'001ms}) {
    const auto made = MediaSource::create(small_options(MediaSource::Rtsp{.url = "rtsp://h/", .latency = latency}));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().detail, "Rtsp::latency must be from 0 to 10000 ms");
  }
}

}  // namespace
}  // namespace heliograph
