// MediaSource hands everything on to its core.
#include "heliograph/media_source.hpp"

#include "peer/source_core.hpp"

namespace heliograph {

MediaSource::MediaSource(std::shared_ptr<peer::SourceCore> core) : core_(std::move(core)) {}
MediaSource::~MediaSource() = default;

Result<std::shared_ptr<MediaSource>> MediaSource::create(Options options, Handlers handlers) {
  auto core = peer::SourceCore::create(std::move(options), std::move(handlers));
  if (!core) return core.error();
  return std::shared_ptr<MediaSource>(new MediaSource(*std::move(core)));
}

Result<void> MediaSource::push(const EncodedFrame& frame) { return core_->push(frame); }

Result<void> MediaSource::push_picture(std::span<const std::byte> i420, std::chrono::nanoseconds timestamp) {
  return core_->push_picture(i420, timestamp);
}

void MediaSource::set_video_kbps(int most) { core_->set_video_kbps(most); }
MediaSource::Stats MediaSource::stats() const { return core_->stats(); }

}  // namespace heliograph
