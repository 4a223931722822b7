// A camera as a master: what a V4L2 device or a network camera shows, to every viewer of a channel, while it runs.
//
//   eval "$(heliograph env)"; camera CHANNEL [/dev/video0 | rtsp://host/path | file.mp4]
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>

using namespace heliograph;

namespace {

struct Viewer {
  std::string offer{};  ///< Its last.
  std::unique_ptr<PeerConnection> peer{};
  std::vector<IceCandidate> early{};  ///< Before there was a peer.
};

/// All of it lives on the loop's thread.
struct Camera {
  std::shared_ptr<EventLoop> loop;
  std::shared_ptr<MediaSource> source;
  std::unique_ptr<SignalingClient> signaling{};
  std::map<std::string, Viewer> viewers{};

  void welcome(const std::string& viewer, const SessionDescription& offer, const Result<std::vector<IceServer>>& now) {
    Viewer& one = viewers[viewer];
    if (one.offer != offer.sdp) return;  // There is a newer one.
    PeerConnection::Handlers on;
    on.on_local_description = [this, viewer](const auto& answer) { (void)signaling->send_answer(answer, viewer); };
    on.on_ice_candidate = [this, viewer](const auto& candidate) { (void)signaling->send_candidate(candidate, viewer); };
    on.on_connection_state = [this, viewer](PeerConnection::State state, std::string_view reason) {
      std::printf("%s: %s %s\n", viewer.c_str(), std::string(to_string(state)).c_str(), std::string(reason).c_str());
      if (state == PeerConnection::State::kFailed || state == PeerConnection::State::kClosed) leave(viewer);
    };
    const auto relays = now.value_or(std::vector<IceServer>{});  // They last for minutes, a camera for years.
    auto peer = PeerConnection::create({.loop = loop, .ice_servers = relays, .send = source}, std::move(on));
    if (!peer) return std::printf("%s: %s\n", viewer.c_str(), peer.error().detail.c_str()), leave(viewer);
    one.peer = *std::move(peer);
    if (const auto taken = one.peer->set_remote_description(offer); !taken) return leave(viewer);
    for (const auto& candidate : std::exchange(one.early, {})) (void)one.peer->add_ice_candidate(candidate);
  }
  void leave(const std::string& viewer) {
    signaling->forget(viewer);  // The candidates of its next offer wait for that offer again.
    viewers.erase(viewer);
  }
};

MediaSource::Input input_of(const std::string& what) {
  if (what.starts_with("/dev/")) return MediaSource::Camera{.device = what};
  if (what.starts_with("rtsp://")) return MediaSource::Rtsp{.url = what};
  if (!what.empty()) return MediaSource::File{.path = what};
  return MediaSource::TestPattern{};
}

int fail(const Error& why) { return std::fprintf(stderr, "%s\n", why.detail.c_str()), 1; }

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // Line by line, into a pipe too.
  if (argc < 2) return std::fputs("usage: camera CHANNEL [DEVICE | RTSP-URL | FILE]\n", stderr), 2;
  sigset_t leave;  // Waited for below, in no handler.
  ::sigemptyset(&leave), ::sigaddset(&leave, SIGINT), ::sigaddset(&leave, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &leave, nullptr);

  const auto loop = EventLoop::create();
  if (!loop) return fail(loop.error());
  auto channels = ChannelClient::create({.loop = *loop, .credentials = default_credentials({.loop = *loop})});
  if (!channels) return fail(channels.error());
  auto source =
      MediaSource::create({.input = input_of(argc > 2 ? argv[2] : ""), .loop = *loop},
                          {.on_error = [](const Error& why) { std::printf("source: %s\n", why.detail.c_str()); }});
  if (!source) return fail(source.error());
  // A camera that is new in town makes its channel itself.
  if (const auto made = (*channels)->create_channel({.name = argv[1], .wait_until_active = true});
      !made && made.error().code != Errc::kResourceInUse)
    return fail(made.error());

  Camera camera{.loop = *loop, .source = *source};
  SignalingClient::Handlers on;
  on.on_open = [](const auto&) { std::puts("waiting for viewers"); };
  on.on_offer = [&](const auto& offer, const std::string& viewer) {
    // The same once more, after signaling came back: what it brought about goes on.
    if (camera.viewers[viewer].offer == offer.sdp) return;
    camera.viewers[viewer] = {.offer = offer.sdp};  // An older one of the same viewer goes.
    camera.signaling->ice_servers([&, offer, viewer](const auto& now) { camera.welcome(viewer, offer, now); });
  };
  on.on_candidate = [&](const auto& candidate, const std::string& viewer) {
    const auto found = camera.viewers.find(viewer);
    if (found == camera.viewers.end()) return;
    if (!found->second.peer) return found->second.early.push_back(candidate);
    (void)found->second.peer->add_ice_candidate(candidate);
  };
  on.on_lost = [](const Error& why, auto) { std::printf("signaling: %s; coming back\n", why.detail.c_str()); };
  on.on_closed = [](const Error& why) { fail(why), ::kill(::getpid(), SIGTERM); };
  auto joined =
      SignalingClient::create({.role = Role::kMaster, .channel = argv[1], .channels = *channels}, std::move(on));
  if (!joined) return fail(joined.error());
  camera.signaling = *std::move(joined);
  camera.signaling->open();

  int received = 0;
  ::sigwait(&leave, &received);
  // The loop's handlers use the camera: it is taken apart where they run.
  std::promise<void> gone;
  (*loop)->post([&]() { camera.viewers.clear(), camera.signaling.reset(), gone.set_value(); });
  gone.get_future().wait();
}
