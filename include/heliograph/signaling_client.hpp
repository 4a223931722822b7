// SignalingClient: a master's or viewer's end of a signaling channel.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/channel.hpp"
#include "heliograph/channel_client.hpp"
#include "heliograph/event_loop.hpp"
#include "heliograph/export.hpp"
#include "heliograph/ice.hpp"
#include "heliograph/request_signer.hpp"
#include "heliograph/result.hpp"
#include "heliograph/role.hpp"

namespace heliograph {

/// The service refused something that was sent. (KVS: STATUS_RESPONSE.)
struct SignalingStatus {
  std::string correlation_id{};  ///< Of the message: the client's own count. Empty: the service did not say.
  std::string error_type{};      ///< "ClientLimitExceededException"
  int status_code = 0;           ///< 400
  std::string description{};     ///< The service's own words.
};

/// Joins a signaling channel and exchanges offers, answers and candidates; comes back by itself when the connection
/// ends.
///
/// A message that was sent is kept until the service has confirmed that it read it, and is sent again on the next
/// connection if the one it was written to broke before. So nothing is lost on the way to the service, and what arrives
/// twice is the same offer, answer or candidate again. (KVS acknowledges nothing: the SDK asks by WebSocket pings.)
/// What was confirmed within 5 s before a connection breaks is sent again, too: a service that is killed may have read
/// it and not passed it on. Of what becomes of a message behind the service nothing is known.
///
/// Lifetime: shared with nobody. Destroying it closes; when the destructor returns, no handler runs any more, unless it
/// was called in one.
/// Threads:  any method from any thread; handlers run one at a time where the loop calls handlers, never under a lock,
///           and may call everything, close() and the destructor included.
/// Wire:     KVS "SendSdpOffer", "SendSdpAnswer", "SendIceCandidate", "Asynchronous message reception"; see
///           docs/compatibility.md.
class HELIOGRAPH_API SignalingClient {
 public:
  /// When a connection ends, the next is made after a random time of up to `first`, then twice as much, up to `most`.
  struct Reconnect {
    bool enabled = true;                   ///< Else the end of a connection is the end: no GO_AWAY is followed, either.
    std::chrono::milliseconds first{250};  ///< The longest of the first waits.
    std::chrono::milliseconds most{15000};  ///< The longest of all.
    /// A connection that lasted this long makes the next wait begin with `first` again.
    std::chrono::milliseconds good_after{5000};
    /// Gives up, with on_closed, after this time without a connection. Zero: never. Until the first connection a
    /// refusal of the service (no such channel, access denied) is final whatever this says.
    std::chrono::seconds give_up_after{0};
  };

  /// Of create(). A time of max() is for ever, here and in Reconnect.
  struct Options {
    Role role = Role::kViewer;  ///< As what it joins.
    std::string client_id{};    ///< Of a viewer: 1 to 256 of `A-Z a-z 0-9 _ . -`. A master has none.
    std::string channel{};      ///< Name or ARN; an ARN if there is an `endpoint`.

    /// Finds the channel's endpoint and relays, before every connection what is no longer known. Needed unless there
    /// are an `endpoint` and a `signer`.
    std::shared_ptr<ChannelClient> channels{};
    /// "wss://…", as GetSignalingChannelEndpoint gives it: then nothing is looked up.
    std::string endpoint{};
    /// Signs the URL of every connection. Empty: by the credentials of `channels`.
    std::shared_ptr<RequestSigner> signer{};

    std::shared_ptr<EventLoop> loop{};  ///< Empty: that of `channels`, else one of its own.
    Reconnect reconnect{};              ///< When a connection ends.
    bool full_mesh = false;  ///< A viewer that names whom it writes to, in a FULL_MESH channel of Heliograph.
    /// After so long without a frame the service is pinged, and after so much longer the connection is given up, with
    /// kPingTimeout. Zero: it is not pinged for want of frames; but behind what is sent there is a ping all the same,
    /// which asks for its confirmation. Zero of the timeout: no ping's answer is missed.
    /// @{
    std::chrono::seconds ping_interval{10};
    std::chrono::seconds ping_timeout{10};
    /// @}
    std::chrono::milliseconds connect_timeout{10000};  ///< From a name to an open WebSocket.
    std::size_t max_payload = 64UL * 1024;             ///< Longest message, in base64 characters. AWS takes 10,000.
    std::size_t max_queued = 1024;                     ///< Messages that are not confirmed yet; more are refused.
    /// A message that could not be confirmed for so long is given up with kTimeout.
    std::chrono::seconds keep_for{60};
  };

