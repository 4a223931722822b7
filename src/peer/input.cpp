// One pipeline per kind of input, with a branch for pictures and one for sound.
#include "peer/input.hpp"

#include <gst/video/video.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "peer/clock_stamp.hpp"
#include "peer/gst_world.hpp"
#include "peer/input_errors.hpp"
#include "peer/stage.hpp"

namespace heliograph::peer {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

constexpr const char* kParsedH264 =
    "h264parse config-interval=-1 ! capsfilter caps=video/x-h264,stream-format=byte-stream,alignment=au";

std::uint32_t ms_of_day() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count() % 86'400'000);
}

/// Draws the time into every picture that passes.
GstPadProbeReturn stamp_picture(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  const GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
  GstVideoInfo video;
  if (caps == nullptr || gst_video_info_from_caps(&video, caps.get()) == FALSE) return GST_PAD_PROBE_OK;
  GstBuffer* const buffer = gst_buffer_make_writable(gst_pad_probe_info_get_buffer(info));
  info->data = buffer;
  GstVideoFrame frame;
  if (gst_video_frame_map(&frame, &video, buffer, GST_MAP_READWRITE) == FALSE) return GST_PAD_PROBE_OK;
  const int stride = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
  const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
  auto* const pixels = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
  draw_clock({{pixels, static_cast<std::size_t>(stride) * static_cast<std::size_t>(height)},
              GST_VIDEO_FRAME_WIDTH(&frame),
              height,
              stride},
             ms_of_day());
  gst_video_frame_unmap(&frame);
  return GST_PAD_PROBE_OK;
}

std::string raw_tail(const std::string& raw_video, MediaKind kind) {
  if (kind == MediaKind::kAudio) return std::string("audioconvert ! audioresample ! capsfilter caps=") + kRawAudioCaps;
  return "videoconvert ! videoscale ! videorate ! capsfilter caps=" + raw_video;
}

}  // namespace

std::string raw_video_caps(const MediaSource::Options& options) {
  return "video/x-raw,format=I420,width=" + std::to_string(options.width) +
         ",height=" + std::to_string(options.height) + ",framerate=" + std::to_string(options.frames_per_second) +
         "/1,pixel-aspect-ratio=1/1";
}

Result<void> Input::check(const MediaSource::Options& options) {
  return std::visit(
      Overloaded{[](const MediaSource::TestPattern&) { return need_elements({"videotestsrc", "audiotestsrc"}); },
                 [](const MediaSource::Camera& camera) {
                   auto found = need_elements({"v4l2src", "decodebin", "videoconvert", "videoscale", "videorate"});
                   return found && !camera.microphone.empty() ? need_elements({"alsasrc", "audioconvert"}) : found;
                 },
                 [](const MediaSource::Rtsp&) { return need_elements({"rtspsrc", "rtph264depay", "h264parse"}); },
                 [](const MediaSource::File&) { return need_elements({"filesrc", "decodebin", "h264parse"}); },
                 [](const MediaSource::H264Stream&) { return need_elements({"fdsrc", "h264parse"}); },
                 [](const MediaSource::Application&) { return Result<void>(); }},
      options.input);
}

Result<std::unique_ptr<Input>> Input::start(const MediaSource::Options& options, Events events) {
  std::unique_ptr<Input> input(new Input(std::move(events)));
  if (std::holds_alternative<MediaSource::Application>(options.input)) return input;
  if (auto built = input->build(options); !built) return built.error();
  input->follow_bus(options);
  const auto change = gst_element_set_state(GST_ELEMENT_CAST(input->pipeline_.get()), GST_STATE_PLAYING);
  std::optional<Error> failure;
  {
    const std::lock_guard lock(input->mutex_);
    input->is_starting_ = false;
    failure = input->failure_;
  }
  if (failure) return *failure;
  if (change == GST_STATE_CHANGE_FAILURE) return Error{Errc::kIo, "the source does not start"};
  return input;
}

