// appsrc → encoder or decoder → appsink.
#include "peer/stage.hpp"

#include <gst/video/video.h>

#include <chrono>
#include <memory>
#include <utility>

#include "peer/gst_world.hpp"

namespace heliograph::peer {
namespace {

constexpr unsigned kMostPicturesWaiting = 3;  // A further one displaces the oldest.
constexpr unsigned kMostCodedWaiting = 30;    // Beyond, everything up to the next key frame is dropped.

struct SampleCall {
  std::function<void(GstSample*)> call;
  GstElement* pipeline;  // Outlives its appsink.
};

/// The sample with the running time as its buffer's timestamp; the bytes are shared.
GstPtr<GstSample> restamp(GstSample* sample, GstElement* pipeline) {
  GstBuffer* const buffer = gst_sample_get_buffer(sample);
  if (buffer == nullptr || !GST_BUFFER_PTS_IS_VALID(buffer)) return nullptr;
  const GstClockTime running =
      gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(running)) return nullptr;
  GstBuffer* const copy = gst_buffer_copy(buffer);
  const GstClockTimeDiff shared = static_cast<GstClockTimeDiff>(running) + offset_of(pipeline);
  GST_BUFFER_PTS(copy) = shared < 0 ? 0 : static_cast<GstClockTime>(shared);
  GST_BUFFER_DTS(copy) = GST_CLOCK_TIME_NONE;
  GstPtr<GstSample> stamped(gst_sample_new(copy, gst_sample_get_caps(sample), nullptr, nullptr));
  gst_buffer_unref(copy);
  return stamped;
}

std::string encoder_text(const EncoderSettings& settings) {
  const std::string kbps = std::to_string(settings.kbps);
  const int distance = std::max(1, settings.frames_per_second * settings.key_frame_ms / 1000);
  switch (settings.codec) {
    case Codec::kH264:
      if (has_element("x264enc"))
        return "x264enc name=encoder tune=zerolatency speed-preset=veryfast bframes=0 byte-stream=true aud=false "
               "threads=2 vbv-buf-capacity=250 key-int-max=" +
               std::to_string(distance) + " bitrate=" + kbps +
               " ! capsfilter caps=video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au";
      return "openh264enc name=encoder complexity=low rate-control=bitrate gop-size=" + std::to_string(distance) +
             " bitrate=" + kbps +
             "000 ! video/x-h264,profile=constrained-baseline ! h264parse config-interval=-1 "
             "! capsfilter caps=video/x-h264,stream-format=byte-stream,alignment=au";
    case Codec::kVp8:
      return "vp8enc name=encoder deadline=1 cpu-used=8 lag-in-frames=0 end-usage=cbr threads=2 "
             "error-resilient=default "
             "buffer-initial-size=300 buffer-optimal-size=400 buffer-size=500 keyframe-max-dist=" +
             std::to_string(distance) + " target-bitrate=" + kbps + "000";
    case Codec::kOpus:
      return "opusenc name=encoder inband-fec=true packet-loss-percentage=5 frame-size=20 bitrate=" + kbps + "000";
  }
  return {};
}

}  // namespace

void on_each_sample(GstElement* appsink, GstElement* pipeline, std::function<void(GstSample*)> call) {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* sink, gpointer data) {
    const GstPtr<GstSample> sample(gst_app_sink_pull_sample(sink));
    if (sample == nullptr) return GST_FLOW_EOS;
    const auto& told = *static_cast<SampleCall*>(data);
    if (const auto stamped = restamp(sample.get(), told.pipeline)) told.call(stamped.get());
    return GST_FLOW_OK;
  };
  auto data = std::make_unique<SampleCall>(SampleCall{std::move(call), pipeline});
  gst_app_sink_set_callbacks(GST_APP_SINK_CAST(appsink), &callbacks, data.release(),
                             [](gpointer owned) { delete static_cast<SampleCall*>(owned); });
}

