// nice_agent_close_async, on the thread that libnice does everything on.
#include "peer/relay_farewell.hpp"

#include <utility>

#include "peer/webrtc_abi.hpp"

namespace heliograph::peer {
namespace {

struct Farewell {
  GstPtr<GstElement> webrtc;
  ObjectPtr ice;
  ObjectPtr nice;
  GMainContext* context = nullptr;  ///< Of libnice's thread, which lives as long as `ice`.
  std::promise<void> done;
};

/// webrtcbin's ICE object waits for its thread when it goes, so it cannot go on that.
void release_elsewhere(Farewell* farewell) {
  const GstPtr<GstElement> webrtc = share(farewell->webrtc.get());
  gst_element_call_async(
      webrtc.get(), [](GstElement*, gpointer) {}, farewell,
      [](gpointer data) {
        const std::unique_ptr<Farewell> owned(static_cast<Farewell*>(data));
        g_main_context_unref(owned->context);
        owned->done.set_value();
      });
}

gboolean begin(gpointer data) {
  auto* const farewell = static_cast<Farewell*>(data);
  // nicesrc read the answers until it was stopped. With its bundle webrtcbin has one stream of one component.
  nice_agent_attach_recv(
      farewell->nice.get(), 1, 1, farewell->context, [](void*, guint, guint, guint, gchar*, gpointer) {}, nullptr);
  // The reply comes to the default context of the thread that asks.
  g_main_context_push_thread_default(farewell->context);
  nice_agent_close_async(
      farewell->nice.get(), [](GObject*, void*, gpointer told) { release_elsewhere(static_cast<Farewell*>(told)); },
      farewell);
  g_main_context_pop_thread_default(farewell->context);
  return G_SOURCE_REMOVE;
}

}  // namespace

std::future<void> release_relays(GstPtr<GstElement> webrtc) {
  auto farewell = std::make_unique<Farewell>();
  auto done = farewell->done.get_future();
  GObject* ice = nullptr;
  g_object_get(webrtc.get(), "ice-agent", &ice, nullptr);
  farewell->ice.reset(ice);
  GObject* nice = nullptr;
  g_object_get(ice, "agent", &nice, nullptr);
  farewell->nice.reset(nice);
  g_object_get(nice, "main-context", &farewell->context, nullptr);
  g_main_context_ref(farewell->context);
  farewell->webrtc = std::move(webrtc);
  GMainContext* const context = farewell->context;  // Before release(): arguments have no order.
  g_main_context_invoke(context, begin, farewell.release());
  return done;
}

}  // namespace heliograph::peer