void Input::follow_bus(const MediaSource::Options& options) {
  BusEvents events;
  events.on_error = [this](const Error& error) { fail(error); };
  events.explain = [input = options.input](const GError& reason, std::string_view element, Error error) {
    return explain(input, reason, element, std::move(error));
  };
  events.on_end = [this, input = options.input]() {
    if (const auto* const camera = std::get_if<MediaSource::Rtsp>(&input)) return fail(hung_up(*camera));
    {
      // Elements that fail say that it was the end, too.
      const std::lock_guard lock(mutex_);
      if (failure_) return;
    }
    const auto* const file = std::get_if<MediaSource::File>(&input);
    if (file != nullptr && file->loop) return rewind();
    events_.on_end();
  };
  watch_bus(pipeline_.get(), std::move(events));
}

void Input::fail(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    failure_ = error;
    if (is_starting_) return;  // Whoever starts it is told.
  }
  events_.on_error(error);
}

std::chrono::steady_clock::duration Input::silence() const {
  return std::chrono::steady_clock::now() - last_sample_.load();
}

Input::~Input() {
  {
    const std::lock_guard lock(life_->mutex);
    life_->has_ended = true;
  }
  if (pipeline_ != nullptr) stop_pipeline(pipeline_.get());
}

Result<void> Input::build(const MediaSource::Options& options) {
  pipeline_.reset(GST_PIPELINE_CAST(gst_object_ref_sink(gst_pipeline_new("input"))));
  const auto clock = GstPtr<GstClock>(gst_system_clock_obtain());
  gst_pipeline_use_clock(pipeline_.get(), clock.get());
  // Set here, not on the way to PLAYING: elements that are added later must not play against a zero long gone.
  gst_element_set_start_time(GST_ELEMENT_CAST(pipeline_.get()), GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(GST_ELEMENT_CAST(pipeline_.get()), gst_clock_get_time(clock.get()));
  raw_video_ = raw_video_caps(options);
  has_video_ = !options.with_video;
  has_audio_ = !options.with_audio;
  return std::visit(Overloaded{[&](const MediaSource::TestPattern& input) { return build_test(input, options); },
                               [&](const MediaSource::Camera& input) { return build_camera(input, options); },
                               [&](const MediaSource::Rtsp& input) {
                                 build_rtsp(input);
                                 return Result<void>();
                               },
                               [&](const MediaSource::File& input) {
                                 build_file(input);
                                 return Result<void>();
                               },
                               [&](const MediaSource::H264Stream& input) { return build_stream(input); },
                               [&](const MediaSource::Application&) { return Result<void>(); }},
                    options.input);
}

Result<void> Input::build_test(const MediaSource::TestPattern& input, const MediaSource::Options& options) {
  if (options.with_video) {
    const auto branch = add_branch(make_bin("videotestsrc is-live=true pattern=smpte ! capsfilter caps=" + raw_video_),
                                   true, MediaKind::kVideo, false);
    if (!branch) return branch.error();
    if (input.with_clock) {
      const GstPtr<GstPad> pad(gst_element_get_static_pad(*branch, "src"));
      gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, stamp_picture, nullptr, nullptr);
    }
  }
  if (!options.with_audio || !input.with_tone) return {};
  const auto branch = add_branch(
      make_bin(std::string("audiotestsrc is-live=true wave=ticks tick-interval=1000000000 "
                           "sine-periods-per-tick=80 freq=800 volume=0.4 samplesperbuffer=960 ! capsfilter caps=") +
               kRawAudioCaps),
      true, MediaKind::kAudio, false);
  return branch ? Result<void>() : branch.error();
}

