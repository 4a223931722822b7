// Hands every received frame to the application, on its loop, and drops what it does not keep up with.
#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

#include "peer/fanout.hpp"
#include "peer/loop_gate.hpp"
#include "peer/sink_core.hpp"

namespace heliograph::peer {
namespace {

class FrameSink final : public SinkCore {
 public:
  explicit FrameSink(MediaSink::Frames frames)
      : most_(frames.most_waiting),
        call_(std::make_shared<const Call>(std::move(frames.on_frame))),
        loop_(std::move(frames.loop)),
        gate_(make_gate(loop_, LogHandler())) {}
  ~FrameSink() override { gate_->close(); }

  Result<void> stop() override {
    gate_->close();
    return {};
  }
  void end() override { gate_->shut(); }

 protected:
  Verdict consume(Codec codec, GstSample* sample) override {
    if (!*call_) return Verdict::kPass;
    GstBuffer* const buffer = gst_sample_get_buffer(sample);
    const bool is_key = is_key_frame(buffer);
    if (kind_of(codec) == MediaKind::kVideo) {
      const Verdict verdict = video_gate_.on_frame(is_key, *waiting_ < most_);
      if (verdict != Verdict::kPass) return verdict;
    } else if (*waiting_ >= most_) {
      return Verdict::kDrop;
    }
    std::vector<std::byte> bytes(gst_buffer_get_size(buffer));
    gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
    const auto timestamp = std::chrono::nanoseconds(static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)));
    const std::chrono::nanoseconds duration(
        GST_BUFFER_DURATION_IS_VALID(buffer) ? static_cast<std::int64_t>(GST_BUFFER_DURATION(buffer)) : 0);
    ++*waiting_;
    gate_->post([call = call_, waiting = waiting_, owned = std::move(bytes), codec, timestamp, duration, is_key]() {
      --*waiting;
      (*call)(EncodedFrame{codec, owned, timestamp, duration, is_key});
    });
    return Verdict::kPass;
  }

 private:
  using Call = std::function<void(const EncodedFrame&)>;
  const std::size_t most_;
  const std::shared_ptr<const Call> call_;
  const std::shared_ptr<EventLoop> loop_;  ///< Kept for end(): the end of a loop waits for its handlers.
  const std::shared_ptr<HandlerGate> gate_;
  const std::shared_ptr<std::atomic<std::size_t>> waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
  FrameGate video_gate_;  ///< On the video track's thread only.
};

}  // namespace

std::shared_ptr<SinkCore> make_frame_sink(MediaSink::Frames frames) {
  if (frames.loop == nullptr) {
    if (auto loop = EventLoop::create()) frames.loop = *std::move(loop);
  }
  return std::make_shared<FrameSink>(std::move(frames));
}

}  // namespace heliograph::peer
