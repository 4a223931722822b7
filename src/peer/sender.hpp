// Sender: the way of one codec's frames to one viewer: a short queue, the packetizer, and webrtcbin's pad.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "heliograph/peer_stats.hpp"
#include "peer/codec_choice.hpp"
#include "peer/fanout.hpp"
#include "peer/frame_gate.hpp"
#include "peer/gst_ptr.hpp"
#include "peer/path_meter.hpp"
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

  /// Takes the latest figures of what the other side said about the track; does nothing where it sends feedback of each
  /// packet.
  void on_rare_report(const TrackStats& track, std::optional<std::chrono::microseconds> round_trip);
  [[nodiscard]] Codec codec() const noexcept { return format_.codec; }
  [[nodiscard]] int payload_type() const noexcept { return format_.payload_type; }
  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint64_t frames() const;
  [[nodiscard]] std::uint64_t frames_dropped() const;
  [[nodiscard]] int target_kbps() const;

 private:
  Sender(Format format, std::shared_ptr<SourceCore> source);
  void on_feedback(const std::vector<PacketReport>& packets);
  /// Tells the source what the way bears.
  void follow(PathReport report);
  static GstPadProbeReturn on_upstream(GstPad* pad, GstPadProbeInfo* info, gpointer sender);

  const Format format_;
  const std::shared_ptr<SourceCore> source_;
  GstPtr<GstElement> queue_;  ///< The appsrc.
  std::uint32_t ssrc_ = 0;
  std::atomic<bool> is_subscribed_{false};
  mutable std::mutex mutex_;
  FrameGate gate_;
  struct RareReport {
    std::int64_t packets_lost = 0;
    std::chrono::microseconds jitter{};
    std::optional<std::chrono::microseconds> round_trip{};
    bool operator==(const RareReport&) const = default;
  };
  PathMeter meter_;
  ExcessDelay round_trip_;
  RareReport told_before_;
  RateController controller_;
  bool is_thin_ = false;  ///< Only key frames, because the way bears less than the least the encoder makes.
  std::uint64_t dropped_before_ = 0;
};

}  // namespace heliograph::peer