Result<void> Input::build_camera(const MediaSource::Camera& input, const MediaSource::Options& options) {
  if (options.with_video) {
    const auto branch = add_branch(make_decoding_bin("v4l2src name=device", raw_tail(raw_video_, MediaKind::kVideo)),
                                   true, MediaKind::kVideo, false);
    if (!branch) return branch.error();
    const GstPtr<GstElement> device(gst_bin_get_by_name(GST_BIN_CAST(*branch), "device"));
    g_object_set(device.get(), "device", input.device.c_str(), nullptr);
  }
  if (!options.with_audio || input.microphone.empty()) return {};
  const auto branch = add_branch(
      make_bin(std::string("alsasrc name=device ! audioconvert ! audioresample ! capsfilter caps=") + kRawAudioCaps),
      true, MediaKind::kAudio, false);
  if (!branch) return branch.error();
  const GstPtr<GstElement> device(gst_bin_get_by_name(GST_BIN_CAST(*branch), "device"));
  g_object_set(device.get(), "device", input.microphone.c_str(), nullptr);
  return {};
}

void Input::build_rtsp(const MediaSource::Rtsp& input) {
  GstElement* const source = make_element("rtspsrc");
  g_object_set(source, "location", input.url.c_str(), "latency", static_cast<guint>(input.latency.count()), nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "protocols", input.over_tcp ? "tcp" : "udp");
  if (!input.username.empty())
    g_object_set(source, "user-id", input.username.c_str(), "user-pw", std::string(input.password.reveal()).c_str(),
                 nullptr);
  // As long as is waited for media.
  g_object_set(source, "tcp-timeout", guint64{10'000'000}, nullptr);
  gst_bin_add(GST_BIN_CAST(pipeline_.get()), source);
  follow_pads(source, false);
  connect_signal<>(source, "no-more-pads", [this, input]() { check_streams(input); });
}

void Input::check_streams(const MediaSource::Rtsp& input) {
  if (!has_branch_) return fail(no_media(input));
  if (!has_video_) events_.on_lack(no_pictures(input));
}

void Input::build_file(const MediaSource::File& input) {
  GstElement* const source = make_element("filesrc");
  // Decodes what cannot be sent as it is, and leaves the rest.
  GstElement* const parser = make_element("decodebin");
  const GstPtr<GstCaps> done(
      gst_caps_from_string("video/x-raw(ANY);audio/x-raw(ANY);video/x-h264;video/x-vp8;audio/x-opus"));
  g_object_set(parser, "caps", done.get(), nullptr);
  g_object_set(source, "location", input.path.c_str(), nullptr);
  gst_bin_add_many(GST_BIN_CAST(pipeline_.get()), source, parser, nullptr);
  gst_element_link(source, parser);
  follow_pads(parser, true);
  connect_signal<>(parser, "no-more-pads", [this, input]() { check_streams(input); });
}

void Input::check_streams(const MediaSource::File& input) {
  if (!has_branch_) fail(no_media(input));
}

Result<void> Input::build_stream(const MediaSource::H264Stream& input) {
  const auto branch = add_branch(make_bin(std::string("fdsrc name=device do-timestamp=true ! ") + kParsedH264), true,
                                 MediaKind::kVideo, false);
  if (!branch) return branch.error();
  const GstPtr<GstElement> device(gst_bin_get_by_name(GST_BIN_CAST(*branch), "device"));
  g_object_set(device.get(), "fd", input.descriptor, nullptr);
  return {};
}

Result<GstElement*> Input::add_branch(Result<GstElement*> made, bool has_source, MediaKind kind, bool paced) {
  if (!made) return made;
  GstElement* const branch = *made;
  GstElement* const sink = make_appsink(nullptr, paced);
  gst_bin_add_many(GST_BIN_CAST(pipeline_.get()), branch, sink, nullptr);
  // A pipeline that is still on its way hands these out too late for who is added meanwhile.
  const GstPtr<GstClock> clock(gst_pipeline_get_clock(pipeline_.get()));
  gst_element_set_clock(sink, clock.get());
  gst_element_set_base_time(sink, gst_element_get_base_time(GST_ELEMENT_CAST(pipeline_.get())));
  if (gst_element_link(branch, sink) == FALSE) return Error{Errc::kServiceUnavailable, "cannot link a source"};
  on_each_sample(sink, GST_ELEMENT_CAST(pipeline_.get()), [this, kind](GstSample* sample) {
    last_sample_ = std::chrono::steady_clock::now();
    events_.on_sample(kind, sample);
  });
  has_branch_ = true;
  if (!has_source) {
    gst_element_sync_state_with_parent(sink);
    gst_element_sync_state_with_parent(branch);
  }
  return branch;
}