  /// Any may be empty. `from` is the sender's client id, empty for the master.
  struct Handlers {
    /// A connection is up: the first; again after each on_lost; and without one when on_go_away, a relay that goes
    /// away, or reconnect() had the client move. The ICE servers are those of now: use them at once, and later
    /// ice_servers().
    std::function<void(const std::vector<IceServer>& ice_servers)> on_open{};
    /// A description came; what arrives twice is told twice.
    /// @{
    std::function<void(SessionDescription offer, std::string from)> on_offer{};
    std::function<void(SessionDescription answer, std::string from)> on_answer{};
    /// @}
    /// Never before the offer or answer it belongs to.
    std::function<void(IceCandidate candidate, std::string from)> on_candidate{};
    /// The service refused a message; the Sent handler of that message is told, too.
    std::function<void(const SignalingStatus& status)> on_status{};
    /// The service is about to close this connection; the client moves to a new one at once. (KVS: GO_AWAY.)
    std::function<void()> on_go_away{};
    /// The connection ended, or could not be made, and the next try is made after `retry_in`.
    std::function<void(const Error& why, std::chrono::milliseconds retry_in)> on_lost{};
    /// It is over: kClosed after close(); kReplaced when another master, or viewer of the same id, joined;
    /// kChannelDeleted; or what made the client give up. Called once.
    std::function<void(const Error& why)> on_closed{};
    /// Somebody sent what is no offer, answer or candidate.
    std::function<void(const Error& why)> on_bad_message{};
  };

  /// What became of a message: read by the service, or the reason why not (its refusal, kTimeout, kClosed).
  using Sent = std::function<void(Result<void>)>;

  /// Fails with kInvalidArgument for options that do not go together, saying which. Nothing is sent before open().
  [[nodiscard]] static Result<std::unique_ptr<SignalingClient>> create(Options options, Handlers handlers);
  ~SignalingClient();
  SignalingClient(const SignalingClient&) = delete;
  SignalingClient& operator=(const SignalingClient&) = delete;

  /// Begins to connect. Once; later calls do nothing.
  void open();
  /// Says goodbye and ends for good. Messages that are not confirmed yet end with kClosed.
  void close();
  /// Whether a connection is up, as the handlers were told last.
  [[nodiscard]] bool is_open() const noexcept;

  /// Sends, or queues what is to be sent with the next connection. A newer offer or answer takes the place of one to
  /// the same recipient that was not confirmed. Fails at once with kInvalidArgument, kClosed, or kClientLimitExceeded
  /// when too many messages are queued.
  /// @param to    the viewer that a master writes to; empty from a viewer, whose messages go to the master.
  /// @param sent  called once when it is known what became of it; may be empty.
  /// @{
  Result<void> send_offer(const SessionDescription& offer, std::string to = {}, Sent sent = {});
  Result<void> send_answer(const SessionDescription& answer, std::string to = {}, Sent sent = {});
  Result<void> send_candidate(const IceCandidate& candidate, std::string to = {}, Sent sent = {});
  /// @}

  /// The peer connection with this client is over: candidates of its next one wait for its next offer again.
  void forget(std::string_view client_id);
  /// Finds the ICE servers for a peer connection that is made now. Relays end (`ttl`; at AWS after five minutes), while
  /// the signaling connection lasts: those of on_open are for who calls then. What is still good is remembered and not
  /// asked for again. As in on_open, there may be none: always, when nothing is looked up because of an `endpoint`.
  /// @param done  called once where handlers are, unless the client is destroyed before. An error: the service says
  ///              that there is no such channel, or cannot be reached; or kClosed.
  void ice_servers(std::function<void(Result<std::vector<IceServer>>)> done);
  /// Ends the connection, or the try to make one, and makes a new one at once, with a fresh signature and fresh ICE
  /// servers. Before open() and after close(), nothing.
  void reconnect();

 private:
  struct Impl;
  explicit SignalingClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace heliograph
