// The pipeline of a peer connection, its states, and its end.
#include "peer/peer_core.hpp"

#include <algorithm>
#include <future>
#include <set>
#include <utility>

#include "peer/ice_text.hpp"
#include "peer/loop_gate.hpp"
#include "peer/relay_farewell.hpp"
#include "peer/sink_core.hpp"
#include "peer/webrtc_abi.hpp"

namespace heliograph::peer {
namespace {

Result<void> check(const PeerConnection::Config& config) {
  using namespace std::chrono_literals;
  const auto refuse = [](const char* why) { return Error{Errc::kInvalidArgument, why}; };
  if (config.codecs.empty() && (config.send != nullptr || config.receive_video || config.receive_audio))
    return refuse("codecs is empty, so nothing can be sent or received");
  const auto has_codec = [&](MediaKind kind) {
    return std::any_of(config.codecs.begin(), config.codecs.end(), [&](Codec codec) { return kind_of(codec) == kind; });
  };
  if (config.receive_video && !has_codec(MediaKind::kVideo))
    return refuse("receive_video, but codecs has none of video");
  if (config.receive_audio && !has_codec(MediaKind::kAudio))
    return refuse("receive_audio, but codecs has none of audio");
  const bool sends_any =
      config.send == nullptr || std::any_of(config.codecs.begin(), config.codecs.end(),
                                            [&](Codec codec) { return config.send->core()->offers(codec); });
  if (!sends_any) return refuse("the source gives none of codecs");
  if (config.sink != nullptr && !config.receive_video && !config.receive_audio)
    return refuse("there is a sink, but neither receive_video nor receive_audio");
  if (config.highest_port < config.lowest_port) return refuse("highest_port is below lowest_port");
  if (config.jitter_buffer < 0ms || config.jitter_buffer > 10s)
    return refuse("jitter_buffer must be from 0 to 10000 ms");
  if (config.gathering_patience < 0ms || config.gathering_patience > 1h)
    return refuse("gathering_patience must be from 0 to 3600000 ms");
  if (config.connect_patience < 0ms || config.connect_patience > 1h)
    return refuse("connect_patience must be from 0 to 3600000 ms");
  const auto uris = to_ice_uris(config.ice_servers);
  if (!uris) return uris.error();
  if (config.transport_policy == PeerConnection::TransportPolicy::kRelay && uris->turn.empty())
    return Error{Errc::kInvalidArgument,
                 "transport_policy is kRelay, but no TURN server can be used" +
                     std::string(uris->unusable.empty() ? "" : " (libnice has no TURN over TLS: give turn: URIs too)")};
  return {};
}

constexpr std::initializer_list<const char*> kElements = {"webrtcbin", "nicesrc", "dtlsdec", "srtpenc",
                                                          "sctpenc",   "rtpbin",  "appsrc"};

Result<void> find_elements() {
  if (auto started = start_gstreamer(); !started) return started.error();
  return need_elements(kElements);
}

}  // namespace

Result<void> PeerCore::preload() {
  auto found = find_elements();
  // One of each: the first loads its plugin, and the first dtlsdec makes the certificate of the process.
  if (found)
    for (const char* const name : kElements) gst_object_unref(gst_object_ref_sink(make_element(name)));
  return found;
}

PeerCore::PeerCore(Config config, Handlers handlers)
    : config_(std::move(config)),
      handlers_(std::make_shared<const Handlers>(std::move(handlers))),
      gate_(make_gate(config_.loop, config_.log)) {}

PeerCore::~PeerCore() { abandon(); }

Result<std::shared_ptr<PeerCore>> PeerCore::create(Config config, Handlers handlers) {
  if (auto found = find_elements(); !found) return found.error();
  if (auto fits = check(config); !fits) return fits.error();
  if (config.loop == nullptr) {
    auto loop = EventLoop::create();
    if (!loop) return loop.error();
    config.loop = *std::move(loop);
  }
  std::shared_ptr<PeerCore> core(new PeerCore(std::move(config), std::move(handlers)));
  if (auto built = core->build(); !built) return built.error();
  return core;
}

Result<void> PeerCore::build() {
  pipeline_ = make_pipeline("peer");
  GstElement* const webrtc = make_element("webrtcbin");
  webrtc_ = share(webrtc);
  gst_bin_add(GST_BIN_CAST(pipeline_.get()), webrtc);
  g_object_set(webrtc, "bundle-policy", static_cast<int>(config_.bundle_policy), "ice-transport-policy",
               config_.transport_policy == PeerConnection::TransportPolicy::kRelay ? WebrtcValue::kPolicyRelay : 0,
               "latency", static_cast<guint>(config_.jitter_buffer.count()), nullptr);
  GObject* agent = nullptr;
  g_object_get(webrtc, "ice-agent", &agent, nullptr);
  const ObjectPtr owned(agent);
  // libnice would ask every network for a gateway that maps ports, for seconds, and keep the sockets it asked from.
  GObject* nice = nullptr;
  g_object_get(agent, "agent", &nice, nullptr);
  const ObjectPtr owned_nice(nice);
  // And its keepalives are indications, which nobody answers: who was killed would never be missed. So they are checks.
  if (nice != nullptr) g_object_set(nice, "upnp", FALSE, "keepalive-conncheck", TRUE, nullptr);
  if (config_.highest_port != 0)
    g_object_set(agent, "min-rtp-port", static_cast<guint>(config_.lowest_port), "max-rtp-port",
                 static_cast<guint>(config_.highest_port), nullptr);
  watch_bus(pipeline_.get(),
            {.on_error = from_gstreamer([](PeerCore& self, const Error& error) { self.report(error); }),
             .on_latency = from_gstreamer([](PeerCore& self) { self.spread_latency(); })});
  reports_ = RtcpReports::watch(webrtc);
  guard_ = CertificateGuard::watch(
      webrtc, from_gstreamer([](PeerCore& self) {
        self.refuse_peer(
            "the certificate of the other side is not the one of its session description: the signaling was "
            "changed on its way, or somebody stands between (an attack)");
      }));
  follow_states();
  follow_tracks();
  follow_channels();
  ice_servers_ = config_.ice_servers;
  if (gst_element_set_state(GST_ELEMENT_CAST(pipeline_.get()), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return Error{Errc::kIo, "the pipeline of a peer connection does not start"};
  return {};
}

Result<void> PeerCore::set_ice_servers(const std::vector<IceServer>& servers) {
  if (auto uris = to_ice_uris(servers); !uris) return uris.error();
  const std::lock_guard lock(mutex_);
  if (has_ended()) return closed();
  if (phase_ != Phase::kNew)
    return Error{Errc::kResourceInUse,
                 "candidates are gathered already; ICE servers come before the first description"};
  ice_servers_ = servers;
  return {};
}

void PeerCore::apply_ice_servers() {
  if (!local_text_.empty()) return;
  std::vector<IceServer> servers;
  {
    const std::lock_guard lock(mutex_);
    servers.swap(ice_servers_);
  }
  const auto uris = to_ice_uris(servers);
  if (!uris) return;
  if (!uris->stun.empty()) g_object_set(webrtc_.get(), "stun-server", uris->stun.c_str(), nullptr);
  has_turn_ = !uris->turn.empty();
  for (const std::string& uri : uris->turn) {
    gboolean taken = FALSE;
    g_signal_emit_by_name(webrtc_.get(), "add-turn-server", uri.c_str(), &taken);
    if (taken == FALSE) report(Error{Errc::kInvalidArgument, "a TURN server was not taken: its host is no host"});
  }
  for (const std::string& uri : uris->unusable)
    gate_->log(LogLevel::kWarning, "ICE server left out, because libnice speaks no TLS to it: " + uri);
}

void PeerCore::spread_latency() { gst_bin_recalculate_latency(GST_BIN_CAST(pipeline_.get())); }

void PeerCore::follow_states() {
  GstElement* const webrtc = webrtc_.get();  // Outlives its signals.
  connect_signal<GParamSpec*>(webrtc, "notify::connection-state",
                              [webrtc, told = from_gstreamer([](PeerCore& self, int state) {
                                         self.on_connection_state(state);
                                       })](GParamSpec*) { told(get_number<int>(webrtc, "connection-state")); });
  connect_signal<GParamSpec*>(webrtc, "notify::ice-connection-state",
                              [webrtc, told = from_gstreamer([](PeerCore& self, int state) {
                                         if (self.handlers_->on_ice_state)
                                           self.handlers_->on_ice_state(static_cast<PeerConnection::IceState>(state));
                                       })](GParamSpec*) { told(get_number<int>(webrtc, "ice-connection-state")); });
  connect_signal<GParamSpec*>(webrtc, "notify::ice-gathering-state",
                              [webrtc, told = from_gstreamer([](PeerCore& self) { self.on_gathered(); })](GParamSpec*) {
                                if (get_number<int>(webrtc, "ice-gathering-state") == WebrtcValue::kGatheringComplete)
                                  told();
                              });
  connect_signal<guint, const gchar*>(
      webrtc, "on-ice-candidate",
      [told = from_gstreamer([](PeerCore& self, unsigned section, const std::string& text) {
         self.on_local_candidate(section, text);
       })](guint section, const gchar* text) { told(section, std::string(text == nullptr ? "" : text)); });
}

void PeerCore::on_connection_state(int state) {
  if (is_refused_) return;
  switch (static_cast<State>(state)) {
    case State::kNew:
      return;
    case State::kConnecting:
      return enter(State::kConnecting, {});
    case State::kConnected:
      if (!guard_->has_proof()) return refuse_peer("the other side has shown no certificate, or none that can be read");
      was_connected_ = true;
      connect_timer_.cancel();
      // What webrtcbin held back until now has not heard of it.
      spread_latency();
      for (const auto& sender : senders_) sender->start();
      watch_paths();
      return enter(State::kConnected, {});
    case State::kDisconnected:
      return enter(State::kDisconnected, "the other side does not answer; the way may come back by itself");
    case State::kFailed:
      return enter(State::kFailed, why_no_connection());
    case State::kClosed:
      return enter(State::kFailed, "the other side has closed the connection");
  }
}

void PeerCore::enter(State state, std::string reason) {
  if (state_ == state || state_ == State::kClosed) return;
  state_ = state;
  if (handlers_->on_connection_state) handlers_->on_connection_state(state, reason);
}

void PeerCore::refuse_peer(const char* why) {
  if (is_refused_.exchange(true)) return;
  gate_->log(LogLevel::kError, std::string("peer connection: ") + why);
  let_go();
  // On a thread of its own, as at the end, which then waits for it.
  ending_ = std::thread([this]() { stop_media(false); });
  enter(State::kFailed, why);  // Last: it may destroy this.
}

std::string PeerCore::why_no_connection() const {
  if (was_connected_) return "the way to the other side is gone; an ICE restart may find another";
  std::set<std::string> types;
  for (const IceCandidate& candidate : candidates_) types.emplace(candidate_type(candidate.candidate));
  std::string text = "no way to the other side: ours were ";
  for (const std::string& type : types) text += type + " ";
  if (types.empty()) text += "none ";
  text += "(" + std::to_string(candidates_.size()) + "), theirs " + std::to_string(remote_candidates_);
  if (hidden_candidates_ > 0) text += " and " + std::to_string(hidden_candidates_) + " hidden behind .local names";
  if (has_turn_ && !types.contains("relay"))
    text += "; no relay answered: check the TURN servers and their credentials";
  if (!has_turn_) text += "; no TURN server was given";
  return text;
}

void PeerCore::report(Error error) {
  gate_->log(LogLevel::kWarning, "peer connection: " + error.detail);
  later([told = std::move(error)](PeerCore& self) {
    if (self.handlers_->on_error) self.handlers_->on_error(told);
  });
}

void PeerCore::close() {
  if (is_closed_.exchange(true)) return;
  state_ = State::kClosed;
  // On the loop, where nobody else is at the tracks; a handler is there already.
  if (gate_->is_inside()) return begin_end();
  gate_->post([self = shared_from_this()]() { self->begin_end(); });
}

void PeerCore::abandon() {
  gate_->close();
  is_closed_ = true;
  state_ = State::kClosed;
  if (ending_.joinable()) {
    ending_.join();
  } else if (pipeline_ != nullptr) {
    let_go();
    // The loop must not stand still for a relay; a program that is about to end should.
    stop_media(!gate_->is_inside());
  }
  complete_end();
  if (config_.sink != nullptr) static_cast<void>(config_.sink->stop());  // Waits for its handlers, too.
}

void PeerCore::let_go() {
  for (OneShot* const timer : {&gathering_timer_, &connect_timer_, &path_timer_}) timer->cancel();
  for (const auto& sender : senders_) sender->stop();
  const auto is_relay = [](const IceCandidate& own) { return candidate_type(own.candidate) == "relay"; };
  has_relays_ = std::any_of(candidates_.begin(), candidates_.end(), is_relay);
  const std::lock_guard lock(mutex_);
  for (const auto& channel : channels_) channel->core()->shut();
}

void PeerCore::begin_end() {
  let_go();
  // Whoever destroys this waits for the thread.
  ending_ = std::thread([this, weak = weak_from_this(), before = std::move(ending_)]() mutable {
    if (before.joinable()) before.join();
    stop_media(true);
    gate_->post([weak]() {
      const auto self = weak.lock();
      if (self == nullptr) return;
      self->ending_.join();
      self->complete_end();
      if (self->handlers_->on_connection_state) self->handlers_->on_connection_state(State::kClosed, {});
    });
  });
}

void PeerCore::stop_media(bool waits_for_relays) {
  settle();
  stop_pipeline(pipeline_.get());  // Says goodbye to the other side, through the relay if need be.
  if (has_relays_) give_relays_back(waits_for_relays);
  if (config_.sink != nullptr) config_.sink->core()->end();
}

void PeerCore::settle() {
  constexpr std::chrono::seconds kPatience{2};
  const auto reached = std::make_shared<std::promise<void>>();
  auto end = reached->get_future();
  g_signal_emit_by_name(webrtc_.get(), "get-stats", nullptr,
                        make_promise([reached](const GstStructure*) { reached->set_value(); }));
  static_cast<void>(end.wait_for(kPatience));
}

void PeerCore::give_relays_back(bool waits) {
  constexpr std::chrono::milliseconds kPatience{300};
  const auto done = release_relays(share(webrtc_.get()));
  if (waits) static_cast<void>(done.wait_for(kPatience));
}

void PeerCore::complete_end() {
  std::vector<std::shared_ptr<DataChannel>> channels;
  {
    const std::lock_guard lock(mutex_);
    channels.swap(channels_);
  }
  for (const auto& channel : channels) channel->core()->end();
  for (const auto& track : tracks_) track->end();
  senders_.clear();
  tracks_.clear();
  offered_pads_.clear();
  GstPtr<GstElement> webrtc;
  GstPtr<GstPipeline> pipeline;
  const std::lock_guard lock(mutex_);
  webrtc.swap(webrtc_);
  pipeline.swap(pipeline_);
}

}  // namespace heliograph::peer
