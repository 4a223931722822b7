// SourceCore: the inside of MediaSource. Runs an input and the encoders that its viewers need, and no others.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "base/handler_gate.hpp"
#include "heliograph/media_source.hpp"
#include "peer/fanout.hpp"
#include "peer/input.hpp"
#include "peer/stage.hpp"
#include "peer/worker.hpp"

namespace heliograph::peer {

/// Theory of operation. Viewers say what they take (subscribe) and leave; each time the worker compares what is wanted
/// with what runs, and starts or stops the difference (settle). Input → fan-out of raw media → encoders → fan-out per
/// codec → viewers. What arrives encoded goes to its codec's fan-out directly, and for other codecs through a decoder.
/// An encoder or decoder that fails is no matter of the input's, nor of viewers that do without it: it ends, and is
/// made anew for the next viewer that needs it.
///
/// Threads: any. Pipelines are started and stopped on the worker only, without a lock.
class SourceCore {
 public:
  static constexpr int kLeastVideoKbps = 30;
  static constexpr int kMostVideoKbps = 100'000;

  [[nodiscard]] static Result<std::shared_ptr<SourceCore>> create(MediaSource::Options options,
                                                                  MediaSource::Handlers handlers);
  ~SourceCore();
  SourceCore(const SourceCore&) = delete;
  SourceCore& operator=(const SourceCore&) = delete;

  /// Whether it can give a codec.
  [[nodiscard]] bool offers(Codec codec) const;
  void subscribe(Codec codec, std::shared_ptr<SampleTaker> taker);
  void unsubscribe(Codec codec, const SampleTaker* taker);
  void request_key_frame(Codec codec);
  /// What a viewer's way bears; the encoders follow the worst of those above the floor. Nothing of who has left.
  void set_path(const SampleTaker* viewer, int kbps);
  [[nodiscard]] const MediaSource::Options& options() const noexcept { return options_; }
  [[nodiscard]] int ceiling_kbps() const noexcept { return ceiling_kbps_; }

  [[nodiscard]] Result<void> push(const EncodedFrame& frame);
  [[nodiscard]] Result<void> push_picture(std::span<const std::byte> i420, std::chrono::nanoseconds timestamp);
  void set_video_kbps(int most);
  [[nodiscard]] MediaSource::Stats stats() const;

 private:
  /// What the input gives of one kind.
  enum class Form : std::uint8_t { kUnknown, kRaw, kH264, kVp8, kOpus };

  /// An encoder by its codec; empty: the decoder.
  using StageKey = std::optional<Codec>;
  static constexpr StageKey kDecoder{};

  SourceCore(MediaSource::Options options, MediaSource::Handlers handlers);
  [[nodiscard]] Fanout& out(Codec codec) { return encoded_[static_cast<std::size_t>(codec)]; }
  [[nodiscard]] bool is_wanted() const;
  [[nodiscard]] bool is_wanted(Codec codec) const;
  [[nodiscard]] bool needs_encoder(Codec codec) const;
  [[nodiscard]] std::shared_ptr<Stage> encoder(Codec codec) const;
  void settle();
  void settle_encoder(Codec codec);
  void settle_decoder();
  /// What a stage that is about to be made calls when it fails.
  [[nodiscard]] std::function<void(const Error&)> failure_of(StageKey key);
  /// On the worker.
  void fail_stage(StageKey key, const Error& error);
  void settle_input();
  void follow_rates();
  void on_input(MediaKind kind, GstSample* sample);
  void on_failure(const Error& error);
  void tell(const Error& error);
  /// On the worker.
  void fail(Error error);
  void watch_silence();
  [[nodiscard]] GstClockTime stamp(std::chrono::nanoseconds timestamp);

  const MediaSource::Options options_;
  const std::shared_ptr<const MediaSource::Handlers> handlers_;
  const std::shared_ptr<HandlerGate> gate_;
  std::atomic<int> ceiling_kbps_;
  std::atomic<int> target_kbps_;
  std::atomic<Form> video_form_{Form::kUnknown};
  std::atomic<Form> audio_form_{Form::kUnknown};
  std::atomic<bool> has_given_{false};  ///< Since the last failure.

  Fanout raw_video_;
  Fanout raw_audio_;
  Fanout coded_video_;  ///< To the decoder.
  Fanout encoded_[3];   ///< By Codec.

  mutable std::mutex mutex_;  ///< For what follows; held for a lookup.
  std::map<const SampleTaker*, int> paths_;
  std::map<Codec, std::shared_ptr<Stage>> encoders_;
  std::optional<GstClockTimeDiff> push_offset_;
  bool is_running_ = false;

  // The worker's own.
  std::shared_ptr<Stage> decoder_;
  std::set<StageKey> failed_;  ///< And are not made again before the next viewer that needs them comes.
  std::uint64_t stages_made_ = 0;
  std::map<StageKey, std::uint64_t> numbers_;  ///< The latest of each: what one before it says late is of no matter.
  std::unique_ptr<Input> input_;
  bool has_failed_ = false;  ///< And is not tried again before all viewers have left.
  int failures_ = 0;         ///< In a row.
  bool is_watched_ = false;  ///< For silence.
  Worker worker_;
};

}  // namespace heliograph::peer
