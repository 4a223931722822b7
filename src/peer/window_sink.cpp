// Shows received pictures and plays received sound, by whatever the desktop has.
#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "peer/fanout.hpp"
#include "peer/gst_world.hpp"
#include "peer/loop_gate.hpp"
#include "peer/sink_core.hpp"
#include "peer/stage.hpp"

namespace heliograph::peer {
namespace {

constexpr unsigned kMostWaiting = 60;

class WindowSink final : public SinkCore {
 public:
  /// @param screen  the element that shows pictures.
  WindowSink(MediaSink::Window window, std::string screen)
      : window_(std::move(window)), screen_(std::move(screen)), gate_(make_gate(window_.loop, LogHandler())) {}
  ~WindowSink() override {
    gate_->close();
    stop_players();
  }
  Result<void> stop() override {
    gate_->close();
    stop_players();
    return {};
  }

 protected:
  Verdict consume(Codec codec, GstSample* sample) override {
    const bool is_video = kind_of(codec) == MediaKind::kVideo;
    if (is_video ? !window_.with_video : !window_.with_audio) return Verdict::kPass;
    GstPtr<GstElement> queue;
    {
      const std::lock_guard lock(mutex_);
      if (has_ended_ || (is_video && is_closed_)) return Verdict::kDrop;
      Player& player = players_[is_video ? 0 : 1];
      if (player.pipeline == nullptr) player = start(is_video);
      if (player.queue == nullptr) return Verdict::kDrop;
      queue = share(player.queue.get());
    }
    if (is_video) {
      const bool has_room = get_number<guint64>(queue.get(), "current-level-buffers") < kMostWaiting;
      const Verdict verdict = video_gate_.on_frame(is_key_frame(gst_sample_get_buffer(sample)), has_room);
      if (verdict != Verdict::kPass) return verdict;
    }
    return gst_app_src_push_sample(GST_APP_SRC_CAST(queue.get()), sample) == GST_FLOW_OK ? Verdict::kPass
                                                                                         : Verdict::kDrop;
  }

 private:
  struct Player {
    GstPtr<GstPipeline> pipeline;
    GstPtr<GstElement> queue;
  };

  Player start(bool is_video) {
    Player player;
    const std::string text = is_video ? "videoconvert ! videoscale ! " + screen_ + " sync=false"
                                      : "audioconvert ! audioresample ! autoaudiosink";
    const auto tail = make_decoding_bin({}, text);
    player.pipeline = make_pipeline("window");
    if (!tail) return player;
    GstElement* const queue = make_appsrc(nullptr, kMostWaiting, !is_video);  // Sound goes on after any gap.
    gst_bin_add_many(GST_BIN_CAST(player.pipeline.get()), queue, *tail, nullptr);
    gst_element_link(queue, *tail);
    player.queue = share(queue);
    // Sound that cannot be played does not keep the pictures from being seen.
    BusEvents events;
    if (is_video) {
      events.on_error = [this](const Error& why) { on_close(why); };
      events.explain = [](const GError& reason, std::string_view, Error error) {
        const bool is_closed = g_error_matches(&reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND) != FALSE;
        return is_closed ? Error{Errc::kClosed, "the window was closed"} : std::move(error);
      };
    }
    watch_bus(player.pipeline.get(), std::move(events));
    gst_element_set_state(GST_ELEMENT_CAST(player.pipeline.get()), GST_STATE_PLAYING);
    return player;
  }

  /// On a thread of the window's, under whatever locks it has.
  void on_close(const Error& why) {
    if (is_closed_.exchange(true) || !window_.on_close) return;
    gate_->post([call = window_.on_close, why]() { call(why); });
  }

  void stop_players() {
    std::array<Player, 2> ended;
    {
      const std::lock_guard lock(mutex_);
      has_ended_ = true;
      std::swap(ended, players_);
    }
    for (const Player& player : ended)
      if (player.pipeline != nullptr) stop_pipeline(player.pipeline.get());
  }

  const MediaSink::Window window_;
  const std::string screen_;
  const std::shared_ptr<HandlerGate> gate_;
  std::mutex mutex_;
  bool has_ended_ = false;
  std::atomic<bool> is_closed_{false};
  std::array<Player, 2> players_;  ///< Video, audio.
  FrameGate video_gate_;           ///< On the video track's thread only.
};

bool starts(const char* name) {
  if (!has_element(name)) return false;
  const GstPtr<GstElement> sink(GST_ELEMENT_CAST(gst_object_ref_sink(make_element(name))));
  const bool is_ready = gst_element_set_state(sink.get(), GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
  gst_element_set_state(sink.get(), GST_STATE_NULL);
  return is_ready;
}

/// The element that can show a window. Not autovideosink: without a display it shows the pictures to nobody, and says
/// nothing, or tries DirectFB, which ends the process.
Result<std::string> find_screen() {
  const char* const x11 = std::getenv("DISPLAY");
  const char* const wayland = std::getenv("WAYLAND_DISPLAY");
  if (wayland != nullptr && starts("waylandsink")) return std::string("waylandsink");
  if (x11 != nullptr)
    for (const char* const name : {"xvimagesink", "ximagesink", "glimagesink"})
      if (starts(name)) return std::string(name);
  if (x11 == nullptr && wayland == nullptr)
    return Error{Errc::kServiceUnavailable, "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"};
  return Error{Errc::kServiceUnavailable,
               std::string("no window can be opened on display ") + (x11 != nullptr ? x11 : wayland) +
                   ": is it there, and may we use it? GStreamer needs a plugin for it, too; on Debian: apt-get "
                   "install gstreamer1.0-x"};
}

}  // namespace

Result<std::shared_ptr<SinkCore>> make_window(MediaSink::Window window) {
  if (auto started = start_gstreamer(); !started) return started.error();
  auto found = window.with_video ? need_elements({"decodebin", "videoconvert", "videoscale"}) : Result<void>();
  if (found && window.with_audio) found = need_elements({"decodebin", "audioconvert", "autoaudiosink"});
  if (!found) return found.error();
  const auto screen = window.with_video ? find_screen() : Result<std::string>(std::string());
  if (!screen) return screen.error();
  if (window.loop == nullptr && window.on_close) {
    auto loop = EventLoop::create();
    if (!loop) return loop.error();
    window.loop = *std::move(loop);
  }
  return std::shared_ptr<SinkCore>(std::make_shared<WindowSink>(std::move(window), *screen));
}

}  // namespace heliograph::peer
