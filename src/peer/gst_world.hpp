// What every pipeline here shares: GStreamer's one start, one clock, one zero of time, and how errors reach us.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "peer/gst_ptr.hpp"

namespace heliograph::peer {

/// Starts GStreamer if nobody has. Fails with kServiceUnavailable when it cannot be. Threads: any.
[[nodiscard]] Result<void> start_gstreamer();

/// Fails with kServiceUnavailable unless there are all of them; names the Debian package of the first that is absent.
[[nodiscard]] Result<void> need_elements(std::initializer_list<const char*> names);
[[nodiscard]] bool has_element(const char* name);

/// An element that need_elements() has found before.
[[nodiscard]] GstElement* make_element(const char* name);
/// What it was made as, such as "dtlsdec"; empty if it was made in another way.
[[nodiscard]] std::string_view kind_of_element(GstElement* element);

/// A pipeline on the system's clock whose running time counts from the same zero as that of every other, so that
/// buffers may go from one to the next as they are.
[[nodiscard]] GstPtr<GstPipeline> make_pipeline(const char* name);
/// Since that zero.
[[nodiscard]] GstClockTime now_in_pipelines();
/// What to add to the running time of a pipeline that keeps a zero of its own.
[[nodiscard]] GstClockTimeDiff offset_of(GstElement* pipeline);

/// What a pipeline says of itself, told on whatever thread it happens; the handler must not wait for the pipeline.
struct BusEvents {
  std::function<void(const Error&)> on_error{};
  /// Finds better words for it before. `element`: what failed, such as "v4l2src".
  std::function<Error(const GError& reason, std::string_view element, Error)> explain{};
  std::function<void()> on_end{};
  /// The latency of its elements has changed; it asks to be told to recalculate it.
  std::function<void()> on_latency{};
};
/// No message is kept, so no main loop has to read them.
void watch_bus(GstPipeline* pipeline, BusEvents events);

/// Stops it and waits until its threads have ended. Not on one of its own threads.
void stop_pipeline(GstPipeline* pipeline);

/// Has a function called on a thread of GStreamer's once, unless the timer goes before.
class OneShot {
 public:
  OneShot() = default;
  ~OneShot() { cancel(); }
  OneShot(const OneShot&) = delete;
  OneShot& operator=(const OneShot&) = delete;
  void start(std::chrono::milliseconds after, std::function<void()> call);
  void cancel();

 private:
  GstClockID id_ = nullptr;
};

}  // namespace heliograph::peer
