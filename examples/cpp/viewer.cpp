// The viewer of the AWS README, in C++: watches a channel's master, counts what comes, and says hello.
//
//   eval "$(heliograph env)"; viewer CHANNEL [CLIENT_ID] [SECONDS]
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <utility>

using namespace heliograph;

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // Line by line, into a pipe too.
  if (argc < 2) return std::fputs("usage: viewer CHANNEL [CLIENT_ID] [SECONDS]\n", stderr), 2;
  const std::string channel = argv[1];
  const std::string client_id = argc > 2 ? argv[2] : "viewer-1";
  const std::chrono::seconds watch(argc > 3 ? std::stoi(argv[3]) : 10);

  // One thread for everything: handlers need no locks.
  const auto loop = EventLoop::create();
  if (!loop) return std::fprintf(stderr, "%s\n", loop.error().detail.c_str()), 1;
  auto channels = ChannelClient::create({.loop = *loop, .credentials = default_credentials({.loop = *loop})});
  if (!channels) return std::fprintf(stderr, "%s\n", channels.error().detail.c_str()), 1;

  const auto frames = MediaSink::headless();
  std::promise<Error> over;
  bool is_over = false;
  const auto end = [&](const Error& why) {
    if (!std::exchange(is_over, true)) over.set_value(why);
  };
  std::shared_ptr<DataChannel> chat;
  std::unique_ptr<PeerConnection> peer;
  std::unique_ptr<SignalingClient> signaling;

  bool is_answered = false;
  SignalingClient::Handlers on;
  on.on_open = [&](const std::vector<IceServer>& ice_servers) {
    if (peer) return;  // Signaling came back; the peer connection never went.
    PeerConnection::Handlers media;
    media.on_local_description = [&](const SessionDescription& offer) { (void)signaling->send_offer(offer); };
    media.on_ice_candidate = [&](const IceCandidate& candidate) { (void)signaling->send_candidate(candidate); };
    media.on_connection_state = [](PeerConnection::State state, std::string_view) {
      std::printf("peer connection: %s\n", std::string(to_string(state)).c_str());
    };
    auto made = PeerConnection::create(
        {.loop = *loop, .ice_servers = ice_servers, .receive_video = true, .receive_audio = true, .sink = frames},
        std::move(media));
    if (!made) return end(made.error());
    peer = *std::move(made);

    DataChannel::Handlers messages;
    messages.on_open = [&]() { (void)chat->send_text("hello from " + client_id); };
    messages.on_text = [](std::string_view text) { std::printf("master: %s\n", std::string(text).c_str()); };
    chat = peer->create_data_channel("kvsDataChannel", {}, std::move(messages)).value_or(nullptr);
    (void)peer->create_offer();
  };
  on.on_answer = [&](const SessionDescription& answer, const std::string&) {
    // The same once more, after signaling came back, is refused; what was agreed upon goes on.
    if (const auto taken = peer->set_remote_description(answer); !taken && !is_answered) end(taken.error());
    is_answered = true;
  };
  on.on_candidate = [&](const IceCandidate& candidate, const std::string&) {
    (void)peer->add_ice_candidate(candidate);
  };
  on.on_lost = [](const Error& why, auto) { std::printf("signaling: %s; coming back\n", why.detail.c_str()); };
  on.on_closed = [&](const Error& why) { end(why); };

  auto joined = SignalingClient::create(
      {.role = Role::kViewer, .client_id = client_id, .channel = channel, .channels = *channels}, std::move(on));
  if (!joined) return std::fprintf(stderr, "%s\n", joined.error().detail.c_str()), 1;
  signaling = *std::move(joined);
  signaling->open();

  auto ended = over.get_future();
  const bool is_early = ended.wait_for(watch) == std::future_status::ready;
  std::promise<void> gone;
  (*loop)->post([&]() {  // Where the handlers run, so that none of them sees half of it gone.
    peer.reset();
    signaling.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  if (is_early) return std::fprintf(stderr, "over: %s\n", ended.get().detail.c_str()), 1;

  const auto video = frames->stats(MediaKind::kVideo);
  const auto audio = frames->stats(MediaKind::kAudio);
  std::printf("%llu video frames, %llu audio frames\n", static_cast<unsigned long long>(video.frames),
              static_cast<unsigned long long>(audio.frames));
  return video.frames > 0 ? 0 : 1;
}
