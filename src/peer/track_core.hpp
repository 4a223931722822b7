// TrackCore: the inside of MediaTrack: what webrtcbin receives, as whole frames, to sinks.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <mutex>
#include <vector>

#include "heliograph/media.hpp"
#include "heliograph/media_sink.hpp"
#include "peer/frame_gate.hpp"
#include "peer/gst_ptr.hpp"

namespace heliograph::peer {

/// Threads: any; frames come on GStreamer's.
class TrackCore : public std::enable_shared_from_this<TrackCore> {
 public:
  /// Links a new pad of webrtcbin's; called on its thread. Null for a codec that is none of ours: then the packets go
  /// nowhere.
  [[nodiscard]] static std::shared_ptr<TrackCore> follow(GstBin* pipeline, GstPad* pad,
                                                         std::shared_ptr<MediaSink> sink);

  [[nodiscard]] Codec codec() const noexcept { return codec_; }
  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint64_t frames() const;
  void attach(std::shared_ptr<MediaSink> sink);
  void request_key_frame();
  /// Nothing more comes; lets the sinks go.
  void end();

 private:
  struct Attached {
    std::shared_ptr<MediaSink> sink;
    bool waits_for_key = false;
  };

  TrackCore(Codec codec, std::uint32_t ssrc) : codec_(codec), ssrc_(ssrc) {}
  void on_sample(GstSample* sample);
  [[nodiscard]] bool may_ask(bool is_wanted);

  const Codec codec_;
  const std::uint32_t ssrc_;
  mutable std::mutex mutex_;  ///< For what follows; not held while a sink takes a frame.
  GstPtr<GstPad> pad_;        ///< Where key frames are asked for.
  std::vector<Attached> sinks_;
  KeyFrameLimiter limiter_{std::chrono::milliseconds(500)};  ///< Of what sinks ask for.
  std::uint64_t frames_ = 0;
  bool has_ended_ = false;
};

}  // namespace heliograph::peer
