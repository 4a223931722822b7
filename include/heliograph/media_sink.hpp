// MediaSink: where received pictures and sound go: into a file, to a window, to the application, or nowhere but
// counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "heliograph/event_loop.hpp"
#include "heliograph/export.hpp"
#include "heliograph/media.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

namespace peer {
class SinkCore;
}

/// Takes the tracks of one peer connection. Give it in PeerConnection::Config and nothing is missed, or attach it to a
/// MediaTrack later.
///
/// Lifetime: shared; a connection keeps its sink until it is closed. The destructor stops.
/// Threads:  any method from any thread; handlers run on the loop, none after stop() or the destructor has returned.
class HELIOGRAPH_API MediaSink {
 public:
  /// Of record().
  struct Recording {
    std::string path{};  ///< A Matroska file; replaced if there is one.
    /// The recording starts when each of them has sent its first (key) frame, or with what there is after `patience`.
    /// @{
    bool expect_video = true;
    bool expect_audio = true;
    /// @}
    std::chrono::milliseconds patience{3000};  ///< From the first frame of any track.
    /// Where the handler runs. Empty: a loop of its own when there is one.
    std::shared_ptr<EventLoop> loop{};
    /// The file cannot be written any more, because the disk is full, say: what comes from now on is dropped. Once.
    std::function<void(const Error&)> on_error{};
  };
  /// Of frames().
  struct Frames {
    std::shared_ptr<EventLoop> loop{};  ///< Where `on_frame` runs. Empty: one of its own.
    /// Takes frames of all tracks, each track's in order. The bytes live for the call. Empty: frames are counted only.
    std::function<void(const EncodedFrame&)> on_frame{};
    /// Frames that wait for the handler at most; beyond, video is dropped up to the next key frame.
    std::size_t most_waiting = 64;
  };
  /// Of window().
  struct Window {
    bool with_video = true;  ///< Else pictures are not shown, only counted.
    bool with_audio = true;  ///< Else sound is not played, only counted.
    /// Where the handler runs. Empty: a loop of its own when there is one.
    std::shared_ptr<EventLoop> loop{};
    /// Nothing is shown any more, by kClosed because the user has closed the window. Sound goes on until stop().
    std::function<void(const Error& why)> on_close{};
  };

  /// Of one kind of media.
  struct Stats {
    std::optional<Codec> codec{};  ///< Empty: nothing has come.
    std::uint64_t frames = 0;      ///< That came, dropped ones included.
    std::uint64_t key_frames = 0;  ///< Of them; every one of sound.
    std::uint64_t bytes = 0;       ///< Of the encoded frames, without RTP.
    std::uint64_t dropped = 0;     ///< Came, but the file, window or handler did not keep up.
    /// When they came; empty: none has.
    /// @{
    std::optional<std::chrono::steady_clock::time_point> first_frame{};
    std::optional<std::chrono::steady_clock::time_point> last_frame{};
    /// @}
    std::chrono::milliseconds longest_gap{};  ///< Between two frames.
    std::uint64_t freezes = 0;                ///< Gaps of more than 500 ms and of more than three frames.
  };

  /// Records without encoding again. Fails with kIo when the file cannot be made. The file is complete after stop(), or
  /// when every track has ended or its connection was closed.
  [[nodiscard]] static Result<std::shared_ptr<MediaSink>> record(Recording recording);
  /// Counts.
  [[nodiscard]] static std::shared_ptr<MediaSink> headless();
  /// Shows and plays by what the desktop has. Fails with kServiceUnavailable when a plugin is absent, and when there is
  /// no display; without a sound device it is silent. The window closes with stop(), or its connection.
  [[nodiscard]] static Result<std::shared_ptr<MediaSink>> window(Window window);
  /// Hands every frame to the application.
  [[nodiscard]] static std::shared_ptr<MediaSink> frames(Frames frames);
  ~MediaSink();
  MediaSink(const MediaSink&) = delete;
  MediaSink& operator=(const MediaSink&) = delete;

  /// Takes nothing more, and completes the file (a few milliseconds; at most two seconds on a slow disk). Fails with
  /// kIo when the recording is not complete, and with kTimeout when nothing came that could be recorded. Again: the
  /// same answer.
  [[nodiscard]] Result<void> stop();
  /// Of what came so far; also after stop().
  [[nodiscard]] Stats stats(MediaKind kind) const;

  /// For the library's own parts.
  [[nodiscard]] const std::shared_ptr<peer::SinkCore>& core() const noexcept { return core_; }

 private:
  explicit MediaSink(std::shared_ptr<peer::SinkCore> core);
  std::shared_ptr<peer::SinkCore> core_;
};

}  // namespace heliograph