GstElement* make_appsink(const char* caps, bool paced) {
  GstElement* const sink = make_element("appsink");
  g_object_set(sink, "sync", paced ? TRUE : FALSE, "async", FALSE, "max-buffers", 4U, "wait-on-eos", FALSE,
               "enable-last-sample", FALSE, nullptr);
  if (caps != nullptr) {
    const GstPtr<GstCaps> wanted(gst_caps_from_string(caps));
    g_object_set(sink, "caps", wanted.get(), nullptr);
  }
  return sink;
}

GstElement* make_appsrc(const char* name, unsigned most, bool displaces) {
  GstElement* const source = gst_element_factory_make("appsrc", name);
  g_object_set(source, "is-live", TRUE, "format", GST_FORMAT_TIME, "do-timestamp", FALSE, "block", FALSE, "max-buffers",
               static_cast<guint64>(most), "max-bytes", guint64{0}, "max-time", guint64{0}, nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "leaky-type", displaces ? "downstream" : "none");
  return source;
}

Result<GstElement*> make_bin(const std::string& description) {
  GError* failure = nullptr;
  GstElement* const bin =
      gst_parse_bin_from_description_full(description.c_str(), TRUE, nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &failure);
  const GstPtr<GError> error(failure);
  if (bin != nullptr) return bin;
  return Error{Errc::kServiceUnavailable, std::string("GStreamer cannot build it: ") + (error ? error->message : "")};
}

Result<GstElement*> make_decoding_bin(const std::string& before, const std::string& after) {
  GstElement* const bin = gst_bin_new(nullptr);
  GstElement* const decoder = make_element("decodebin");
  const auto tail = make_bin(after);
  if (!tail) return tail.error();
  gst_bin_add_many(GST_BIN_CAST(bin), decoder, *tail, nullptr);
  const auto expose = [bin](const char* name, GstElement* element) {
    const GstPtr<GstPad> pad(gst_element_get_static_pad(element, name));
    if (pad != nullptr) gst_element_add_pad(bin, gst_ghost_pad_new(name, pad.get()));
  };
  // The tail goes with its bin, and so with the decoder.
  connect_signal<GstPad*>(decoder, "pad-added", [to = *tail](GstPad* pad) {
    const GstPtr<GstPad> in(gst_element_get_static_pad(to, "sink"));
    if (gst_pad_is_linked(in.get()) == FALSE) gst_pad_link(pad, in.get());
  });
  if (before.empty()) {
    expose("sink", decoder);
  } else {
    const auto front = make_bin(before);
    if (!front) return front.error();
    gst_bin_add(GST_BIN_CAST(bin), *front);
    gst_element_link(*front, decoder);
    expose("sink", *front);
  }
  expose("src", *tail);
  return bin;
}

bool can_decode(Codec codec) {
  const char* const text = codec == Codec::kH264  ? "video/x-h264"
                           : codec == Codec::kVp8 ? "video/x-vp8"
                                                  : "audio/x-opus";
  const GstPtr<GstCaps> caps(gst_caps_from_string(text));
  GList* const all = gst_element_factory_list_get_elements(GST_ELEMENT_FACTORY_TYPE_DECODER, GST_RANK_MARGINAL);
  GList* const fitting = gst_element_factory_list_filter(all, caps.get(), GST_PAD_SINK, FALSE);
  const bool has_any = fitting != nullptr;
  gst_plugin_feature_list_free(fitting);
  gst_plugin_feature_list_free(all);
  return has_any;
}

Result<std::shared_ptr<Stage>> Stage::encoder(const EncoderSettings& settings, Fanout& out,
                                              std::function<void(const Error&)> on_error) {
  std::shared_ptr<Stage> stage(new Stage);
  stage->codec_ = settings.codec;
  const auto middle = make_bin(encoder_text(settings));
  if (!middle) return middle.error();
  auto built = stage->build(*middle, out, std::move(on_error));
  if (!built) return built.error();
  stage->encoder_.reset(gst_bin_get_by_name(GST_BIN_CAST(stage->pipeline_.get()), "encoder"));
  return stage;
}

