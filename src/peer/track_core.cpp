// webrtcbin's pad → depacketizer → appsink, and who takes what comes out.
#include "peer/track_core.hpp"

#include <gst/video/video.h>

#include <optional>
#include <string_view>
#include <utility>

#include "peer/fanout.hpp"
#include "peer/gst_world.hpp"
#include "peer/sink_core.hpp"
#include "peer/stage.hpp"

namespace heliograph::peer {
namespace {

struct Coming {
  std::optional<Codec> codec;
  std::uint32_t ssrc = 0;
};

Coming read_caps(GstPad* pad) {
  GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (caps == nullptr) caps.reset(gst_pad_query_caps(pad, nullptr));
  Coming coming;
  if (gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) return coming;
  const GstStructure* const structure = gst_caps_get_structure(caps.get(), 0);
  guint ssrc = 0;
  gst_structure_get_uint(structure, "ssrc", &ssrc);
  coming.ssrc = ssrc;
  const gchar* const encoding = gst_structure_get_string(structure, "encoding-name");
  const std::string_view name = encoding == nullptr ? std::string_view() : std::string_view(encoding);
  if (name == "H264") coming.codec = Codec::kH264;
  if (name == "VP8") coming.codec = Codec::kVp8;
  if (name == "OPUS") coming.codec = Codec::kOpus;
  return coming;
}

const char* unpacker(Codec codec) {
  switch (codec) {
    case Codec::kH264:
      return "rtph264depay request-keyframe=true wait-for-keyframe=true ! h264parse config-interval=-1 ! "
             "capsfilter caps=video/x-h264,stream-format=byte-stream,alignment=au";
    case Codec::kVp8:
      return "rtpvp8depay request-keyframe=true wait-for-keyframe=true";
    case Codec::kOpus:
      return "rtpopusdepay";
  }
  return "";
}

void link_to(GstBin* pipeline, GstPad* pad, GstElement* first) {
  gst_bin_add(pipeline, first);
  gst_element_sync_state_with_parent(first);
  const GstPtr<GstPad> in(gst_element_get_static_pad(first, "sink"));
  gst_pad_link(pad, in.get());
}

}  // namespace

std::shared_ptr<TrackCore> TrackCore::follow(GstBin* pipeline, GstPad* pad, std::shared_ptr<MediaSink> sink) {
  const Coming coming = read_caps(pad);
  GstElement* const unpack = coming.codec ? gst_parse_bin_from_description_full(unpacker(*coming.codec), TRUE, nullptr,
                                                                                GST_PARSE_FLAG_FATAL_ERRORS, nullptr)
                                          : nullptr;
  if (unpack == nullptr) {
    GstElement* const nowhere = make_element("fakesink");
    g_object_set(nowhere, "sync", FALSE, "async", FALSE, nullptr);
    link_to(pipeline, pad, nowhere);
    return nullptr;
  }
  std::shared_ptr<TrackCore> track(new TrackCore(*coming.codec, coming.ssrc));
  if (sink != nullptr) track->sinks_.push_back({std::move(sink), false});
  GstElement* const out = make_appsink(nullptr, false);
  gst_bin_add(pipeline, out);
  gst_element_sync_state_with_parent(out);
  const std::weak_ptr<TrackCore> weak = track;
  on_each_sample(out, GST_ELEMENT_CAST(pipeline), [weak](GstSample* sample) {
    if (const auto self = weak.lock()) self->on_sample(sample);
  });
  track->pad_ = share(pad);
  gst_bin_add(pipeline, unpack);
  gst_element_link(unpack, out);
  gst_element_sync_state_with_parent(unpack);
  const GstPtr<GstPad> in(gst_element_get_static_pad(unpack, "sink"));
  gst_pad_link(pad, in.get());
  return track;
}

void TrackCore::on_sample(GstSample* sample) {
  const bool is_key = kind_of(codec_) == MediaKind::kAudio || is_key_frame(gst_sample_get_buffer(sample));
  std::vector<std::shared_ptr<MediaSink>> takers;
  bool is_wanted = false;  // A key frame: many senders make none unless they are asked.
  {
    const std::lock_guard lock(mutex_);
    ++frames_;
    if (is_key) limiter_.on_key_frame();
    for (Attached& attached : sinks_) {
      if (is_key) attached.waits_for_key = false;
      if (!attached.waits_for_key) takers.push_back(attached.sink);
      is_wanted = is_wanted || attached.waits_for_key;
    }
  }
  for (const auto& sink : takers)
    if (sink->core()->take(codec_, sample) == FrameGate::Verdict::kDropAndAsk) is_wanted = true;
  if (may_ask(is_wanted)) request_key_frame();
}

bool TrackCore::may_ask(bool is_wanted) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  return is_wanted ? limiter_.on_request(now) : limiter_.on_tick(now);
}

void TrackCore::attach(std::shared_ptr<MediaSink> sink) {
  if (sink == nullptr) return;
  {
    const std::lock_guard lock(mutex_);
    if (has_ended_) return;
    sinks_.push_back({std::move(sink), kind_of(codec_) == MediaKind::kVideo});
  }
  if (may_ask(true)) request_key_frame();
}

void TrackCore::request_key_frame() {
  if (kind_of(codec_) == MediaKind::kAudio) return;
  GstPtr<GstPad> pad;
  {
    const std::lock_guard lock(mutex_);
    if (pad_ != nullptr) pad = share(pad_.get());
  }
  if (pad != nullptr)
    gst_pad_send_event(pad.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

void TrackCore::end() {
  std::vector<Attached> sinks;  // What they hold last goes after the lock.
  GstPtr<GstPad> pad;
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  sinks.swap(sinks_);
  pad.swap(pad_);
}

std::uint64_t TrackCore::frames() const {
  const std::lock_guard lock(mutex_);
  return frames_;
}

}  // namespace heliograph::peer
