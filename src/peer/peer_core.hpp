// PeerCore: the inside of PeerConnection: one pipeline with one webrtcbin, and the negotiation around it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/handler_gate.hpp"
#include "heliograph/peer_connection.hpp"
#include "peer/certificate_guard.hpp"
#include "peer/channel_core.hpp"
#include "peer/gst_ptr.hpp"
#include "peer/gst_world.hpp"
#include "peer/rtcp_reports.hpp"
#include "peer/sdp_text.hpp"
#include "peer/sender.hpp"
#include "peer/track_core.hpp"

namespace heliograph::peer {

/// Theory of operation. Public methods check the phase at once, under the mutex, and post the work. The work is done on
/// the loop, one step at a time; webrtcbin's replies and signals are posted there too, so that all below "the loop's
/// own" needs no lock and no handler is called from a GStreamer thread. What must be there before the next packet (a
/// received track's elements) is made in the signal, and touches nothing of this object.
///
/// An offer:  create_offer → transceivers → webrtcbin's offer → set as local → on_local_description → remote answer →
///            senders for what it takes → set as remote → stable.
/// An answer: remote offer → senders and transceivers for its sections → set as remote → webrtcbin's answer →
///            set as local → on_local_description, stable.
/// An ICE restart is ours to do: webrtcbin keeps its credentials for good, so they are replaced in the text, and
/// libnice is told to begin anew (nice_agent_restart).
class PeerCore : public std::enable_shared_from_this<PeerCore> {
 public:
  using Config = PeerConnection::Config;
  using Handlers = PeerConnection::Handlers;
  using State = PeerConnection::State;

  [[nodiscard]] static Result<void> preload();
  [[nodiscard]] static Result<std::shared_ptr<PeerCore>> create(Config config, Handlers handlers);
  PeerCore(const PeerCore&) = delete;
  PeerCore& operator=(const PeerCore&) = delete;
  ~PeerCore();

  [[nodiscard]] Result<void> create_offer(PeerConnection::OfferOptions options);
  [[nodiscard]] Result<void> set_remote_description(const SessionDescription& description);
  [[nodiscard]] Result<void> add_ice_candidate(const IceCandidate& candidate);
  [[nodiscard]] Result<std::shared_ptr<DataChannel>> create_data_channel(std::string label,
                                                                         const DataChannel::Options& options,
                                                                         DataChannel::Handlers handlers);
  [[nodiscard]] Result<void> set_ice_servers(const std::vector<IceServer>& servers);
  void stats(std::function<void(Result<PeerStats>)> done);
  [[nodiscard]] State state() const noexcept { return state_; }
  void close();
  /// The owner goes: no handler runs after this.
  void abandon();

 private:
  /// kUnanswered: webrtcbin has an offer of the other side's that cannot be answered; only another of theirs helps.
  enum class Phase : std::uint8_t { kNew, kOffering, kOffered, kAnswering, kUnanswered, kStable };

  PeerCore(Config config, Handlers handlers);
  /// Has a function called on the loop, unless this is closed by then.
  template <class Function>
  void later(Function function);
  /// What a signal or promise of GStreamer's calls to do the same, without holding this.
  template <class Function>
  [[nodiscard]] auto from_gstreamer(Function function);
  [[nodiscard]] bool has_ended() const noexcept { return is_closed_ || is_refused_; }
  [[nodiscard]] Error closed() const {
    return Error{Errc::kClosed, is_refused_ ? "this peer connection has ended: the other side is not who it says it is"
                                            : "this peer connection is closed"};
  }

  // peer_core.cpp: the pipeline and its states.
  [[nodiscard]] Result<void> build();
  void apply_ice_servers();
  /// Tells all elements how late they are: without, the RTP sessions cannot say when a packet was sent, so they send no
  /// reports, and the other side knows neither round trip nor how sound and picture belong together.
  void spread_latency();
  void follow_states();
  void on_connection_state(int state);
  void enter(State state, std::string reason);
  /// It is not the other side that is at the other end: nothing goes there any more.
  void refuse_peer(const char* why);
  /// The end, in three steps. On the loop: nothing new begins. On a thread of its own, since it takes up to some
  /// seconds when something does not answer, or a disk is slow: the pipeline stops, and recordings are completed. And
  /// on the loop again: what was of use until then goes. The destructor takes all three where it is.
  void begin_end();
  void let_go();
  void stop_media(bool waits_for_relays);
  void complete_end();
  /// Waits until webrtcbin's own thread has done what it was asked to do: what is asked last is answered last. Stopped
  /// in the middle of a description, it of GStreamer 1.22 leaves a bin that refers to itself, and so its sockets.
  void settle();
  void give_relays_back(bool waits);
  /// Tells on_error later: it may close this, which no step in the middle of its work should find.
  void report(Error error);
  [[nodiscard]] std::string why_no_connection() const;

