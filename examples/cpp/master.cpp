// The master of the AWS README, in C++: shows a test picture to every viewer that asks, and answers what they write.
//
//   eval "$(heliograph env)"; master CHANNEL [SECONDS]
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>

using namespace heliograph;

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // Line by line, into a pipe too.
  if (argc < 2) return std::fputs("usage: master CHANNEL [SECONDS]\n", stderr), 2;
  const std::string channel = argv[1];
  const std::chrono::seconds stay(argc > 2 ? std::stoi(argv[2]) : 3600);

  const auto loop = EventLoop::create();
  if (!loop) return std::fprintf(stderr, "%s\n", loop.error().detail.c_str()), 1;
  auto channels = ChannelClient::create({.loop = *loop, .credentials = default_credentials({.loop = *loop})});
  if (!channels) return std::fprintf(stderr, "%s\n", channels.error().detail.c_str()), 1;
  // Encoded once, however many watch.
  auto picture = MediaSource::create({.width = 640, .height = 360, .frames_per_second = 15});
  if (!picture) return std::fprintf(stderr, "%s\n", picture.error().detail.c_str()), 1;

  std::promise<Error> over;
  bool is_over = false;
  const auto end = [&](const Error& why) {
    if (!std::exchange(is_over, true)) over.set_value(why);
  };
  struct Viewer {
    std::string offer{};  // Its last.
    std::unique_ptr<PeerConnection> peer{};
    std::vector<IceCandidate> early{};  // Before there was a peer.
  };
  std::map<std::string, Viewer> viewers;
  std::unique_ptr<SignalingClient> signaling;

  const auto welcome = [&](const std::string& viewer, const std::vector<IceServer>& relays) {
    PeerConnection::Handlers media;
    media.on_local_description = [&, viewer](const SessionDescription& answer) {
      (void)signaling->send_answer(answer, viewer);
    };
    media.on_ice_candidate = [&, viewer](const IceCandidate& candidate) {
      (void)signaling->send_candidate(candidate, viewer);
    };
    media.on_connection_state = [&, viewer](PeerConnection::State state, std::string_view) {
      std::printf("%s: %s\n", viewer.c_str(), std::string(to_string(state)).c_str());
      if (state != PeerConnection::State::kFailed && state != PeerConnection::State::kClosed) return;
      signaling->forget(viewer);
      viewers.erase(viewer);  // Legal inside its own handler.
    };
    media.on_data_channel = [viewer](const std::shared_ptr<DataChannel>& chat) {
      DataChannel::Handlers messages;
      messages.on_text = [viewer, chat = std::weak_ptr(chat)](std::string_view text) {
        std::printf("%s: %s\n", viewer.c_str(), std::string(text).c_str());
        if (const auto open = chat.lock()) (void)open->send_text("you said: " + std::string(text));
      };
      chat->set_handlers(std::move(messages));
    };
    return PeerConnection::create({.loop = *loop, .ice_servers = relays, .send = *picture}, std::move(media));
  };

  SignalingClient::Handlers on;
  on.on_open = [&](const auto&) { std::puts("waiting for viewers"); };
  on.on_offer = [&](const SessionDescription& offer, const std::string& viewer) {
    // The same once more, after signaling came back: what it brought about goes on.
    if (viewers[viewer].offer == offer.sdp) return;
    viewers[viewer] = {.offer = offer.sdp};  // An older one of the same viewer goes.
    // Relays last for minutes, this connection for an hour.
    signaling->ice_servers([&, offer, viewer](const Result<std::vector<IceServer>>& relays) {
      if (viewers[viewer].offer != offer.sdp) return;  // There is a newer one.
      auto peer = welcome(viewer, relays.value_or(std::vector<IceServer>{}));
      if (!peer) return end(peer.error());
      Viewer& one = viewers[viewer];
      one.peer = *std::move(peer);
      if (const auto taken = one.peer->set_remote_description(offer); !taken)
        std::printf("%s: %s\n", viewer.c_str(), taken.error().detail.c_str());
      for (const IceCandidate& candidate : std::exchange(one.early, {})) (void)one.peer->add_ice_candidate(candidate);
    });
  };
  on.on_candidate = [&](const IceCandidate& candidate, const std::string& viewer) {
    const auto found = viewers.find(viewer);
    if (found == viewers.end()) return;
    if (!found->second.peer) return found->second.early.push_back(candidate);
    (void)found->second.peer->add_ice_candidate(candidate);
  };
  on.on_lost = [](const Error& why, auto) { std::printf("signaling: %s; coming back\n", why.detail.c_str()); };
  on.on_closed = [&](const Error& why) { end(why); };

  auto joined =
      SignalingClient::create({.role = Role::kMaster, .channel = channel, .channels = *channels}, std::move(on));
  if (!joined) return std::fprintf(stderr, "%s\n", joined.error().detail.c_str()), 1;
  signaling = *std::move(joined);
  signaling->open();

  auto ended = over.get_future();
  const bool is_early = ended.wait_for(stay) == std::future_status::ready;
  std::promise<void> gone;
  (*loop)->post([&]() {  // Where the handlers run, so that none of them sees half of it gone.
    viewers.clear();
    signaling.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  if (is_early) std::fprintf(stderr, "over: %s\n", ended.get().detail.c_str());
  return is_early ? 1 : 0;
}
