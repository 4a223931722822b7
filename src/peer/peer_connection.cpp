// PeerConnection and MediaTrack hand everything on to their cores; states by their names.
#include "heliograph/peer_connection.hpp"

#include "peer/peer_core.hpp"

namespace heliograph {

PeerConnection::PeerConnection(std::shared_ptr<peer::PeerCore> core) : core_(std::move(core)) {}
PeerConnection::~PeerConnection() { core_->abandon(); }

Result<void> PeerConnection::preload() { return peer::PeerCore::preload(); }
Result<std::unique_ptr<PeerConnection>> PeerConnection::create(Config config, Handlers handlers) {
  auto core = peer::PeerCore::create(std::move(config), std::move(handlers));
  if (!core) return core.error();
  return std::unique_ptr<PeerConnection>(new PeerConnection(*std::move(core)));
}

Result<void> PeerConnection::create_offer(OfferOptions options) { return core_->create_offer(options); }
Result<void> PeerConnection::set_remote_description(const SessionDescription& description) {
  return core_->set_remote_description(description);
}
Result<void> PeerConnection::add_ice_candidate(const IceCandidate& candidate) {
  return core_->add_ice_candidate(candidate);
}
Result<std::shared_ptr<DataChannel>> PeerConnection::create_data_channel(std::string label,
                                                                         DataChannel::Options options,
                                                                         DataChannel::Handlers handlers) {
  return core_->create_data_channel(std::move(label), options, std::move(handlers));
}
Result<void> PeerConnection::set_ice_servers(const std::vector<IceServer>& servers) {
  return core_->set_ice_servers(servers);
}
void PeerConnection::stats(std::function<void(Result<PeerStats>)> done) { core_->stats(std::move(done)); }
PeerConnection::State PeerConnection::state() const { return core_->state(); }
void PeerConnection::close() { core_->close(); }

MediaTrack::MediaTrack(std::shared_ptr<peer::TrackCore> core) : core_(std::move(core)) {}
MediaTrack::~MediaTrack() = default;
MediaKind MediaTrack::kind() const noexcept { return kind_of(core_->codec()); }
Codec MediaTrack::codec() const noexcept { return core_->codec(); }
void MediaTrack::attach(std::shared_ptr<MediaSink> sink) { core_->attach(std::move(sink)); }
void MediaTrack::request_key_frame() { core_->request_key_frame(); }

std::string_view to_string(PeerConnection::State state) noexcept {
  switch (state) {
    case PeerConnection::State::kNew:
      return "new";
    case PeerConnection::State::kConnecting:
      return "connecting";
    case PeerConnection::State::kConnected:
      return "connected";
    case PeerConnection::State::kDisconnected:
      return "disconnected";
    case PeerConnection::State::kFailed:
      return "failed";
    case PeerConnection::State::kClosed:
      return "closed";
  }
  return "";
}

std::string_view to_string(PeerConnection::IceState state) noexcept {
  switch (state) {
    case PeerConnection::IceState::kNew:
      return "new";
    case PeerConnection::IceState::kChecking:
      return "checking";
    case PeerConnection::IceState::kConnected:
      return "connected";
    case PeerConnection::IceState::kCompleted:
      return "completed";
    case PeerConnection::IceState::kFailed:
      return "failed";
    case PeerConnection::IceState::kDisconnected:
      return "disconnected";
    case PeerConnection::IceState::kClosed:
      return "closed";
  }
  return "";
}

}  // namespace heliograph
