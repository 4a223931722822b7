// ClientSession: a client's end of signaling. Sans-I/O: WebSocket messages and wishes in, events and texts out.
//
// Rules
//  1. A candidate that arrives before the first offer or answer of its sender is held back until that arrives, and
//     given right after it, in order. Senders are told apart by senderClientId; the master has none. (JS SDK,
//     SignalingClient: candidates received before the SDP are queued per sender. Delivery order is not promised: KVS
//     docs, ingestion.)
//  2. What a sender has said so far survives a reconnect: the peer connections it belongs to do. forget() ends it.
//  3. Held-back candidates are bounded per sender and senders are bounded in number; beyond that the oldest candidate
//     goes, or the sender unheard for longest. A candidate without its offer is of no use.
//  4. GO_AWAY and RECONNECT_ICE_SERVER are events; the application's shell reconnects. (KVS docs, asynchronous
//     messages.)
//  5. An empty text is nothing (the service has been seen to send one as an acknowledgement), an unknown type is passed
//     over (as JS and GStreamer do), and a message that cannot be read is an event with the reason.
//  6. A viewer writes to the master and must not name a recipient; a master should name one. (JS SDK, SignalingClient.)
//     Members of a full mesh are viewers that name one.
//  7. Pings are answered; the client pings after ping_interval without a frame from the service and gives the
//     connection up after ping_timeout more. (C SDK: every 10 s; it only gives up much later.)
//  8. After a close frame of either side nothing is written. The service closes TCP first (RFC 6455, 7.1.1); after
//     close_timeout the client does.
//  9. KVS acknowledges nothing. But frames are read in order, so a pong says that whatever was sent before its ping has
//     been read: confirm() asks, Confirmed answers. A ping of rule 7 asks again for what was not answered, since a
//     service may answer the newest of several pings only (RFC 6455, 5.5.3).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "wire/role.hpp"
#include "wire/service_message.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::core {

struct ClientLimits {
  std::size_t max_payload = 64 * 1024;     ///< messagePayload sent, base64 characters; KVS takes 10,000.
  std::size_t max_early_candidates = 128;  ///< Held back per sender.
  std::size_t max_senders = 4096;          ///< Remembered at a time.
  std::chrono::seconds ping_interval{10};  ///< Zero: no pings.
  std::chrono::seconds ping_timeout{30};   ///< Zero: never gives up.
  std::chrono::seconds close_timeout{5};   ///< From a close frame to dropping the connection.
};

/// An offer, answer or candidate. Views live until the next call on the session.
struct PeerMessage {
  wire::MessageType type{};
  std::string_view sender;   ///< Empty: the master.
  std::string_view content;  ///< Decoded payload: JSON of an RTCSessionDescription or RTCIceCandidate.
};
/// The service refused something that was sent with a correlation id.
struct StatusReceived {
  wire::StatusResponse status;
};
/// The service is about to close this connection: connect anew, now.
struct GoAwayReceived {};
/// The relay goes away: fetch ICE servers anew and connect again.
struct ReconnectIceServerReceived {};
/// A message that cannot be read; the connection goes on.
struct BadMessage {
  Error error;
};
/// The service has read everything that was sent before confirm() was called with this mark.
struct Confirmed {
  std::uint64_t mark = 0;
};
/// The connection is over. `code` is the one the service gave, 1006 if none came.
struct Closed {
  std::uint16_t code = 0;
  std::string_view reason;
  bool is_unanswered = false;  ///< Given up (rule 7): a ping was not answered in time.
};
/// Write a WebSocket control frame.
struct WriteControl {
  wire::WsKind kind{};
  std::string_view payload;
};
/// Write a close frame, and nothing after it.
struct WriteClosing {
  std::uint16_t code = 0;
};
/// Close the socket.
struct DropSocket {};

using ClientEffect = std::variant<PeerMessage, StatusReceived, GoAwayReceived, ReconnectIceServerReceived, BadMessage,
                                  Confirmed, Closed, WriteControl, WriteClosing, DropSocket>;

/// What an application wants to send.
struct Outgoing {
  wire::MessageType type{};
  std::string_view content;         ///< JSON of the description or candidate; sent as base64.
  std::string_view recipient;       ///< Empty from a viewer.
  std::string_view correlation_id;  ///< Empty: no status is wanted.
};

/// One signaling client, over any number of connections one after another. Threads: one at a time.
class ClientSession {
 public:
  ClientSession(wire::Role role, const ClientLimits& limits, bool is_full_mesh = false)
      : role_(role), is_full_mesh_(is_full_mesh), limits_(limits) {}

  /// A new connection is up; what is known of the senders stays (rule 2).
  void on_open(SteadyTime now);
  void on_message(SteadyTime now, const wire::WsMessage& message, std::vector<ClientEffect>& out);
  /// The socket ended, or its decoder failed.
  void on_lost(std::vector<ClientEffect>& out);
  void on_deadline(SteadyTime now, std::vector<ClientEffect>& out);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  /// Appends the text of one message to `out`. Fails with kClosed (no connection) or kInvalidArgument; then `out` is as
  /// it was.
  [[nodiscard]] Result<void> send(const Outgoing& message, std::string& out);
  /// Asks the service to confirm what was sent so far. Without a connection, nothing.
  void confirm(SteadyTime now, std::uint64_t mark, std::vector<ClientEffect>& out);
  /// Closes the connection in good order.
  void close(SteadyTime now, std::vector<ClientEffect>& out);
  /// The peer connection with this sender is over (empty: the master).
  void forget(std::string_view sender);

  [[nodiscard]] bool is_open() const noexcept { return state_ == State::kOpen; }
  /// Candidates held back for their offer or answer, of all senders.
  [[nodiscard]] std::size_t early_candidates() const noexcept { return early_count_; }

 private:
  enum class State : std::uint8_t { kIdle, kOpen, kClosing };
  struct Sender {
    bool described = false;  ///< An offer or answer came.
    std::uint64_t heard = 0;
    std::vector<std::string> early;  ///< Decoded.
  };

  void on_text(std::string_view text, std::vector<ClientEffect>& out);
  void on_peer_message(const wire::ServiceMessage& message, std::vector<ClientEffect>& out);
  void on_peer_close(SteadyTime now, const wire::WsMessage& message, std::vector<ClientEffect>& out);
  Sender& sender(std::string_view id);
  void hold_back(Sender& from);
  void begin_closing(SteadyTime now);
  void give_up(bool is_unanswered, std::vector<ClientEffect>& out);

  wire::Role role_;
  bool is_full_mesh_;
  ClientLimits limits_;
  State state_ = State::kIdle;
  bool awaiting_ = false;  ///< A ping is out and nothing came since.
  bool told_closed_ = false;
  SteadyTime deadline_;  ///< kClosing: when the socket is dropped; kOpen: when a ping, or its answer, is due.
  wire::ServiceMessageParser parser_;
  std::map<std::string, Sender, std::less<>> senders_;
  std::uint64_t messages_ = 0;
  std::size_t early_count_ = 0;
  std::string mark_;                  ///< Of the last confirm(), until it is answered; pings' views point at it.
  std::string content_;               ///< What the views of the last PeerMessage point at …
  std::vector<std::string> flushed_;  ///< … and those of the candidates given after it.
};

}  // namespace heliograph::core
