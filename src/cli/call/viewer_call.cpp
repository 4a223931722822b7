// Offers out, answers in; what comes when is RestartRules'.
#include "cli/call/viewer_call.hpp"

#include <algorithm>
#include <utility>

#include "cli/call/relays.hpp"
#include "cli/call/signaling_pace.hpp"

namespace heliograph::cli {
namespace {

/// For fresh relays; then those of before have to do.
constexpr std::chrono::seconds kRelayPatience{3};
constexpr std::size_t kMostGivenUp = 8;

}  // namespace

using std::chrono::steady_clock;

ViewerCall::ViewerCall(ViewerOptions options, ViewerEvents events, Timeline& timeline)
    : options_(std::move(options)), events_(std::move(events)), timeline_(timeline) {}

ViewerCall::~ViewerCall() {
  *alive_ = false;
  signaling_.reset();
  peer_.reset();
}

void ViewerCall::warn(const std::string& text) {
  if (events_.on_warning) events_.on_warning(text);
}

Result<void> ViewerCall::open() {
  SignalingClient::Handlers handlers;
  handlers.on_open = [this](const std::vector<IceServer>& servers) { on_signaling_open(servers); };
  handlers.on_answer = [this](const SessionDescription& answer, const std::string&) { on_answer(answer); };
  handlers.on_candidate = [this](const IceCandidate& candidate, const std::string&) {
    // One that is not understood must not end the call: others will be.
    if (peer_) static_cast<void>(peer_->add_ice_candidate(candidate));
  };
  handlers.on_status = [this](const SignalingStatus& status) {
    warn("the service refused a message: " + status.error_type + ": " + status.description);
  };
  handlers.on_lost = [this](const Error& why, std::chrono::milliseconds retry_in) {
    rules_.on_signaling(steady_clock::now(), false);
    if (events_.on_lost) events_.on_lost(why, retry_in);
  };
  handlers.on_closed = [this](const Error& why) {
    rules_.on_signaling(steady_clock::now(), false);
    if (events_.on_closed) events_.on_closed(why);
  };
  handlers.on_bad_message = [this](const Error& why) { warn("a message was not understood: " + why.detail); };
  SignalingClient::Options signaling;
  signaling.role = Role::kViewer;
  signaling.client_id = options_.client_id;
  signaling.channel = options_.channel;
  signaling.channels = options_.channels;
  signaling.signer = options_.signer;
  set_pace(signaling);
  auto made = SignalingClient::create(std::move(signaling), std::move(handlers));
  if (!made) return made.error();
  signaling_ = *std::move(made);
  timeline_.begin("signaling-connect-as-viewer", steady_clock::now());
  signaling_->open();
  return {};
}

void ViewerCall::on_signaling_open(const std::vector<IceServer>& servers) {
  const auto now = steady_clock::now();
  timeline_.end("signaling-connect-as-viewer", now);
  timeline_.reach("signaling-viewer", now);
  ice_servers_ = servers;
  if (events_.on_open) events_.on_open();
  rules_.on_signaling(now, true);
  act(now);
}

void ViewerCall::tick(Time now, bool has_media) {
  if (has_media) rules_.on_media(now);
  if (relays_due_ && now >= *relays_due_) make_peer(now);
  act(now);
}

void ViewerCall::act(Time now) {
  switch (rules_.next(now)) {
    case RestartRules::Step::kNothing:
      return;
    case RestartRules::Step::kNewPeer:
      return call(now);
    case RestartRules::Step::kRestart:
      return restart();
  }
}

void ViewerCall::call(Time now) {
  const unsigned generation = ++generation_;
  if (!offered_.empty()) given_up_.push_back(std::exchange(offered_, {}));
  if (given_up_.size() > kMostGivenUp) given_up_.pop_front();
  is_waiting_ = false;
  signaling_->forget("");
  peer_.reset();
  master_.reset();
  talk_ = Talk();
  // The relays of the first are as fresh as the connection that they came with.
  if (generation == 1) return make_peer(now);
  relays_due_ = now + kRelayPatience;
  IceQuery query;
  query.channel = options_.channel;
  query.client_id = options_.client_id;
  options_.channels->get_ice_servers(std::move(query),
                                     [this, alive = alive_, generation](Result<std::vector<IceServer>> found) {
                                       if (!*alive || generation != generation_ || !relays_due_) return;
                                       if (found) renew_relays(ice_servers_, *std::move(found));
                                       make_peer(steady_clock::now());
                                     });
}

void ViewerCall::make_peer(Time now) {
  const unsigned generation = generation_;
  relays_due_.reset();
  if (events_.on_new_peer) events_.on_new_peer();
  PeerConnection::Config config;
  config.loop = options_.channels->loop();
  config.ice_servers = ice_servers_;
  if (options_.is_relay_only) config.transport_policy = PeerConnection::TransportPolicy::kRelay;
  config.codecs = options_.codecs;
  config.send = options_.source;
  config.receive_video = config.receive_audio = options_.receives_media;
  if (options_.make_sink) config.sink = options_.make_sink();
  auto peer = PeerConnection::create(std::move(config), handlers_for(generation));
  if (!peer) {
    warn(peer.error().detail);
    return rules_.on_failed(now);
  }
  peer_ = *std::move(peer);
  talk_.set_events({.on_open =
                        [this]() {
                          timeline_.reach("datachannel-viewer", steady_clock::now());
                          if (events_.on_talk) events_.on_talk();
                        },
                    .on_text =
                        [this](std::string_view text) {
                          if (events_.on_text) events_.on_text(text);
                        },
                    .on_close =
                        [this, generation]() {
                          // Both ends have one all the time, so that its end is the goodbye.
                          if (generation == generation_) on_state(PeerConnection::State::kClosed, "the master left");
                        }});
  auto channel = peer_->create_data_channel(kTalkLabel, {}, talk_.handlers());
  if (channel) talk_.add(*std::move(channel));
  if (auto offered = peer_->create_offer(); !offered) {
    warn("no offer can be made: " + offered.error().detail);
    rules_.on_failed(now);
  }
}

void ViewerCall::restart() {
  if (events_.on_restart) events_.on_restart();
  const auto offered = peer_->create_offer({.ice_restart = true});
  if (!offered) rules_.on_failed(steady_clock::now());
}

PeerConnection::Handlers ViewerCall::handlers_for(unsigned generation) {
  PeerConnection::Handlers handlers;
  handlers.on_local_description = [this, generation](const SessionDescription& offer) {
    if (generation == generation_) on_local_description(offer);
  };
  handlers.on_ice_candidate = [this, generation](const IceCandidate& candidate) {
    if (generation != generation_) return;
    if (candidate.candidate.empty())
      timeline_.end("ice-gathering-viewer", steady_clock::now());
    else
      static_cast<void>(signaling_->send_candidate(candidate));
  };
  handlers.on_connection_state = [this, generation](PeerConnection::State state, std::string_view reason) {
    if (generation == generation_) on_state(state, std::string(reason));
  };
  handlers.on_data_channel = [this, generation](const std::shared_ptr<DataChannel>& channel) {
    if (generation == generation_) talk_.adopt(channel);
  };
  handlers.on_error = [this, generation](const Error& error) {
    if (generation == generation_) warn(error.detail);
  };
  return handlers;
}

void ViewerCall::on_local_description(const SessionDescription& offer) {
  timeline_.begin("sdp-exchange-viewer", steady_clock::now());
  timeline_.begin("ice-gathering-viewer", steady_clock::now());
  is_waiting_ = true;
  offered_ = read_facts(offer.sdp).session;
  if (auto sent = signaling_->send_offer(offer); !sent) warn("the offer cannot be sent: " + sent.error().detail);
}

void ViewerCall::on_answer(const SessionDescription& answer) {
  const auto now = steady_clock::now();
  if (!peer_) return;
  const auto facts = read_facts(answer.sdp);
  // GStreamer's answers have their offer's session id; those of others have one of their own, which is none of ours.
  if (std::find(given_up_.begin(), given_up_.end(), facts.session) != given_up_.end()) return;
  const bool was_up = rules_.is_up();
  const auto step = judge_answer({is_waiting_, was_up, master_}, facts);
  if (step == AnswerStep::kFail) rules_.on_failed(now);
  if (step == AnswerStep::kFail || step == AnswerStep::kIgnore) return;
  const bool is_same = step == AnswerStep::kTake;
  is_waiting_ = false;
  timeline_.end("sdp-exchange-viewer", now);
  timeline_.begin("pc-establishment-viewer", now);
  rules_.on_answer(now, is_same);
  if (!is_same) return act(now);
  master_ = facts;
  if (auto taken = peer_->set_remote_description(answer); !taken) {
    warn("the answer cannot be taken: " + taken.error().detail);
    rules_.on_failed(now);
  }
  if (!was_up && rules_.is_up() && events_.on_connected) events_.on_connected();
}

void ViewerCall::on_state(PeerConnection::State state, const std::string& reason) {
  const auto now = steady_clock::now();
  const bool was_up = rules_.is_up();
  switch (state) {
    case PeerConnection::State::kConnected:
      timeline_.end("pc-establishment-viewer", now);
      rules_.on_connected(now);
      break;
    case PeerConnection::State::kDisconnected:
      rules_.on_disconnected(now);
      break;
    case PeerConnection::State::kFailed:
      rules_.on_failed(now);
      break;
    case PeerConnection::State::kClosed:
      rules_.on_closed(now);
      break;
    case PeerConnection::State::kNew:
    case PeerConnection::State::kConnecting:
      return;
  }
  if (!was_up && rules_.is_up() && events_.on_connected) events_.on_connected();
  if (was_up && !rules_.is_up() && events_.on_disconnected)
    events_.on_disconnected(reason.empty() ? std::string(to_string(state)) : reason);
}

void ViewerCall::stats(std::function<void(Result<PeerStats>)> done) {
  if (peer_) peer_->stats(std::move(done));
}

}  // namespace heliograph::cli
