// MediaSink hands everything on to its core.
#include "heliograph/media_sink.hpp"

#include "peer/sink_core.hpp"

namespace heliograph {

MediaSink::MediaSink(std::shared_ptr<peer::SinkCore> core) : core_(std::move(core)) {}
MediaSink::~MediaSink() { static_cast<void>(core_->stop()); }

Result<std::shared_ptr<MediaSink>> MediaSink::record(Recording recording) {
  auto core = peer::make_recorder(recording);
  if (!core) return core.error();
  return std::shared_ptr<MediaSink>(new MediaSink(*std::move(core)));
}

std::shared_ptr<MediaSink> MediaSink::headless() {
  return std::shared_ptr<MediaSink>(new MediaSink(std::make_shared<peer::SinkCore>()));
}

Result<std::shared_ptr<MediaSink>> MediaSink::window(Window window) {
  auto core = peer::make_window(std::move(window));
  if (!core) return core.error();
  return std::shared_ptr<MediaSink>(new MediaSink(*std::move(core)));
}

std::shared_ptr<MediaSink> MediaSink::frames(Frames frames) {
  return std::shared_ptr<MediaSink>(new MediaSink(peer::make_frame_sink(std::move(frames))));
}

Result<void> MediaSink::stop() { return core_->stop(); }
MediaSink::Stats MediaSink::stats(MediaKind kind) const { return core_->stats(kind); }

}  // namespace heliograph
