// A headless recorder: a viewer that writes what a master shows into a Matroska file, without encoding it again.
//
//   eval "$(heliograph env)"; recorder CHANNEL FILE.mkv [SECONDS]
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

using namespace heliograph;

namespace {

int fail(const Error& why) { return std::fprintf(stderr, "%s\n", why.detail.c_str()), 1; }

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // Line by line, into a pipe too.
  if (argc < 3) return std::fputs("usage: recorder CHANNEL FILE.mkv [SECONDS]\n", stderr), 2;
  const std::chrono::seconds length(argc > 3 ? std::stoi(argv[3]) : 60);

  const auto loop = EventLoop::create();
  if (!loop) return fail(loop.error());
  auto channels = ChannelClient::create({.loop = *loop, .credentials = default_credentials({.loop = *loop})});
  if (!channels) return fail(channels.error());
  auto file = MediaSink::record({.path = argv[2]});
  if (!file) return fail(file.error());

  std::promise<Result<void>> begun;
  bool has_begun = false;
  const auto begin = [&](Result<void> how) {
    if (!std::exchange(has_begun, true)) begun.set_value(std::move(how));
  };
  bool is_answered = false;
  std::unique_ptr<PeerConnection> peer;
  std::unique_ptr<SignalingClient> signaling;

  SignalingClient::Handlers on;
  on.on_open = [&](const std::vector<IceServer>& ice_servers) {
    if (peer) return;  // Signaling came back; the peer connection never went.
    PeerConnection::Handlers media;
    media.on_local_description = [&](const auto& offer) { (void)signaling->send_offer(offer); };
    media.on_ice_candidate = [&](const auto& candidate) { (void)signaling->send_candidate(candidate); };
    media.on_connection_state = [&](PeerConnection::State state, std::string_view reason) {
      if (state == PeerConnection::State::kConnected) begin({});
      if (state == PeerConnection::State::kFailed) begin(Error{Errc::kIo, std::string(reason)});
    };
    auto made = PeerConnection::create(
        {.loop = *loop, .ice_servers = ice_servers, .receive_video = true, .receive_audio = true, .sink = *file},
        std::move(media));
    if (!made) return begin(made.error());
    peer = *std::move(made);
    if (const auto offered = peer->create_offer(); !offered) begin(offered.error());
  };
  on.on_answer = [&](const auto& answer, const std::string&) {
    // The same once more, after signaling came back, is refused; what was agreed upon goes on.
    if (const auto taken = peer->set_remote_description(answer); !taken && !is_answered) begin(taken.error());
    is_answered = true;
  };
  on.on_candidate = [&](const auto& candidate, const std::string&) { (void)peer->add_ice_candidate(candidate); };
  on.on_closed = [&](const Error& why) { begin(why); };

  // Every recorder of a channel needs an id of its own.
  auto joined = SignalingClient::create({.role = Role::kViewer,
                                         .client_id = "recorder-" + std::to_string(::getpid()),
                                         .channel = argv[1],
                                         .channels = *channels},
                                        std::move(on));
  if (!joined) return fail(joined.error());
  signaling = *std::move(joined);
  signaling->open();

  auto start = begun.get_future();
  if (start.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
    std::fputs("nobody answered within 30 s\n", stderr);
  else if (const auto how = start.get(); !how)
    std::fprintf(stderr, "%s\n", how.error().detail.c_str());
  else
    std::this_thread::sleep_for(length);

  std::promise<void> gone;
  (*loop)->post([&]() {  // Where the handlers run, so that none of them sees half of it gone.
    peer.reset();
    signaling.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  if (const auto complete = (*file)->stop(); !complete) return fail(complete.error());
  const auto video = (*file)->stats(MediaKind::kVideo);
  std::printf("%s: %llu pictures\n", argv[2], static_cast<unsigned long long>(video.frames));
}
