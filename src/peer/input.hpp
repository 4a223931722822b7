// Input: the pipeline that reads a camera, a file and so on. What it gives is I420 of the size asked for, 48 kHz sound,
// or what was encoded already in a form that can be sent.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "heliograph/media_source.hpp"
#include "peer/gst_ptr.hpp"

namespace heliograph::peer {

class Input {
 public:
  struct Events {
    std::function<void(MediaKind, GstSample*)> on_sample{};  ///< On GStreamer's threads.
    std::function<void(const Error&)> on_error{};            ///< Likewise, once: it cannot go on.
    std::function<void(const Error&)> on_lack{};  ///< Likewise: it goes on, but not with all that was wished.
    std::function<void()> on_end{};               ///< Likewise.
  };

  /// Starts. Fails with kServiceUnavailable when a plugin is absent, kIo when it does not start.
  [[nodiscard]] static Result<std::unique_ptr<Input>> start(const MediaSource::Options& options, Events events);
  /// Whether GStreamer has what the input needs.
  [[nodiscard]] static Result<void> check(const MediaSource::Options& options);
  /// Since the last sample, or the start.
  [[nodiscard]] std::chrono::steady_clock::duration silence() const;
  /// Stops, and waits until its threads have ended.
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  explicit Input(Events events) : events_(std::move(events)) {}
  void follow_bus(const MediaSource::Options& options);
  void fail(const Error& error);
  Result<void> build(const MediaSource::Options& options);
  Result<void> build_test(const MediaSource::TestPattern& input, const MediaSource::Options& options);
  Result<void> build_camera(const MediaSource::Camera& input, const MediaSource::Options& options);
  void build_rtsp(const MediaSource::Rtsp& input);
  void check_streams(const MediaSource::Rtsp& input);
  void check_streams(const MediaSource::File& input);
  void build_file(const MediaSource::File& input);
  Result<void> build_stream(const MediaSource::H264Stream& input);
  Result<GstElement*> add_branch(Result<GstElement*> made, bool has_source, MediaKind kind, bool paced);
  void follow_pads(GstElement* element, bool paced);
  void on_pad(GstPad* pad, bool paced);
  void rewind();

  Events events_;
  std::mutex mutex_;  ///< For what follows; held for a moment.
  bool is_starting_ = true;
  std::optional<Error> failure_;  ///< The first counts: those that follow are of its consequences.
  std::atomic<std::chrono::steady_clock::time_point> last_sample_{std::chrono::steady_clock::now()};
  GstPtr<GstPipeline> pipeline_;
  std::string raw_video_;
  bool has_video_ = false;  ///< A branch of the kind, or a wish for none.
  bool has_audio_ = false;
  bool has_branch_ = false;

  /// Rewinding happens on another thread, which may come to it late.
  struct Life {
    std::mutex mutex;  ///< Held while it is rewound.
    bool has_ended = false;
  };
  std::shared_ptr<Life> life_ = std::make_shared<Life>();
};

/// What the text stands for in GStreamer's caps of raw media.
[[nodiscard]] std::string raw_video_caps(const MediaSource::Options& options);
inline constexpr const char* kRawAudioCaps = "audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved";

}  // namespace heliograph::peer
