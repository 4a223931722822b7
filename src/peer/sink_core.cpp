// Counts what is received, for every kind of sink.
#include "peer/sink_core.hpp"

#include <algorithm>

#include "peer/fanout.hpp"

namespace heliograph::peer {
namespace {

constexpr std::chrono::milliseconds kFreeze{500};
constexpr int kFreezeFrames = 3;

}  // namespace

void FrameCounter::on_frame(SteadyTime now, Codec codec, bool is_key, std::size_t bytes) {
  if (stats_.last_frame) {
    const std::chrono::nanoseconds gap = now - *stats_.last_frame;
    if (gap > kFreeze && gap > kFreezeFrames * usual_gap_) ++stats_.freezes;
    stats_.longest_gap = std::max(stats_.longest_gap, std::chrono::duration_cast<std::chrono::milliseconds>(gap));
    usual_gap_ = usual_gap_.count() == 0 ? gap : (usual_gap_ * 7 + gap) / 8;
  } else {
    stats_.first_frame = now;
  }
  stats_.last_frame = now;
  stats_.codec = codec;
  ++stats_.frames;
  if (is_key) ++stats_.key_frames;
  stats_.bytes += bytes;
}

SinkCore::Verdict SinkCore::take(Codec codec, GstSample* sample) {
  GstBuffer* const buffer = gst_sample_get_buffer(sample);
  FrameCounter& counter = kind_of(codec) == MediaKind::kVideo ? video_ : audio_;
  {
    const std::lock_guard lock(mutex_);
    counter.on_frame(std::chrono::steady_clock::now(), codec, is_key_frame(buffer), gst_buffer_get_size(buffer));
  }
  const Verdict verdict = consume(codec, sample);
  if (verdict == Verdict::kPass) return verdict;
  const std::lock_guard lock(mutex_);
  counter.on_drop();
  return verdict;
}

MediaSink::Stats SinkCore::stats(MediaKind kind) const {
  const std::lock_guard lock(mutex_);
  return (kind == MediaKind::kVideo ? video_ : audio_).stats();
}

}  // namespace heliograph::peer
