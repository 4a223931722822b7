// PeerConnection: one peer at the other end: media both ways, data channels, and the negotiation that leads there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/data_channel.hpp"
#include "heliograph/event_loop.hpp"
#include "heliograph/export.hpp"
#include "heliograph/ice.hpp"
#include "heliograph/media.hpp"
#include "heliograph/media_sink.hpp"
#include "heliograph/media_source.hpp"
#include "heliograph/peer_stats.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

namespace peer {
class PeerCore;
class TrackCore;
}  // namespace peer

/// Media that the other side sends. Threads: any method from any thread.
class HELIOGRAPH_API MediaTrack {
 public:
  /// Pictures or sound.
  [[nodiscard]] MediaKind kind() const noexcept;
  /// What the two sides agreed upon.
  [[nodiscard]] Codec codec() const noexcept;
  /// Has a sink take the frames from now on; video from the next key frame, which is asked for. Null: does nothing.
  void attach(std::shared_ptr<MediaSink> sink);
  /// Asks the sender for a key frame.
  void request_key_frame();

  /// For the library's own parts.
  explicit MediaTrack(std::shared_ptr<peer::TrackCore> core);
  ~MediaTrack();
  MediaTrack(const MediaTrack&) = delete;
  MediaTrack& operator=(const MediaTrack&) = delete;

 private:
  std::shared_ptr<peer::TrackCore> core_;
};

/// As RTCPeerConnection in browsers, for one offer and its answer. Signaling is the application's: what comes in
/// `on_local_description` and `on_ice_candidate` it sends to the other side, what comes from there it hands in.
///
///     // The side that offers (in KVS: a viewer)      // The side that answers (the master)
///     peer->create_offer();                           peer->set_remote_description(offer);
///     // on_local_description: send the offer         // on_local_description: send the answer
///     peer->set_remote_description(answer);
///
/// Lifetime: the destructor closes. close() and the destructor may be called inside any handler.
/// Threads:  any method from any thread; handlers run on the loop, one at a time, never under a lock, none after the
///           destructor has returned (outside a handler it waits for the one that is running).
/// Errors:   methods fail at once for misuse; what fails later comes to on_error. See docs/sdk-media.md.
class HELIOGRAPH_API PeerConnection {
 public:
  /// As RTCPeerConnection.connectionState: ICE and DTLS together.
  enum class State : std::uint8_t {
    kNew,           ///< Nothing has been negotiated.
    kConnecting,    ///< A way is being looked for, or keys are agreed upon.
    kConnected,     ///< Media and messages go both ways.
    kDisconnected,  ///< The other side does not answer; it may come back by itself.
    kFailed,        ///< No way was found or is left, or the other side has closed; the reason says which.
    kClosed,        ///< close() was called here.
  };
  /// As RTCPeerConnection.iceConnectionState.
  enum class IceState : std::uint8_t { kNew, kChecking, kConnected, kCompleted, kFailed, kDisconnected, kClosed };
  /// Which candidates are used: all, or only those of TURN servers.
  enum class TransportPolicy : std::uint8_t { kAll, kRelay };
  /// What a side that offers does with several tracks; an answer follows the offer.
  enum class BundlePolicy : std::uint8_t { kNone, kBalanced, kMaxCompat, kMaxBundle };

  /// Of create().
  struct Config {
    /// Where handlers run. Empty: a loop of its own.
    std::shared_ptr<EventLoop> loop{};
    std::vector<IceServer> ice_servers{};  ///< May come later, by set_ice_servers(). `turns:` URIs are left out.
    TransportPolicy transport_policy = TransportPolicy::kAll;  ///< kRelay hides this side's addresses.
    BundlePolicy bundle_policy = BundlePolicy::kMaxBundle;     ///< Of offers.
    /// Candidates one by one as they are found; else all of them in the description, once they are there.
    bool trickle = true;
    /// What is sent; empty: nothing. An answer sends of it what the offer takes.
    std::shared_ptr<MediaSource> send{};
    /// What an offer asks for, and an answer takes if it is offered.
    /// @{
    bool receive_video = false;
    bool receive_audio = false;
    /// @}
    /// Takes what is received, from the first frame on.
    std::shared_ptr<MediaSink> sink{};
    /// What is sent and received, the one liked most first. A codec that is absent here is refused.
    std::vector<Codec> codecs{Codec::kH264, Codec::kVp8, Codec::kOpus};
    /// Bounds of the UDP ports used; 0: whatever the system gives.
    /// @{
    std::uint16_t lowest_port = 0;
    std::uint16_t highest_port = 0;
    /// @}
    /// Data channels that may be open at a time, whoever made them. A further one of the other side's is closed at
    /// once, and on_error says so.
    std::size_t most_channels = 1024;
    /// How long received packets wait for those that are late, or are sent again: 200 ms are three tries at 50 ms there
    /// and back. 0 to 10 s.
    std::chrono::milliseconds jitter_buffer{200};
    /// How long an offer or answer without trickle waits for the slowest STUN or TURN server; 0 to 1 hour.
    std::chrono::milliseconds gathering_patience{5000};
    /// How long after both descriptions a connection that has not come about is kFailed; 0 to 1 hour.
    std::chrono::milliseconds connect_patience{30000};
    LogHandler log{};  ///< Takes what there is to say beside results. Empty: nothing is said.
  };

