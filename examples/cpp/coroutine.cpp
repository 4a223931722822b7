// A viewer as one coroutine on an Asio loop of your own: join, offer over a data channel, wait for the answer, chat
// once.
//
//   eval "$(heliograph env)"; coroutine CHANNEL
#include <heliograph/asio.hpp>
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <variant>

using namespace heliograph;
namespace net = boost::asio;

namespace {

/// Handlers of the SDK run on the coroutine's own thread, so nothing here needs a lock.
Result<std::shared_ptr<EventLoop>> loop_on(net::io_context& context) {
  EventLoop::Options options;
  options.executor = [&context](std::function<void()> task) { net::post(context, std::move(task)); };
  return EventLoop::create(std::move(options));
}

net::awaitable<Result<void>> view(std::shared_ptr<EventLoop> loop, std::string channel) {
  ChannelClient::Options service{.loop = loop, .credentials = default_credentials({.loop = loop})};
  auto made = ChannelClient::create(service);
  if (!made) co_return made.error();
  const auto channels = *made;
  const auto known = co_await asio::async_describe_channel(channels, channel, net::use_awaitable);
  if (!known) co_return known.error();
  std::printf("found %s\n", known->arn.c_str());

  const auto events = SignalingEvents::create();
  auto joined = SignalingClient::create(
      {.role = Role::kViewer, .client_id = "coroutine", .channel = known->arn, .channels = channels},
      events->handlers());
  if (!joined) co_return joined.error();
  const auto signaling = *std::move(joined);
  signaling->open();

  std::unique_ptr<PeerConnection> peer;
  bool is_answered = false;
  std::shared_ptr<DataChannel> chat;
  for (;;) {
    const auto next = co_await asio::async_next(events, net::use_awaitable);
    if (!next) co_return next.error();
    if (const auto* opened = std::get_if<SignalingOpened>(&*next); opened != nullptr && !peer) {
      PeerConnection::Handlers on;
      on.on_local_description = [&](const auto& offer) { (void)signaling->send_offer(offer); };
      on.on_ice_candidate = [&](const auto& candidate) { (void)signaling->send_candidate(candidate); };
      auto connection = PeerConnection::create({.loop = loop, .ice_servers = opened->ice_servers}, std::move(on));
      if (!connection) co_return connection.error();
      peer = *std::move(connection);
      DataChannel::Handlers line;
      line.on_open = [&]() { (void)chat->send_text("hello from a coroutine"); };
      line.on_text = [&](std::string_view text) {
        std::printf("master: %.*s\n", static_cast<int>(text.size()), text.data());
        events->close();  // That was all; the next co_await says so.
      };
      chat = peer->create_data_channel("kvsDataChannel", {}, std::move(line)).value_or(nullptr);
      if (const auto offered = peer->create_offer(); !offered) co_return offered.error();
    } else if (const auto* described = std::get_if<DescriptionReceived>(&*next)) {
      // The same once more, after signaling came back, is refused; what was agreed upon goes on.
      const auto taken = peer->set_remote_description(described->description);
      if (!taken && !is_answered) co_return taken.error();
      is_answered = true;
    } else if (const auto* candidate = std::get_if<CandidateReceived>(&*next)) {
      (void)peer->add_ice_candidate(candidate->candidate);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // Line by line, into a pipe too.
  if (argc < 2) return std::fputs("usage: coroutine CHANNEL\n", stderr), 2;
  net::io_context context;
  const auto loop = loop_on(context);
  if (!loop) return std::fprintf(stderr, "%s\n", loop.error().detail.c_str()), 1;
  int code = 1;
  net::co_spawn(context, view(*loop, argv[1]), [&](std::exception_ptr thrown, Result<void> how) {
    // kClosed: the coroutine closed its events itself, having heard what it came for.
    code = !thrown && !how && how.error().code == Errc::kClosed ? 0 : 1;
    if (code != 0 && !how) std::fprintf(stderr, "%s\n", how.error().detail.c_str());
  });
  context.run();
  return code;
}
