// The part of SourceCore that takes an application's frames and pictures.
#include <algorithm>
#include <array>
#include <string>

#include "peer/gst_world.hpp"
#include "peer/source_core.hpp"

namespace heliograph::peer {

GstClockTime SourceCore::stamp(std::chrono::nanoseconds timestamp) {
  const std::lock_guard lock(mutex_);
  const auto now = static_cast<GstClockTimeDiff>(now_in_pipelines());
  const GstClockTimeDiff shown = timestamp.count() + push_offset_.value_or(now - timestamp.count());
  // A clock of the application's that jumps would end the viewers' jitter buffers; before zero there is no time at all.
  const bool has_jumped = shown < 0 || shown < now - 5 * static_cast<GstClockTimeDiff>(GST_SECOND) ||
                          shown > now + 5 * static_cast<GstClockTimeDiff>(GST_SECOND);
  if (!push_offset_ || has_jumped) push_offset_ = now - timestamp.count();
  return static_cast<GstClockTime>(timestamp.count() + *push_offset_);
}

Result<void> SourceCore::push(const EncodedFrame& frame) {
  const auto* const application = std::get_if<MediaSource::Application>(&options_.input);
  const bool fits = application != nullptr &&
                    (frame.codec == Codec::kOpus ? application->with_opus : application->video == frame.codec);
  if (!fits || frame.data.empty())
    return Error{Errc::kInvalidArgument, "this source takes no frames of " + std::string(to_string(frame.codec))};
  if (!is_wanted()) return {};
  const char* const text = frame.codec == Codec::kH264  ? "video/x-h264,stream-format=byte-stream,alignment=au"
                           : frame.codec == Codec::kVp8 ? "video/x-vp8"
                                                        : "audio/x-opus,channel-mapping-family=0,channels=2,rate=48000";
  const GstPtr<GstCaps> caps(gst_caps_from_string(text));
  const GstPtr<GstBuffer> buffer(gst_buffer_new_memdup(frame.data.data(), frame.data.size()));
  GST_BUFFER_PTS(buffer.get()) = stamp(frame.timestamp);
  if (frame.duration.count() > 0) GST_BUFFER_DURATION(buffer.get()) = static_cast<GstClockTime>(frame.duration.count());
  if (!frame.is_key && frame.codec != Codec::kOpus) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT);
  const GstPtr<GstSample> sample(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
  on_input(kind_of(frame.codec), sample.get());
  return {};
}

Result<void> SourceCore::push_picture(std::span<const std::byte> i420, std::chrono::nanoseconds timestamp) {
  const auto* const application = std::get_if<MediaSource::Application>(&options_.input);
  if (application == nullptr || application->video)
    return Error{Errc::kInvalidArgument, "this source takes no pictures: give Application an empty video codec"};
  const auto luma = static_cast<std::size_t>(options_.width) * static_cast<std::size_t>(options_.height);
  if (i420.size() != luma + luma / 2 || options_.width % 8 != 0)
    return Error{Errc::kInvalidArgument,
                 "a picture must have width * height * 3 / 2 bytes, and a width of 8 times something"};
  if (raw_video_.size() == 0) return {};
  const GstPtr<GstCaps> caps(gst_caps_from_string(raw_video_caps(options_).c_str()));
  const GstPtr<GstBuffer> buffer(gst_buffer_new_memdup(i420.data(), i420.size()));
  GST_BUFFER_PTS(buffer.get()) = stamp(timestamp);
  const GstPtr<GstSample> sample(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
  on_input(MediaKind::kVideo, sample.get());
  return {};
}

}  // namespace heliograph::peer
