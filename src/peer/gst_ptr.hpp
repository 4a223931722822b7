// Owners of what GStreamer hands out, so that every reference has one place that gives it back.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

namespace heliograph::peer {

struct Unref {
  void operator()(GstCaps* caps) const noexcept { gst_caps_unref(caps); }
  void operator()(GstSample* sample) const noexcept { gst_sample_unref(sample); }
  void operator()(GstBuffer* buffer) const noexcept { gst_buffer_unref(buffer); }
  void operator()(GstStructure* structure) const noexcept { gst_structure_free(structure); }
  void operator()(GstPromise* promise) const noexcept { gst_promise_unref(promise); }
  void operator()(gchar* text) const noexcept { g_free(text); }
  void operator()(GError* error) const noexcept { g_error_free(error); }
  template <class T>
  void operator()(T* object) const noexcept {
    gst_object_unref(object);
  }
};

/// Elements, pads and pipelines, and the types named above.
template <class T>
using GstPtr = std::unique_ptr<T, Unref>;

struct ObjectUnref {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
};

/// A GObject that is no GstObject.
using ObjectPtr = std::unique_ptr<GObject, ObjectUnref>;

template <class T>
[[nodiscard]] GstPtr<T> share(T* object) {
  return GstPtr<T>(static_cast<T*>(gst_object_ref(object)));
}

[[nodiscard]] inline std::string take_text(gchar* text) {
  const GstPtr<gchar> owner(text);
  return text == nullptr ? std::string() : std::string(text);
}

/// A property that is a number of the given type.
template <class T>
[[nodiscard]] T get_number(gpointer object, const char* name) {
  T value{};
  g_object_get(object, name, &value, nullptr);
  return value;
}

/// Has a function object called for a signal, with the signal's arguments after the instance; it goes with the handler.
template <class... Args, class Function>
gulong connect_signal(gpointer object, const char* signal, Function function) {
  auto owned = std::make_unique<Function>(std::move(function));
  void (*call)(gpointer, Args..., gpointer) = [](gpointer, Args... args, gpointer data) {
    (*static_cast<Function*>(data))(args...);
  };
  const GClosureNotify destroy = [](gpointer data, GClosure*) { delete static_cast<Function*>(data); };
  return g_signal_connect_data(object, signal, reinterpret_cast<GCallback>(call), owned.release(), destroy,
                               static_cast<GConnectFlags>(0));
}

/// A promise that calls a function once it is replied to, on whatever thread; with null when it was given up.
template <class Function>
[[nodiscard]] GstPromise* make_promise(Function function) {
  auto owned = std::make_unique<Function>(std::move(function));
  return gst_promise_new_with_change_func(
      [](GstPromise* promise, gpointer data) {
        const bool replied = gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED;
        (*static_cast<Function*>(data))(replied ? gst_promise_get_reply(promise) : nullptr);
        gst_promise_unref(promise);
      },
      owned.release(), [](gpointer data) { delete static_cast<Function*>(data); });
}

}  // namespace heliograph::peer
