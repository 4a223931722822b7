// Shows received pictures and plays received sound, by whatever the desktop has.
#include <array>

#include "peer/fanout.hpp"
#include "peer/gst_world.hpp"
#include "peer/sink_core.hpp"
#include "peer/stage.hpp"

namespace heliograph::peer {
namespace {

constexpr unsigned kMostWaiting = 60;

class WindowSink final : public SinkCore {
 public:
  explicit WindowSink(MediaSink::Window window) : window_(window) {}
  ~WindowSink() override { stop_players(); }
  Result<void> stop() override {
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
      if (has_ended_) return Verdict::kDrop;
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

  static Player start(bool is_video) {
    Player player;
    const char* const text =
        is_video ? "videoconvert ! autovideosink sync=false" : "audioconvert ! audioresample ! autoaudiosink";
    const auto tail = make_decoding_bin({}, text);
    player.pipeline = make_pipeline("window");
    if (!tail) return player;
    GstElement* const queue = make_appsrc(nullptr, kMostWaiting, !is_video);  // Sound goes on after any gap.
    gst_bin_add_many(GST_BIN_CAST(player.pipeline.get()), queue, *tail, nullptr);
    gst_element_link(queue, *tail);
    player.queue = share(queue);
    watch_bus(player.pipeline.get(), {});
    gst_element_set_state(GST_ELEMENT_CAST(player.pipeline.get()), GST_STATE_PLAYING);
    return player;
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
  std::mutex mutex_;
  bool has_ended_ = false;
  std::array<Player, 2> players_;  ///< Video, audio.
  FrameGate video_gate_;           ///< On the video track's thread only.
};

}  // namespace

Result<std::shared_ptr<SinkCore>> make_window(const MediaSink::Window& window) {
  if (auto started = start_gstreamer(); !started) return started.error();
  auto found = window.with_video ? need_elements({"decodebin", "videoconvert", "autovideosink"}) : Result<void>();
  if (found && window.with_audio) found = need_elements({"decodebin", "audioconvert", "autoaudiosink"});
  if (!found) return found.error();
  return std::shared_ptr<SinkCore>(std::make_shared<WindowSink>(window));
}

}  // namespace heliograph::peer
