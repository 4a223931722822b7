// SinkCore: the inside of MediaSink: what every sink counts, and the seam between a track and what becomes of its
// frames.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "heliograph/media_sink.hpp"
#include "peer/frame_gate.hpp"

namespace heliograph::peer {

/// Counts frames of one kind, and the gaps between them. Pure.
class FrameCounter {
 public:
  void on_frame(SteadyTime now, Codec codec, bool is_key, std::size_t bytes);
  void on_drop() { ++stats_.dropped; }
  [[nodiscard]] const MediaSink::Stats& stats() const noexcept { return stats_; }

 private:
  MediaSink::Stats stats_;
  std::chrono::nanoseconds usual_gap_{};  ///< A sliding mean.
};

/// Threads: take() on GStreamer's threads, one at a time per kind; the rest any.
class SinkCore {
 public:
  SinkCore() = default;
  SinkCore(const SinkCore&) = delete;
  SinkCore& operator=(const SinkCore&) = delete;
  virtual ~SinkCore() = default;

  using Verdict = FrameGate::Verdict;

  /// Counts the frame and passes it on; gives what became of it. Its buffer's timestamp is the running time that all
  /// pipelines share.
  Verdict take(Codec codec, GstSample* sample);
  /// See MediaSink::stop(). Never under a lock.
  virtual Result<void> stop() { return {}; }
  /// The same, on a thread that a handler may be waiting for: so it waits for no handler.
  virtual void end() { static_cast<void>(stop()); }
  [[nodiscard]] MediaSink::Stats stats(MediaKind kind) const;

 protected:
  /// Must not wait for long.
  virtual Verdict consume(Codec, GstSample*) { return Verdict::kPass; }

 private:
  mutable std::mutex mutex_;
  FrameCounter video_;
  FrameCounter audio_;
};

[[nodiscard]] Result<std::shared_ptr<SinkCore>> make_recorder(MediaSink::Recording recording);
[[nodiscard]] Result<std::shared_ptr<SinkCore>> make_window(MediaSink::Window window);
[[nodiscard]] std::shared_ptr<SinkCore> make_frame_sink(MediaSink::Frames frames);

}  // namespace heliograph::peer
