// Sender: the way of one codec's frames to one viewer: a short queue, the packetizer, and webrtcbin's pad.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "peer/codec_choice.hpp"
#include "peer/fanout.hpp"
#include "peer/frame_gate.hpp"
#include "peer/gst_ptr.hpp"
#include "peer/rate_controller.hpp"
#include "peer/source_core.hpp"

namespace heliograph::peer {

/// Threads: any. Made by a PeerCore, which removes it before its pipeline stops.
class Sender final : public SampleTaker, public std::enable_shared_from_this<Sender> {
 public:
  /// Puts the elements before the pad into the pipeline and tells the pad what will come.
  [[nodiscard]] static Result<std::shared_ptr<Sender>> create(GstPipeline* pipeline, GstPad* pad, const Format& format,
                                                              std::shared_ptr<SourceCore> source);

  /// Once what is sent arrives: frames begin, with a key frame. Again: does nothing.
  void start();
  /// No frames any more. Must come before the end, or the source keeps this.
  void stop();
  void on_sample(GstSample* sample) override;

  /// Takes what the other side reported; tells the source what its way bears. Video only.
  void on_report(PathReport report);
  [[nodiscard]] Codec codec() const noexcept { return format_.codec; }
  [[nodiscard]] int payload_type() const noexcept { return format_.payload_type; }
  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint64_t frames() const;
  [[nodiscard]] std::uint64_t frames_dropped() const;
  [[nodiscard]] int target_kbps() const;

 private:
  Sender(Format format, std::shared_ptr<SourceCore> source);
  static GstPadProbeReturn on_upstream(GstPad* pad, GstPadProbeInfo* info, gpointer sender);

  const Format format_;
  const std::shared_ptr<SourceCore> source_;
  GstPtr<GstElement> queue_;  ///< The appsrc.
  std::uint32_t ssrc_ = 0;
  std::atomic<bool> is_subscribed_{false};
  mutable std::mutex mutex_;
  FrameGate gate_;
  RateController controller_;
  bool is_thin_ = false;  ///< Only key frames, because the way bears less than the least the encoder makes.
  std::uint64_t dropped_before_ = 0;
};

}  // namespace heliograph::peer