Result<std::shared_ptr<Stage>> Stage::decoder(Fanout& out, std::function<void()> ask,
                                              std::function<void(const Error&)> on_error) {
  std::shared_ptr<Stage> stage(new Stage);
  stage->ask_ = std::move(ask);
  const auto middle = make_decoding_bin({}, "videoconvert ! capsfilter caps=video/x-raw,format=I420");
  if (!middle) return middle.error();
  auto built = stage->build(*middle, out, std::move(on_error));
  if (!built) return built.error();
  return stage;
}

Result<void> Stage::build(GstElement* middle, Fanout& out, std::function<void(const Error&)> on_error) {
  pipeline_ = make_pipeline("stage");
  GstElement* const source =
      ask_ ? make_appsrc("source", kMostCodedWaiting, false) : make_appsrc("source", kMostPicturesWaiting, true);
  GstElement* const sink = make_appsink(nullptr, false);
  gst_bin_add_many(GST_BIN_CAST(pipeline_.get()), source, middle, sink, nullptr);
  if (gst_element_link_many(source, middle, sink, nullptr) == FALSE)
    return Error{Errc::kServiceUnavailable, "cannot link an encoder"};
  source_ = share(source);
  on_each_sample(sink, GST_ELEMENT_CAST(pipeline_.get()), [this, &out](GstSample* sample) {
    bool force = false;
    {
      const std::lock_guard lock(mutex_);
      if (is_key_frame(gst_sample_get_buffer(sample))) limiter_.on_key_frame();
      force = limiter_.on_tick(std::chrono::steady_clock::now());
    }
    if (force) force_key_frame();
    out.push(sample);
  });
  watch_bus(pipeline_.get(), {.on_error = std::move(on_error)});
  gst_element_set_state(GST_ELEMENT_CAST(pipeline_.get()), GST_STATE_PLAYING);
  return {};
}

Stage::~Stage() {
  if (pipeline_ != nullptr) stop_pipeline(pipeline_.get());
}

void Stage::on_sample(GstSample* sample) {
  if (!ask_ || may_decode(sample)) gst_app_src_push_sample(GST_APP_SRC_CAST(source_.get()), sample);
}

bool Stage::may_decode(GstSample* sample) {
  const bool has_room = get_number<guint64>(source_.get(), "current-level-buffers") < kMostCodedWaiting;
  bool asks = false;
  {
    const std::lock_guard lock(mutex_);
    const FrameGate::Verdict verdict = gate_.on_frame(is_key_frame(gst_sample_get_buffer(sample)), has_room);
    if (verdict == FrameGate::Verdict::kPass) return true;
    asks = verdict == FrameGate::Verdict::kDropAndAsk && limiter_.on_request(std::chrono::steady_clock::now());
  }
  if (asks) ask_();
  return false;
}

void Stage::request_key_frame() {
  {
    const std::lock_guard lock(mutex_);
    if (!limiter_.on_request(std::chrono::steady_clock::now())) return;
  }
  force_key_frame();
}

void Stage::force_key_frame() const {
  if (encoder_ == nullptr || kind_of(codec_) != MediaKind::kVideo) return;
  const GstPtr<GstPad> pad(gst_element_get_static_pad(encoder_.get(), "src"));
  gst_pad_send_event(pad.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

void Stage::set_kbps(int kbps) {
  if (encoder_ == nullptr) return;
  const bool in_bits = codec_ != Codec::kH264 || !has_element("x264enc");
  const std::string value = std::to_string(kbps) + (in_bits ? "000" : "");
  gst_util_set_object_arg(G_OBJECT(encoder_.get()), codec_ == Codec::kVp8 ? "target-bitrate" : "bitrate",
                          value.c_str());
}

}  // namespace heliograph::peer
