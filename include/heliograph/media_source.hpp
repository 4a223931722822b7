// MediaSource: where the pictures and sound that are sent come from. Encoded once, for however many viewers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "heliograph/event_loop.hpp"
#include "heliograph/export.hpp"
#include "heliograph/media.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"

namespace heliograph {

namespace peer {
class SourceCore;
}

/// One camera, file, or the like. It runs, and holds its device, from the first viewer that needs it until the last has
/// gone; each codec's encoder likewise. A source that is H.264 already is sent as it is to viewers that take H.264.
///
/// Lifetime: shared; peer connections keep theirs. The destructor waits until the device is free (milliseconds).
/// Threads:  any method from any thread; handlers run on the loop, none after the destructor has returned.
class HELIOGRAPH_API MediaSource {
 public:
  /// Colour bars with a running clock burned in, and a tone that beeps once a second.
  struct TestPattern {
    bool with_clock = true;  ///< Milliseconds of the day (UTC) as digits, and as a row of bits that programs can read.
    bool with_tone = true;   ///< Else it has no sound.
  };
  /// A V4L2 camera.
  struct Camera {
    std::string device = "/dev/video0";  ///< Opened with the first viewer.
    std::string microphone{};            ///< ALSA device, such as "default" or "hw:1"; empty: no sound.
  };
  /// A network camera. H.264 is passed through.
  struct Rtsp {
    std::string url{};                       ///< "rtsp://host/path"; errors name its host alone.
    std::string username{};                  ///< Empty: that of the URL, if any.
    Secret password{};                       ///< Of that user.
    bool over_tcp = true;                    ///< Interleaved in the RTSP connection; else by UDP.
    std::chrono::milliseconds latency{100};  ///< How long packets may be late; 0 to 10 s.
  };
  /// A file that GStreamer can read (MP4, Matroska, Ogg…), played at its own pace. H.264 is passed through.
  struct File {
    std::string path{};  ///< Opened with the first viewer.
    bool loop = true;    ///< Else the source ends with it (`on_end`).
  };
  /// H.264 in Annex-B form, read from a descriptor (0: standard input) as it comes. The descriptor is not closed.
  struct H264Stream {
    int descriptor = 0;  ///< Must stay open as long as the source.
  };
  /// What the application pushes.
  struct Application {
    /// kH264 or kVp8: frames that are encoded, by push(). Empty: I420 pictures by push_picture().
    std::optional<Codec> video = Codec::kH264;
    bool with_opus = false;  ///< Whether push() also brings Opus packets (48 kHz).
  };
  /// Where pictures and sound come from.
  using Input = std::variant<TestPattern, Camera, Rtsp, File, H264Stream, Application>;

  /// Of create(). Outside the bounds it fails with kInvalidArgument.
  struct Options {
    Input input = TestPattern{};  ///< Where it comes from.
    /// Pixels, of what is encoded here; what is passed through keeps its own. Even, from 16 to 7680 × 4320.
    /// @{
    int width = 1280;
    int height = 720;
    /// @}
    int frames_per_second = 30;  ///< Likewise; 1 to 120.
    int video_kbps = 1500;       ///< At most; 30 to 100,000.
    int audio_kbps = 48;         ///< 6 to 510.
    /// The bitrate follows the worst viewer down to here; one that takes less still gets fewer frames.
    int lowest_video_kbps = 150;
    /// What of the input is sent. At least one.
    /// @{
    bool with_video = true;
    bool with_audio = true;
    /// @}
    /// At most, between two key frames of an encoder; 0 (each picture is one) to 1 hour.
    std::chrono::milliseconds key_frame_interval{4000};
    /// Where handlers run. Empty: a loop of its own when there are handlers.
    std::shared_ptr<EventLoop> loop{};
    LogHandler log{};  ///< Takes what there is to say beside results. Empty: nothing is said.
  };

  /// Any may be empty.
  struct Handlers {
    /// The source cannot go on: no such device, no such file, the camera hung up. It is tried anew with the next viewer
    /// that comes after the last has gone; an RTSP source also by itself, with growing pauses. One that has no
    /// pictures, but sound, says so here and goes on. So does one with an encoder or decoder that failed: its viewers
    /// see nothing, those of other codecs go on, and it is made anew with the next viewer that needs it.
    /// Stats::is_running says which of the two it is.
    std::function<void(const Error&)> on_error{};
    std::function<void()> on_end{};  ///< A file that is not looped, or a stream, has ended.
    /// An encoded application source should make a key frame soon.
    std::function<void()> on_key_frame_request{};
    /// An encoded application source should keep to this from now on.
    std::function<void(int video_kbps)> on_bitrate{};
  };

  /// How it is doing.
  struct Stats {
    std::size_t viewers = 0;         ///< Peer connections that are being sent something.
    bool is_running = false;         ///< Whether the device is in use.
    std::vector<Codec> encoders{};   ///< Those at work. What is passed through has none.
    int target_video_kbps = 0;       ///< What encoders are asked for at present.
    std::uint64_t video_frames = 0;  ///< Encoded, or passed through, since it was made.
    std::uint64_t key_frames = 0;    ///< Of those.
  };

  /// Fails with kInvalidArgument when the options contradict each other, and with kServiceUnavailable when GStreamer
  /// lacks a plugin; the detail names the Debian package. Devices, files and URLs are opened with the first viewer.
  /// @{
  [[nodiscard]] static Result<std::shared_ptr<MediaSource>> create(Options options, Handlers handlers);
  [[nodiscard]] static Result<std::shared_ptr<MediaSource>> create(Options options) {
    return create(std::move(options), Handlers{});
  }
  /// @}
  ~MediaSource();
  MediaSource(const MediaSource&) = delete;
  MediaSource& operator=(const MediaSource&) = delete;

  /// Sends a frame to all viewers; the bytes are copied. While nobody watches it does nothing. Fails with
  /// kInvalidArgument when the source is no application source or has no such codec.
  [[nodiscard]] Result<void> push(const EncodedFrame& frame);
  /// The same for a picture of `width` × `height`: planes Y, U, V without padding. When encoders are busy the oldest
  /// picture that waits is dropped.
  [[nodiscard]] Result<void> push_picture(std::span<const std::byte> i420, std::chrono::nanoseconds timestamp);

  /// Changes the most that encoders spend; what is outside 30 to 100,000 becomes the nearest of them.
  void set_video_kbps(int most);
  /// Of now.
  [[nodiscard]] Stats stats() const;

  /// For the library's own parts.
  [[nodiscard]] const std::shared_ptr<peer::SourceCore>& core() const noexcept { return core_; }

 private:
  explicit MediaSource(std::shared_ptr<peer::SourceCore> core);
  std::shared_ptr<peer::SourceCore> core_;
};

}  // namespace heliograph