  /// Any may be empty, but who wants to connect needs the first two.
  struct Handlers {
    /// Send it to the other side.
    std::function<void(const SessionDescription&)> on_local_description{};
    /// Send it to the other side. Empty `candidate`: there will be no more. Never called without trickle.
    std::function<void(const IceCandidate&)> on_ice_candidate{};
    /// @param reason  for kFailed and kDisconnected: what was tried, and what may help.
    std::function<void(State, std::string_view reason)> on_connection_state{};
    std::function<void(IceState)> on_ice_state{};  ///< For diagnosis: `on_connection_state` says what matters.
    /// The other side made a channel. Give it its handlers here.
    std::function<void(std::shared_ptr<DataChannel>)> on_data_channel{};
    /// The other side sends something. A sink of the config has it already.
    std::function<void(std::shared_ptr<MediaTrack>)> on_track{};
    /// Something failed after the method that asked for it had returned.
    std::function<void(const Error&)> on_error{};
  };

  /// Of create_offer().
  struct OfferOptions {
    bool ice_restart = false;  ///< Find new ways to the same peer; media and channels go on.
  };

  /// Loads what the first connection of a program needs: GStreamer's plugins, and a certificate. That takes a third of
  /// a second, which create() takes otherwise; a program that is still waiting for signaling has it to spare. Again:
  /// does nothing. Threads: any, beside whatever else. Fails with kServiceUnavailable as create() does.
  [[nodiscard]] static Result<void> preload();

  /// Fails with kInvalidArgument for a config that contradicts itself or ICE servers that are none, and with
  /// kServiceUnavailable when GStreamer lacks a plugin; the detail names the Debian package.
  [[nodiscard]] static Result<std::unique_ptr<PeerConnection>> create(Config config, Handlers handlers);
  ~PeerConnection();
  PeerConnection(const PeerConnection&) = delete;
  PeerConnection& operator=(const PeerConnection&) = delete;

  /// Makes an offer, for on_local_description. Make data channels before the first one: it says that there are any.
  /// Fails with kResourceInUse while an offer waits for its answer, kInvalidArgument when there is nothing to offer or
  /// to restart, kClosed.
  /// @{
  [[nodiscard]] Result<void> create_offer(OfferOptions options);
  [[nodiscard]] Result<void> create_offer() { return create_offer(OfferOptions{}); }
  /// @}

  /// Takes the other side's description. An offer is answered by itself, in on_local_description. Fails with
  /// kInvalidArgument for SDP that is none or an answer that nobody asked for, kResourceInUse for an offer while ours
  /// waits, kClosed.
  [[nodiscard]] Result<void> set_remote_description(const SessionDescription& description);

  /// Takes a candidate of the other side, at any time: those that come before the description wait for it. Names that
  /// only their own network knows (".local") are dropped: the peer's own checks lead to it. Fails with kInvalidArgument
  /// for what is no candidate, kClientLimitExceeded when too many wait, kClosed.
  [[nodiscard]] Result<void> add_ice_candidate(const IceCandidate& candidate);

  /// Fails with kInvalidArgument when the options contradict each other or when the connection was negotiated without
  /// channels, kClientLimitExceeded when there are as many as there may be, kClosed.
  [[nodiscard]] Result<std::shared_ptr<DataChannel>> create_data_channel(std::string label,
                                                                         DataChannel::Options options,
                                                                         DataChannel::Handlers handlers);

  /// Replaces the ICE servers of the config. Fails with kInvalidArgument, kClosed, and with kResourceInUse once the
  /// first description has been asked for: candidates are gathered once.
  [[nodiscard]] Result<void> set_ice_servers(const std::vector<IceServer>& servers);

  /// Has a function called with figures; with kClosed when there are none any more.
  void stats(std::function<void(Result<PeerStats>)> done);

  /// Of now; `on_connection_state` may not have told it yet.
  [[nodiscard]] State state() const;

  /// Ends everything: channels, tracks (a recording is completed), sockets. `on_connection_state` says kClosed when
  /// that is done; no other handler is called any more. Again: does nothing.
  void close();

 private:
  explicit PeerConnection(std::shared_ptr<peer::PeerCore> core);
  std::shared_ptr<peer::PeerCore> core_;
};

/// "connected" and so on, as browsers say it.
/// @{
[[nodiscard]] HELIOGRAPH_API std::string_view to_string(PeerConnection::State state) noexcept;
[[nodiscard]] HELIOGRAPH_API std::string_view to_string(PeerConnection::IceState state) noexcept;
/// @}

}  // namespace heliograph