void Input::follow_pads(GstElement* element, bool paced) {
  connect_signal<GstPad*>(element, "pad-added", [this, paced](GstPad* pad) { on_pad(pad, paced); });
}

void Input::on_pad(GstPad* pad, bool paced) {
  GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (caps == nullptr) caps.reset(gst_pad_query_caps(pad, nullptr));
  if (gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) return;
  const GstStructure* const structure = gst_caps_get_structure(caps.get(), 0);
  std::string_view name = gst_structure_get_name(structure);
  const gchar* const media = gst_structure_get_string(structure, "media");
  const gchar* const encoding = gst_structure_get_string(structure, "encoding-name");
  const bool is_rtp = name == "application/x-rtp" && media != nullptr && encoding != nullptr;
  const bool is_video = is_rtp ? std::string_view(media) == "video" : name.starts_with("video/");
  const bool is_audio = is_rtp ? std::string_view(media) == "audio" : name.starts_with("audio/");
  const MediaKind kind = is_video ? MediaKind::kVideo : MediaKind::kAudio;
  bool& is_taken = is_video ? has_video_ : has_audio_;
  std::string text;
  if ((!is_video && !is_audio) || is_taken) {
    GstElement* const nowhere = make_element("fakesink");
    g_object_set(nowhere, "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add(GST_BIN_CAST(pipeline_.get()), nowhere);
    gst_element_sync_state_with_parent(nowhere);
    const GstPtr<GstPad> sink(gst_element_get_static_pad(nowhere, "sink"));
    gst_pad_link(pad, sink.get());
    return;
  }
  if (is_rtp && std::string_view(encoding) == "H264")
    text = std::string("rtph264depay ! ") + kParsedH264;
  else if (is_rtp && std::string_view(encoding) == "VP8")
    text = "rtpvp8depay ! identity";
  else if (is_rtp && std::string_view(encoding) == "OPUS")
    text = "rtpopusdepay ! opusparse";
  else if (name == "video/x-h264")
    text = std::string("queue ! ") + kParsedH264;
  else if (name == "video/x-vp8")
    text = "queue ! identity";
  else if (name == "audio/x-opus")
    text = "queue ! opusparse";
  else if (name == "video/x-raw" || name == "audio/x-raw")
    text = "queue ! " + raw_tail(raw_video_, kind);
  is_taken = true;
  const auto branch = add_branch(text.empty() ? make_decoding_bin("queue", raw_tail(raw_video_, kind)) : make_bin(text),
                                 false, kind, paced);
  if (!branch) return fail(branch.error());
  const GstPtr<GstPad> sink(gst_element_get_static_pad(*branch, "sink"));
  gst_pad_link(pad, sink.get());
}

void Input::rewind() {
  // Not on this thread, which is the pipeline's own.
  gst_element_call_async(
      GST_ELEMENT_CAST(pipeline_.get()),
      [](GstElement* pipeline, gpointer data) {
        auto& life = **static_cast<std::shared_ptr<Life>*>(data);
        const std::lock_guard lock(life.mutex);
        if (life.has_ended) return;
        const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT);
        gst_element_set_state(pipeline, GST_STATE_PAUSED);
        gst_element_seek_simple(pipeline, GST_FORMAT_TIME, flags, 0);
        const GstPtr<GstClock> clock(gst_pipeline_get_clock(GST_PIPELINE_CAST(pipeline)));
        gst_element_set_base_time(pipeline, gst_clock_get_time(clock.get()));
        gst_element_set_state(pipeline, GST_STATE_PLAYING);
      },
      std::make_unique<std::shared_ptr<Life>>(life_).release(),
      [](gpointer data) { delete static_cast<std::shared_ptr<Life>*>(data); });
}

}  // namespace heliograph::peer
