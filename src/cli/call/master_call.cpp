// Offers in, answers out.
#include "cli/call/master_call.hpp"

#include <algorithm>
#include <utility>

#include "cli/call/relays.hpp"
#include "cli/call/signaling_pace.hpp"

namespace heliograph::cli {

using std::chrono::seconds;
using std::chrono::steady_clock;

MasterCall::MasterCall(MasterOptions options, MasterEvents events)
    : options_(std::move(options)), events_(std::move(events)) {}

MasterCall::~MasterCall() {
  *alive_ = false;
  signaling_.reset();
  viewers_.clear();
}

Result<void> MasterCall::open() {
  SignalingClient::Handlers handlers;
  handlers.on_open = [this](const std::vector<IceServer>& servers) {
    ice_servers_ = servers;
    const auto after = refresh_after(servers);
    ice_end_ = after ? std::optional(steady_clock::now() + *after) : std::nullopt;
    if (events_.on_open) events_.on_open();
  };
  handlers.on_offer = [this](SessionDescription offer, const std::string& from) { on_offer(offer, from); };
  handlers.on_candidate = [this](const IceCandidate& candidate, const std::string& from) {
    on_candidate(candidate, from);
  };
  handlers.on_status = [this](const SignalingStatus& status) {
    warn("the service refused a message: " + status.error_type + ": " + status.description);
  };
  handlers.on_lost = [this](const Error& why, std::chrono::milliseconds retry_in) {
    if (events_.on_lost) events_.on_lost(why, retry_in);
  };
  handlers.on_closed = [this](const Error& why) {
    if (events_.on_closed) events_.on_closed(why);
  };
  handlers.on_bad_message = [this](const Error& why) { warn("a message was not understood: " + why.detail); };
  SignalingClient::Options signaling;
  signaling.role = Role::kMaster;
  signaling.channel = options_.channel;
  signaling.channels = options_.channels;
  set_pace(signaling);
  auto made = SignalingClient::create(std::move(signaling), std::move(handlers));
  if (!made) return made.error();
  signaling_ = *std::move(made);
  signaling_->open();
  return {};
}

void MasterCall::warn(const std::string& text) {
  if (events_.on_warning) events_.on_warning(text);
}

MasterCall::Viewer* MasterCall::find(const std::string& from, unsigned generation) {
  const auto found = viewers_.find(from);
  return found == viewers_.end() || found->second.generation != generation ? nullptr : &found->second;
}

Crowd MasterCall::crowd_beside(const std::string& from) const {
  Crowd crowd{.most = options_.most_viewers};
  for (const auto& [name, viewer] : viewers_)
    if (name != from && (viewer.is_refused || !viewer.has_left)) ++(viewer.is_refused ? crowd.refused : crowd.others);
  return crowd;
}

void MasterCall::on_offer(const SessionDescription& offer, const std::string& from) {
  const auto known = viewers_.find(from);
  const bool is_known = known != viewers_.end() && !known->second.is_refused;
  const auto facts = read_facts(offer.sdp);
  const auto known_offer = is_known ? std::optional(known->second.question.offer()) : std::nullopt;
  const auto step = judge_offer(known_offer, facts, crowd_beside(from));
  switch (step) {
    case OfferStep::kNewPeer:
    case OfferStep::kReplacePeer:
      return make_peer(offer, from, false);
    case OfferStep::kSamePeer: {
      Viewer& viewer = known->second;
      viewer.question.ask(facts);
      viewer.watch.on_restart(steady_clock::now());
      // An older program, or one that cannot: begin anew then.
      if (!viewer.peer->set_remote_description(offer)) make_peer(offer, from, false);
      return;
    }
    case OfferStep::kRepeat:
      if (const auto& answer = known->second.question.answer())
        static_cast<void>(signaling_->send_answer({SessionDescription::Type::kAnswer, *answer}, from));
      return;
    case OfferStep::kRefuse:
    case OfferStep::kPassOver:
      if (events_.on_refused) events_.on_refused(from);
      if (step == OfferStep::kRefuse) make_peer(offer, from, true);
  }
}

/// Who is refused gets an answer and a goodbye, which it understands sooner than silence.
void MasterCall::make_peer(const SessionDescription& offer, const std::string& from, bool is_refused) {
  const unsigned generation = ++last_generation_;
  std::shared_ptr<MediaSink> sink;
  PeerConnection::Config config;
  config.loop = options_.channels->loop();
  config.ice_servers = ice_servers_;
  if (options_.is_relay_only) config.transport_policy = PeerConnection::TransportPolicy::kRelay;
  config.codecs = options_.codecs;
  if (!is_refused) {
    config.send = options_.source;
    if (options_.make_sink) config.sink = sink = options_.make_sink(from);
    config.receive_video = config.receive_audio = config.sink != nullptr;
  }
  auto peer = PeerConnection::create(std::move(config), handlers_for(from, generation));
  if (!peer) {
    take_back(sink);
    return warn(from + " cannot be answered: " + peer.error().detail);
  }
  let_go(from);
  Viewer viewer{.peer = *std::move(peer),
                .sink = std::move(sink),
                .question = Question(read_facts(offer.sdp)),
                .watch = PeerWatch(steady_clock::now()),
                .talk = {},
                .generation = generation,
                .is_refused = is_refused};
  if (!is_refused)
    viewer.talk.set_events({.on_open =
                                [this, from]() {
                                  if (events_.on_talk) events_.on_talk(from);
                                },
                            .on_text =
                                [this, from](std::string_view text) {
                                  if (events_.on_text) events_.on_text(from, text);
                                },
                            .on_close = [this, from, generation]() { on_talk_closed(from, generation); }});
  PeerConnection& connection = *viewers_.insert_or_assign(from, std::move(viewer)).first->second.peer;
  if (auto taken = connection.set_remote_description(offer); !taken) {
    warn("the offer of " + from + " cannot be taken: " + taken.error().detail);
    drop(from, "its offer cannot be taken");
  }
}

PeerConnection::Handlers MasterCall::handlers_for(const std::string& from, unsigned generation) {
  PeerConnection::Handlers handlers;
  handlers.on_local_description = [this, from, generation](const SessionDescription& answer) {
    Viewer* viewer = find(from, generation);
    if (viewer == nullptr) return;
    viewer->question.answer(answer.sdp);
    if (auto sent = signaling_->send_answer(answer, from); !sent)
      warn("the answer to " + from + " cannot be sent: " + sent.error().detail);
  };
  handlers.on_ice_candidate = [this, from, generation](const IceCandidate& candidate) {
    if (find(from, generation) == nullptr || candidate.candidate.empty()) return;
    static_cast<void>(signaling_->send_candidate(candidate, from));
  };
  handlers.on_connection_state = [this, from, generation](PeerConnection::State state, std::string_view reason) {
    on_state(from, generation, state, reason);
  };
  handlers.on_data_channel = [this, from, generation](const std::shared_ptr<DataChannel>& channel) {
    if (Viewer* viewer = find(from, generation); viewer != nullptr && !viewer->is_refused) viewer->talk.adopt(channel);
  };
  handlers.on_error = [this, from, generation](const Error& error) {
    if (find(from, generation) != nullptr) warn(from + ": " + error.detail);
  };
  return handlers;
}

/// @param from  by value, since the connection whose handler this is may be dropped.
void MasterCall::on_state(std::string from, unsigned generation, PeerConnection::State state, std::string_view reason) {
  Viewer* viewer = find(from, generation);
  if (viewer == nullptr) return;
  switch (state) {
    case PeerConnection::State::kConnected: {
      const bool is_first = !viewer->watch.was_connected();
      viewer->watch.on_connected();
      if (viewer->is_refused) return drop(from, {});
      if (is_first && events_.on_connected) events_.on_connected(from);
      return;
    }
    case PeerConnection::State::kDisconnected:
      return viewer->watch.on_lost(steady_clock::now());
    case PeerConnection::State::kFailed:
      if (!viewer->watch.was_connected()) return drop(from, std::string(reason));
      return viewer->watch.on_lost(steady_clock::now());
    case PeerConnection::State::kClosed:
      return drop(from, "left");
    case PeerConnection::State::kNew:
    case PeerConnection::State::kConnecting:
      return;
  }
}

/// Viewers have a channel all the time, so that its end is their goodbye. (What ends with a program that is killed says
/// nothing: such a one is gone when its ICE is.)
void MasterCall::on_talk_closed(const std::string& from, unsigned generation) {
  Viewer* viewer = find(from, generation);
  if (viewer == nullptr || std::exchange(viewer->has_left, true)) return;
  viewer->watch.on_closed(steady_clock::now() + kLastWord);
}

void MasterCall::on_candidate(const IceCandidate& candidate, const std::string& from) {
  const auto found = viewers_.find(from);
  // One that is not understood must not end the call: others will be.
  if (found != viewers_.end()) static_cast<void>(found->second.peer->add_ice_candidate(candidate));
}

void MasterCall::take_back(const std::shared_ptr<MediaSink>& sink) const {
  if (sink && options_.take_back) options_.take_back(sink);
}

void MasterCall::let_go(const std::string& from) {
  const auto found = viewers_.find(from);
  if (found == viewers_.end()) return;
  const auto sink = found->second.sink;
  viewers_.erase(found);
  take_back(sink);
}

void MasterCall::drop(std::string from, std::string why) {
  const auto found = viewers_.find(from);
  if (found == viewers_.end()) return;
  const bool is_told = !found->second.is_refused && found->second.watch.was_connected();
  const bool is_failure = !found->second.is_refused && !found->second.watch.was_connected();
  let_go(from);
  signaling_->forget(from);
  if (is_told && events_.on_left) events_.on_left(from, why);
  if (is_failure) warn(from + " did not connect: " + why);
}

void MasterCall::tick(Time now) {
  std::vector<std::string> gone;
  for (const auto& [name, viewer] : viewers_)
    if (viewer.watch.is_gone(now)) gone.push_back(name);
  for (const std::string& name : gone) drop(name, viewers_.at(name).has_left ? "left" : "it vanished");
  refresh_ice(now);
}

void MasterCall::refresh_ice(Time now) {
  if (!ice_end_ || now < *ice_end_) return;
  ice_end_ = now + seconds(10);  // If this fails.
  IceQuery query;
  query.channel = options_.channel;
  query.role = Role::kMaster;
  options_.channels->get_ice_servers(std::move(query), [this, alive = alive_](Result<std::vector<IceServer>> found) {
    if (!*alive) return;
    if (!found) return warn("no new relays: " + found.error().detail);
    renew_relays(ice_servers_, *std::move(found));
    if (const auto after = refresh_after(ice_servers_)) ice_end_ = steady_clock::now() + *after;
  });
}

std::vector<std::string> MasterCall::viewers() const {
  std::vector<std::string> names;
  for (const auto& [name, viewer] : viewers_)
    if (!viewer.is_refused && viewer.watch.was_connected()) names.push_back(name);
  return names;
}

std::vector<std::string> MasterCall::listeners() const {
  std::vector<std::string> names;
  for (const auto& [name, viewer] : viewers_)
    if (viewer.talk.is_open()) names.push_back(name);
  return names;
}

Result<void> MasterCall::send_text(const std::string& viewer, std::string_view text) {
  const auto found = viewers_.find(viewer);
  if (found == viewers_.end() || !found->second.talk.is_open())
    return Error{Errc::kResourceNotFound, "nobody is here by the name " + viewer};
  return found->second.talk.send(text);
}

std::size_t MasterCall::buffered() const {
  std::size_t most = 0;
  for (const auto& [name, viewer] : viewers_) most = std::max(most, viewer.talk.buffered());
  return most;
}

void MasterCall::stats(const std::string& viewer, std::function<void(Result<PeerStats>)> done) {
  if (const auto found = viewers_.find(viewer); found != viewers_.end()) found->second.peer->stats(std::move(done));
}

void MasterCall::finish() {
  for (auto& [name, viewer] : viewers_) viewer.talk.close();
}

bool MasterCall::is_finished() const {
  const auto now = steady_clock::now();
  bool are_all = true;  // Each is asked, since each counts from when it was.
  for (const auto& [name, viewer] : viewers_) are_all = viewer.talk.is_closed(now) && are_all;
  return are_all;
}

}  // namespace heliograph::cli
