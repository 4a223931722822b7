// The start of GStreamer, its clock, its bus and its timers.
#include "peer/gst_world.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace heliograph::peer {
namespace {

struct Packaged {
  std::string_view element;
  std::string_view package;
};

/// Where Debian has what we may miss. Everything else comes with gstreamer1.0-plugins-good.
constexpr std::array kPackages = {
    Packaged{"webrtcbin", "gstreamer1.0-plugins-bad"},
    Packaged{"dtlsdec", "gstreamer1.0-plugins-bad"},
    Packaged{"srtpenc", "gstreamer1.0-plugins-bad"},
    Packaged{"sctpenc", "gstreamer1.0-plugins-bad"},
    Packaged{"openh264enc", "gstreamer1.0-plugins-bad"},
    Packaged{"h264parse", "gstreamer1.0-plugins-bad"},
    Packaged{"nicesrc", "gstreamer1.0-nice"},
    Packaged{"x264enc", "gstreamer1.0-plugins-ugly"},
    Packaged{"avdec_h264", "gstreamer1.0-libav"},
    Packaged{"appsrc", "gstreamer1.0-plugins-base"},
    Packaged{"opusenc", "gstreamer1.0-plugins-base"},
    Packaged{"videoconvert", "gstreamer1.0-plugins-base"},
    Packaged{"alsasrc", "gstreamer1.0-alsa"},
    Packaged{"decodebin", "gstreamer1.0-plugins-base"},
};

/// The zero of running time: when the first pipeline was made.
GstClockTime zero_of_time() {
  static const GstClockTime zero = []() {
    const auto clock = GstPtr<GstClock>(gst_system_clock_obtain());
    return gst_clock_get_time(clock.get());
  }();
  return zero;
}

Error error_of(GstMessage* message, const BusEvents& told) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message, &error, &debug);
  const GstPtr<GError> owned(error);
  const std::string more = take_text(debug);
  std::string text = owned != nullptr ? owned->message : "GStreamer failed";
  const auto line_end = more.rfind('\n');
  const std::string_view last =
      line_end == std::string::npos ? std::string_view() : std::string_view(more).substr(line_end + 1);
  if (!last.empty() && last.size() < 300) text.append(" (").append(last).append(")");
  Error said{Errc::kIo, std::move(text)};
  if (!told.explain || owned == nullptr) return said;
  GstElementFactory* const factory = GST_IS_ELEMENT(GST_MESSAGE_SRC(message))
                                         ? gst_element_get_factory(GST_ELEMENT_CAST(GST_MESSAGE_SRC(message)))
                                         : nullptr;
  return told.explain(*owned, factory == nullptr ? "" : GST_OBJECT_NAME(factory), std::move(said));
}

}  // namespace

Result<void> start_gstreamer() {
  // Signal handlers and the like stay the application's; GStreamer keeps count itself of who else has started it.
  GError* error = nullptr;
  if (gst_init_check(nullptr, nullptr, &error) == FALSE) {
    const GstPtr<GError> owned(error);
    return Error{Errc::kServiceUnavailable, std::string("GStreamer does not start: ") + (owned ? owned->message : "")};
  }
  static_cast<void>(zero_of_time());
  return {};
}

bool has_element(const char* name) { return GstPtr<GstElementFactory>(gst_element_factory_find(name)) != nullptr; }

Result<void> need_elements(std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    if (has_element(name)) continue;
    std::string_view package = "gstreamer1.0-plugins-good";
    for (const Packaged& known : kPackages)
      if (known.element == name) package = known.package;
    return Error{Errc::kServiceUnavailable, std::string("GStreamer has no element \"") + name +
                                                "\"; on Debian: apt-get install " + std::string(package)};
  }
  return {};
}

GstElement* make_element(const char* name) { return gst_element_factory_make(name, nullptr); }

std::string_view kind_of_element(GstElement* element) {
  GstElementFactory* const factory = gst_element_get_factory(element);
  return factory == nullptr ? std::string_view() : std::string_view(GST_OBJECT_NAME(factory));
}

GstPtr<GstPipeline> make_pipeline(const char* name) {
  GstElement* const element = gst_pipeline_new(name);
  gst_object_ref_sink(element);
  GstPtr<GstPipeline> pipeline(GST_PIPELINE_CAST(element));
  const auto clock = GstPtr<GstClock>(gst_system_clock_obtain());
  gst_pipeline_use_clock(pipeline.get(), clock.get());
  gst_element_set_start_time(element, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(element, zero_of_time());
  return pipeline;
}

GstClockTime now_in_pipelines() {
  const auto clock = GstPtr<GstClock>(gst_system_clock_obtain());
  return gst_clock_get_time(clock.get()) - zero_of_time();
}

GstClockTimeDiff offset_of(GstElement* pipeline) {
  return GST_CLOCK_DIFF(zero_of_time(), gst_element_get_base_time(pipeline));
}

void watch_bus(GstPipeline* pipeline, BusEvents events) {
  const GstPtr<GstBus> bus(gst_pipeline_get_bus(pipeline));
  const GstBusSyncHandler handler = [](GstBus*, GstMessage* message, gpointer data) {
    const auto& told = *static_cast<BusEvents*>(data);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR && told.on_error) told.on_error(error_of(message, told));
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS && told.on_end) told.on_end();
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY && told.on_latency) told.on_latency();
    gst_message_unref(message);
    return GST_BUS_DROP;
  };
  gst_bus_set_sync_handler(bus.get(), handler, std::make_unique<BusEvents>(std::move(events)).release(),
                           [](gpointer data) { delete static_cast<BusEvents*>(data); });
}

void stop_pipeline(GstPipeline* pipeline) {
  gst_element_set_state(GST_ELEMENT_CAST(pipeline), GST_STATE_NULL);
  const GstPtr<GstBus> bus(gst_pipeline_get_bus(pipeline));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
}

void OneShot::start(std::chrono::milliseconds after, std::function<void()> call) {
  cancel();
  const auto clock = GstPtr<GstClock>(gst_system_clock_obtain());
  const GstClockTime when = gst_clock_get_time(clock.get()) + static_cast<GstClockTime>(after.count()) * GST_MSECOND;
  id_ = gst_clock_new_single_shot_id(clock.get(), when);
  const GstClockCallback fire = [](GstClock*, GstClockTime, GstClockID, gpointer data) -> gboolean {
    (*static_cast<std::function<void()>*>(data))();
    return TRUE;
  };
  gst_clock_id_wait_async(id_, fire, std::make_unique<std::function<void()>>(std::move(call)).release(),
                          [](gpointer data) { delete static_cast<std::function<void()>*>(data); });
}

void OneShot::cancel() {
  if (id_ == nullptr) return;
  gst_clock_id_unschedule(id_);
  gst_clock_id_unref(id_);
  id_ = nullptr;
}

}  // namespace heliograph::peer
