// A chat of one master with many viewers, over data channels: what the master types goes to all, what a viewer types to
// the master, who passes it on.
//
//   eval "$(heliograph env)"; chat CHANNEL            # the master
//   eval "$(heliograph env)"; chat CHANNEL alice      # a viewer of that name
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <cstdio>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <string>

using namespace heliograph;

namespace {

struct Member {
  std::unique_ptr<PeerConnection> peer{};
  std::shared_ptr<DataChannel> line{};
};

/// All of it lives on the loop's thread. The master is the member "" of a viewer.
struct Chat {
  std::shared_ptr<EventLoop> loop;
  bool is_master = false;
  std::vector<IceServer> ice_servers{};
  std::unique_ptr<SignalingClient> signaling{};
  std::map<std::string, Member> members{};

  void say(const std::string& text, const std::string& except = "-") {
    for (auto& [name, member] : members)
      if (member.line && name != except) (void)member.line->send_text(text);
  }
  DataChannel::Handlers handlers(const std::string& who) {
    DataChannel::Handlers on;
    on.on_open = [this, who]() { tell("* " + (is_master ? who : "the master") + " is here"); };
    on.on_text = [this, who](std::string_view text) {
      tell(is_master ? who + ": " + std::string(text) : std::string(text));
      if (is_master) say(who + ": " + std::string(text), who);
    };
    on.on_close = [this, who]() { tell("* " + (is_master ? who : "the master") + " has left"); };
    return on;
  }
  static void tell(const std::string& text) { std::cout << text << std::endl; }
  Member* connect(const std::string& who) {
    PeerConnection::Handlers on;
    on.on_local_description = [this, who](const SessionDescription& one) {
      (void)(is_master ? signaling->send_answer(one, who) : signaling->send_offer(one));
    };
    on.on_ice_candidate = [this, who](const IceCandidate& one) { (void)signaling->send_candidate(one, who); };
    on.on_data_channel = [this, who](std::shared_ptr<DataChannel> line) {
      line->set_handlers(handlers(who));
      members[who].line = std::move(line);
    };
    on.on_connection_state = [this, who](PeerConnection::State state, std::string_view) {
      if (state == PeerConnection::State::kFailed) members.erase(who);
    };
    auto peer = PeerConnection::create({.loop = loop, .ice_servers = ice_servers}, std::move(on));
    if (!peer) return tell("* " + peer.error().detail), nullptr;
    members[who].peer = *std::move(peer);
    return &members[who];
  }
};

int fail(const Error& why) { return std::fprintf(stderr, "%s\n", why.detail.c_str()), 1; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: chat CHANNEL [NAME]\n", stderr), 2;
  const std::string name = argc > 2 ? argv[2] : "";
  const auto loop = EventLoop::create();
  if (!loop) return fail(loop.error());
  auto channels = ChannelClient::create({.loop = *loop, .credentials = default_credentials({.loop = *loop})});
  if (!channels) return fail(channels.error());

  Chat chat{.loop = *loop, .is_master = name.empty()};
  SignalingClient::Handlers on;
  on.on_open = [&](const std::vector<IceServer>& ice_servers) {
    chat.ice_servers = ice_servers;
    if (chat.is_master || chat.members.count("") != 0) return;
    Member* master = chat.connect("");
    if (master == nullptr) return;
    master->line = master->peer->create_data_channel("kvsDataChannel", {}, chat.handlers("")).value_or(nullptr);
    (void)master->peer->create_offer();
  };
  const auto describe = [&](const SessionDescription& one, const std::string& from) {
    Member* member = chat.is_master ? chat.connect(from) : &chat.members[from];
    if (member != nullptr && member->peer) (void)member->peer->set_remote_description(one);
  };
  on.on_offer = on.on_answer = describe;
  on.on_candidate = [&](const IceCandidate& one, const std::string& from) {
    if (chat.members.count(from) != 0) (void)chat.members[from].peer->add_ice_candidate(one);
  };
  on.on_closed = [](const Error& why) { Chat::tell("* over: " + why.detail); };
  auto joined = SignalingClient::create({.role = chat.is_master ? Role::kMaster : Role::kViewer,
                                         .client_id = name,
                                         .channel = argv[1],
                                         .channels = *channels},
                                        std::move(on));
  if (!joined) return fail(joined.error());
  chat.signaling = *std::move(joined);
  chat.signaling->open();

  for (std::string text; std::getline(std::cin, text);)
    (*loop)->post([&chat, text]() { chat.say(chat.is_master ? "master: " + text : text); });
  std::promise<void> gone;
  (*loop)->post([&]() {  // Where the handlers run, so that none of them sees half of it gone.
    chat.members.clear();
    chat.signaling.reset();
    gone.set_value();
  });
  gone.get_future().wait();
}