  // peer_negotiation.cpp: descriptions and candidates.
  void begin_offer(bool restart);
  void begin_answer(const std::string& text, const Sdp& sdp);
  void begin_remote_answer(const std::string& text, const Sdp& sdp);
  void create_description(bool is_offer);
  void on_created(bool is_offer, std::string text);
  void on_local_set(bool is_offer, const std::string& text);
  void set_description(bool is_local, bool is_offer, const std::string& text, std::function<void(PeerCore&)> then);
  void deliver();
  [[nodiscard]] IceCandidate with_mid(IceCandidate candidate) const;
  void on_local_candidate(unsigned section, std::string candidate);
  void on_gathered();
  void on_negotiated();
  void on_remote_ready(const Sdp& sdp);
  void add_remote_candidate(const IceCandidate& candidate);
  void fail_negotiation(const std::string& what);
  void restart_ice();
  [[nodiscard]] std::string dtls_role() const;

  // peer_media.cpp: what is sent and received.
  void offer_media();
  void answer_media(const Sdp& sdp);
  void answer_section(const Section& section);
  void accept_media(const Sdp& sdp);
  [[nodiscard]] GstPtr<GstPad> request_pad(const std::string& caps, int direction);
  void add_transceiver(const std::string& caps, int direction);
  void add_sender(GstPad* pad, const Format& format);
  [[nodiscard]] std::vector<Codec> codecs_to_send(MediaKind kind) const;
  void follow_tracks();
  void follow_channels();
  /// Lets go of channels whose end was told. False when too many are open as it is.
  [[nodiscard]] bool keep(const std::shared_ptr<DataChannel>& channel);
  [[nodiscard]] Error too_many_channels() const;
  /// Tells the channels that were made that there will be none.
  void give_channels_up();

  // peer_report.cpp: statistics, and what follows from them.
  /// Bytes by SSRC when they were last looked at, for bitrates.
  using ByteMemory = std::map<std::uint32_t, std::pair<SteadyTime, std::uint64_t>>;
  void ask_stats(std::function<void(PeerCore&, PeerStats)> done);
  void complete(PeerStats& stats, ByteMemory& memory);
  void watch_paths();

  const Config config_;
  const std::shared_ptr<const Handlers> handlers_;
  const std::shared_ptr<HandlerGate> gate_;
  const std::shared_ptr<DataCounters> data_ = std::make_shared<DataCounters>();
  std::atomic<State> state_{State::kNew};
  std::atomic<bool> is_closed_{false};
  std::atomic<bool> is_refused_{false};  ///< For good; kFailed.

  mutable std::mutex mutex_;  ///< For what follows; held for a lookup.
  Phase phase_ = Phase::kNew;
  std::optional<Sdp> remote_;
  std::vector<std::string> offered_mids_;
  bool has_channels_ = false;                           ///< Some were made, or negotiated.
  std::vector<std::shared_ptr<DataChannel>> channels_;  ///< Kept, whether the application keeps them or not.
  std::vector<IceServer> ice_servers_;
  std::vector<IceCandidate> early_;  ///< The other side's, before its description was taken.
  bool takes_candidates_ = false;

  GstPtr<GstPipeline> pipeline_;
  GstPtr<GstElement> webrtc_;

  std::shared_ptr<RtcpReports> reports_;
  std::shared_ptr<CertificateGuard> guard_;

  // The loop's own.
  struct OpenPad {
    GstPtr<GstPad> pad;
    std::vector<Format> formats;
  };
  std::map<std::string, OpenPad> offered_pads_;  ///< By kind; until the answer says which format.
  std::vector<std::shared_ptr<Sender>> senders_;
  std::vector<std::shared_ptr<TrackCore>> tracks_;
  std::optional<IceCredentials> fresh_credentials_;
  std::string local_text_;
  bool local_is_offer_ = false;
  bool is_delivered_ = true;
  bool is_gathered_ = false;
  bool was_connected_ = false;
  std::size_t delivered_candidates_ = 0;
  std::vector<IceCandidate> candidates_;  ///< Ours, all of them.
  std::size_t remote_candidates_ = 0;
  bool has_turn_ = false;
  std::size_t hidden_candidates_ = 0;
  std::vector<std::string> local_mids_;
  ByteMemory path_bytes_;
  ByteMemory stats_bytes_;
  bool has_relays_ = false;  ///< When the end begins.
  std::thread ending_;       ///< Of the second step.
  OneShot gathering_timer_;
  OneShot connect_timer_;
  OneShot path_timer_;
};

template <class Function>
void PeerCore::later(Function function) {
  from_gstreamer(std::move(function))();
}

template <class Function>
auto PeerCore::from_gstreamer(Function function) {
  return [gate = gate_, weak = weak_from_this(), call = std::move(function)](auto... args) {
    gate->post([weak, call, args...]() {
      const auto self = weak.lock();
      if (self != nullptr && !self->is_closed_) call(*self, args...);
    });
  };
}

}  // namespace heliograph::peer
