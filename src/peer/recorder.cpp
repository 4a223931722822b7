// Records received frames to Matroska as they are.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <vector>

#include "peer/fanout.hpp"
#include "peer/gst_world.hpp"
#include "peer/loop_gate.hpp"
#include "peer/sink_core.hpp"
#include "peer/stage.hpp"

namespace heliograph::peer {
namespace {

constexpr std::size_t kMostWaiting = 2000;  // Frames before the recording begins; about half a minute.
constexpr guint64 kMostQueuedBytes = guint64{64} << 20U;
constexpr std::chrono::seconds kMostToFinish{2};

struct Waiting {
  Codec codec;
  GstPtr<GstSample> sample;
};

/// A Matroska track has one header, so the muxer refuses another, which browsers make necessary: they change the size
/// of their picture to what the way bears. Decoders find what they need in front of the key frame that begins the new
/// size.
GstPadProbeReturn keep_first_caps(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  const bool is_another =
      GST_EVENT_TYPE(gst_pad_probe_info_get_event(info)) == GST_EVENT_CAPS && gst_pad_has_current_caps(pad) == TRUE;
  return is_another ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/// Theory of operation. A Matroska file names its tracks first. So frames wait until every expected kind has begun
/// (video with a key frame) or patience has run out; then the muxer is made with the tracks there are, and zero is the
/// first frame kept. Kinds that come later are not in the file.
class Recorder final : public SinkCore {
 public:
  explicit Recorder(MediaSink::Recording recording)
      : recording_(std::move(recording)), gate_(make_gate(recording_.loop, LogHandler())) {}
  ~Recorder() override {
    gate_->close();
    static_cast<void>(finish());
  }
  Result<void> stop() override {
    gate_->close();
    return finish();
  }

 protected:
  Verdict consume(Codec codec, GstSample* sample) override {
    const std::lock_guard lock(mutex_);
    if (has_ended_) return Verdict::kDrop;
    if (pipeline_ != nullptr) return write(codec, sample);
    const bool is_video = kind_of(codec) == MediaKind::kVideo;
    if (is_video && !begun_.contains(codec) && !is_key_frame(gst_sample_get_buffer(sample)))
      return Verdict::kDropAndAsk;
    if (waiting_.empty()) first_at_ = std::chrono::steady_clock::now();
    begun_[codec] = true;
    waiting_.push_back({codec, GstPtr<GstSample>(gst_sample_ref(sample))});
    const bool is_late = std::chrono::steady_clock::now() - first_at_ > recording_.patience;
    if (is_complete() || is_late || waiting_.size() >= kMostWaiting) begin();
    return Verdict::kPass;
  }

 private:
  struct Track {
    GstPtr<GstElement> queue;
    FrameGate gate;
  };

  [[nodiscard]] bool is_complete() const {
    const bool has_video = begun_.contains(Codec::kH264) || begun_.contains(Codec::kVp8);
    return (has_video || !recording_.expect_video) && (begun_.contains(Codec::kOpus) || !recording_.expect_audio);
  }

  void begin() {
    pipeline_ = make_pipeline("recorder");
    GstElement* const muxer = make_element("matroskamux");
    GstElement* const file = make_element("filesink");
    g_object_set(muxer, "writing-app", "Heliograph", nullptr);
    g_object_set(file, "location", recording_.path.c_str(), "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add_many(GST_BIN_CAST(pipeline_.get()), muxer, file, nullptr);
    gst_element_link(muxer, file);
    zero_ = GST_CLOCK_TIME_NONE;
    for (const auto& [codec, begun] : begun_) add_track(codec, muxer);
    // Sound from before the first picture would be a black beginning.
    for (const Waiting& one : waiting_)
      if (kind_of(one.codec) == MediaKind::kVideo || begun_.size() == 1) {
        zero_ = GST_BUFFER_PTS(gst_sample_get_buffer(one.sample.get()));
        break;
      }
    watch_bus(pipeline_.get(), {.on_error = [this](const Error& error) { on_end(error); },
                                .on_end = [this]() { on_end(std::nullopt); }});
    gst_element_set_state(GST_ELEMENT_CAST(pipeline_.get()), GST_STATE_PLAYING);
    std::deque<Waiting> waiting;
    waiting.swap(waiting_);
    for (const Waiting& one : waiting) write(one.codec, one.sample.get());
  }

  void add_track(Codec codec, GstElement* muxer) {
    GstElement* const queue = make_appsrc(nullptr, 0, false);
    g_object_set(queue, "is-live", FALSE, "max-bytes", kMostQueuedBytes, nullptr);
    const char* const parser = codec == Codec::kH264 ? "h264parse" : codec == Codec::kOpus ? "opusparse" : "identity";
    GstElement* const parse = make_element(parser);
    if (codec == Codec::kH264) g_object_set(parse, "config-interval", -1, nullptr);
    gst_bin_add_many(GST_BIN_CAST(pipeline_.get()), queue, parse, nullptr);
    gst_element_link_many(queue, parse, muxer, nullptr);
    const GstPtr<GstPad> out(gst_element_get_static_pad(parse, "src"));
    const GstPtr<GstPad> in(gst_pad_get_peer(out.get()));
    gst_pad_add_probe(in.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, keep_first_caps, nullptr, nullptr);
    tracks_[codec].queue = share(queue);
  }

  Verdict write(Codec codec, GstSample* sample) {
    const auto found = tracks_.find(codec);
    GstBuffer* const buffer = gst_sample_get_buffer(sample);
    if (has_failed_ || found == tracks_.end() || GST_BUFFER_PTS(buffer) < zero_) return Verdict::kDrop;
    Track& track = found->second;
    auto* const queue = GST_APP_SRC_CAST(track.queue.get());
    const bool has_room = get_number<guint64>(queue, "current-level-bytes") < kMostQueuedBytes;
    const bool is_key = kind_of(codec) == MediaKind::kAudio || is_key_frame(buffer);
    const Verdict verdict = track.gate.on_frame(is_key, has_room);
    if (verdict != Verdict::kPass) return verdict;
    if (track.gate.passed() == 1) gst_app_src_set_caps(queue, gst_sample_get_caps(sample));
    GstBuffer* const moved = gst_buffer_copy(buffer);
    GST_BUFFER_PTS(moved) -= zero_;
    return gst_app_src_push_buffer(queue, moved) == GST_FLOW_OK ? Verdict::kPass : Verdict::kDrop;
  }

  void on_end(std::optional<Error> error) {
    if (error && !has_failed_.exchange(true) && recording_.on_error)
      gate_->post([call = recording_.on_error, told = Error{error->code, recording_.path + ": " + error->detail}]() {
        call(told);
      });
    const std::lock_guard lock(end_mutex_);
    is_written_ = true;
    if (error && !failure_) failure_ = std::move(error);
    written_.notify_all();
  }

  Result<void> finish() {
    const std::lock_guard turns(finish_mutex_);
    {
      const std::lock_guard lock(mutex_);
      if (has_ended_) return outcome();
      if (pipeline_ == nullptr && !waiting_.empty()) begin();
      has_ended_ = true;
    }
    if (pipeline_ == nullptr) {
      const std::lock_guard lock(end_mutex_);
      failure_ =
          Error{Errc::kTimeout, "nothing was recorded to " + recording_.path + ": no key frame and no sound came"};
    } else {
      for (const auto& [codec, track] : tracks_) gst_app_src_end_of_stream(GST_APP_SRC_CAST(track.queue.get()));
      std::unique_lock lock(end_mutex_);
      if (!written_.wait_for(lock, kMostToFinish, [this]() { return is_written_; }))
        failure_ = Error{Errc::kIo, "the recording " + recording_.path + " was not complete after two seconds"};
      lock.unlock();
      stop_pipeline(pipeline_.get());
      tracks_.clear();
      pipeline_.reset();
    }
    return outcome();
  }

  Result<void> outcome() {
    const std::lock_guard lock(end_mutex_);
    return failure_ ? Result<void>(*failure_) : Result<void>();
  }

  const MediaSink::Recording recording_;
  const std::shared_ptr<HandlerGate> gate_;
  std::atomic<bool> has_failed_{false};
  std::mutex finish_mutex_;  ///< Held while the file is completed, so that who stops it too waits.
  std::mutex mutex_;         ///< For what follows, until it has ended.
  bool has_ended_ = false;
  std::map<Codec, bool> begun_;
  std::deque<Waiting> waiting_;
  SteadyTime first_at_{};
  GstPtr<GstPipeline> pipeline_;
  std::map<Codec, Track> tracks_;
  GstClockTime zero_ = 0;

  std::mutex end_mutex_;  ///< For what follows.
  std::condition_variable written_;
  bool is_written_ = false;
  std::optional<Error> failure_;
};

}  // namespace

Result<std::shared_ptr<SinkCore>> make_recorder(MediaSink::Recording recording) {
  if (auto started = start_gstreamer(); !started) return started.error();
  if (auto found = need_elements({"matroskamux", "filesink", "h264parse", "opusparse"}); !found) return found.error();
  if (!recording.expect_video && !recording.expect_audio)
    return Error{Errc::kInvalidArgument, "a recording that expects neither video nor audio never begins"};
  FILE* const file = std::fopen(recording.path.c_str(), "wbe");
  if (file == nullptr) return Error{Errc::kIo, "cannot write to \"" + recording.path + "\""};
  std::fclose(file);
  if (recording.loop == nullptr && recording.on_error) {
    auto loop = EventLoop::create();
    if (!loop) return loop.error();
    recording.loop = *std::move(loop);
  }
  return std::shared_ptr<SinkCore>(std::make_shared<Recorder>(std::move(recording)));
}

}  // namespace heliograph::peer
