// A chat over data channels: what the master types goes to all viewers, and it passes on what one of them types.
//
//   eval "$(heliograph env)"; chat CHANNEL [NAME]      # a viewer of that name; without one, the master
#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/peer_connection.hpp>
#include <heliograph/signaling_client.hpp>

#include <chrono>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <string>

using namespace heliograph;

namespace {

/// All of it lives on the loop's thread. The master is the member "" of a viewer.
struct Chat {
  struct Member {
    std::unique_ptr<PeerConnection> peer{};
    std::shared_ptr<DataChannel> line{};
    std::string offer{};  ///< That it called with.
  };
  std::shared_ptr<EventLoop> loop;
  bool is_master = false;
  std::vector<IceServer> ice_servers{};
  std::unique_ptr<SignalingClient> signaling{};
  std::map<std::string, Member> members{};
  std::chrono::steady_clock::time_point called_at{};
  static void tell(const std::string& text) { std::cout << text << std::endl; }
  void say(const std::string& text, const std::string& except = "-") {
    const bool is_unanswered = !is_master && (!find("") || find("")->state() != PeerConnection::State::kConnected);
    if (is_unanswered && std::chrono::steady_clock::now() - called_at > std::chrono::seconds(10)) connect("");
    for (auto& [name, member] : members)
      if (member.line && name != except) (void)member.line->send_text(text);
  }
  std::string called(const std::string& who) const { return is_master ? who : "the master"; }
  PeerConnection* find(const std::string& who) { return members.count(who) ? members[who].peer.get() : nullptr; }
  DataChannel::Handlers handlers(const std::string& who) {
    DataChannel::Handlers on;
    on.on_open = [this, who]() { tell("* " + called(who) + " is here"); };
    on.on_text = [this, who](std::string_view text) {
      tell(is_master ? who + ": " + std::string(text) : std::string(text));
      if (is_master) say(who + ": " + std::string(text), who);
    };
    on.on_close = [this, who]() { end(who, "the line was closed"); };  // How native peers say goodbye.
    return on;
  }
  PeerConnection* connect(const std::string& who, const std::string& offer = "") {
    PeerConnection::Handlers on;
    on.on_local_description = [this, who](const SessionDescription& one) {
      (void)(is_master ? signaling->send_answer(one, who) : signaling->send_offer(one));
    };
    on.on_ice_candidate = [this, who](const IceCandidate& one) { (void)signaling->send_candidate(one, who); };
    on.on_data_channel = [this, who](std::shared_ptr<DataChannel> line) {
      line->set_handlers(handlers(who));
      members[who].line = std::move(line);
    };
    on.on_connection_state = [this, who](PeerConnection::State state, std::string_view why) {
      if (state == PeerConnection::State::kFailed || state == PeerConnection::State::kClosed) end(who, why);
    };
    auto peer = PeerConnection::create({.loop = loop, .ice_servers = ice_servers}, std::move(on));
    if (!peer) return tell("* " + peer.error().detail), nullptr;
    Member& member = members[who] = {.peer = *std::move(peer), .offer = offer};  // An older one of that name goes.
    if (is_master) return member.peer.get();
    member.line = member.peer->create_data_channel("kvsDataChannel", {}, handlers(who)).value_or(nullptr);
    (void)member.peer->create_offer();  // A viewer calls.
    called_at = std::chrono::steady_clock::now();
    return member.peer.get();
  }
  void end(const std::string who, std::string_view why) {  // A copy: the handler that has the name goes, too.
    tell("* no connection with " + called(who) + ": " + std::string(why) + (is_master ? "" : "; calling again"));
    members.erase(who);      // Signaling may still bring something of it, which find() then has no peer for.
    signaling->forget(who);  // Candidates wait for the next description again.
    if (!is_master) connect(who);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::cerr << "usage: chat CHANNEL [NAME]\n", 2;
  const std::string name = argc > 2 ? argv[2] : "";
  const Role role = name.empty() ? Role::kMaster : Role::kViewer;
  const auto loop = EventLoop::create();
  if (!loop) return std::cerr << loop.error().detail << '\n', 1;
  auto channels = ChannelClient::create({.loop = *loop, .credentials = default_credentials({.loop = *loop})});
  if (!channels) return std::cerr << channels.error().detail << '\n', 1;
  Chat chat{.loop = *loop, .is_master = role == Role::kMaster};
  SignalingClient::Handlers on;
  on.on_open = [&](const std::vector<IceServer>& ice_servers) {
    chat.ice_servers = ice_servers;
    if (!chat.is_master && !chat.find("")) chat.connect("");
  };
  on.on_offer = on.on_answer = [&](const SessionDescription& one, const std::string& from) {
    if (chat.is_master && chat.find(from) && chat.members[from].offer == one.sdp) return;  // It may come twice.
    PeerConnection* const peer = chat.is_master ? chat.connect(from, one.sdp) : chat.find(from);
    if (peer) (void)peer->set_remote_description(one);
  };
  on.on_candidate = [&](const IceCandidate& one, const std::string& from) {
    if (PeerConnection* const peer = chat.find(from)) (void)peer->add_ice_candidate(one);
  };
  on.on_closed = [](const Error& why) { Chat::tell("* over: " + why.detail); };
  auto joined = SignalingClient::create({.role = role, .client_id = name, .channel = argv[1], .channels = *channels},
                                        std::move(on));
  if (!joined) return std::cerr << joined.error().detail << '\n', 1;
  (chat.signaling = *std::move(joined))->open();
  for (std::string text; std::getline(std::cin, text);)
    (*loop)->post([&chat, text]() { chat.say(chat.is_master ? "master: " + text : text); });
  std::promise<void> gone;
  // Where the handlers run, so that none of them sees half of it gone.
  (*loop)->post([&]() { chat.members.clear(), chat.signaling.reset(), gone.set_value(); });
  gone.get_future().wait();
}
