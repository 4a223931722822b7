// ServerSession: the life of one WebSocket connection on the server's side: pings, idle, duration, GO_AWAY, closing.
// Sans-I/O: inputs are (now, event), outputs are effects; next_deadline() says when to come back.
//
// Rules
//  1. Text is delivered; a ping is answered with a pong of the same payload; a pong is only a sign of life.
//     (RFC 6455, 5.5.2 and 5.5.3.)
//  2. A binary message closes the connection with kUnsupportedData, 1003.
//     (KVS messages are text frames; RFC 6455, 7.4.1.)
//  3. Whatever the shell cannot go on with (a decoder's failure, a full outbox, a takeover, a deleted channel) closes
//     the connection, with the close code and reason that the error table has for it.
//  4. After ping_interval without a frame from the peer it is pinged. If ping_timeout passes after that ping without
//     any frame from it (a pong need not be the first), it is closed with kPingTimeout. Browsers never ping: without
//     this a peer that vanished would be found only by TCP.
//  5. idle_timeout counts messages and pings of the peer, not its pongs: those answer us and say nothing about use.
//     (KVS docs: a connection without traffic ends after 10 minutes. C and GStreamer clients ping to stay.)
//  6. A connection ends max_duration after it was opened. GO_AWAY is written go_away_grace before that, or half of
//     max_duration before when that is shorter, so that a client can move in time. (KVS docs: 1 hour at most; 1 minute
//     of grace after GO_AWAY. That GO_AWAY announces the 1-hour limit too is our choice.)
//  7. on_go_away (a node that drains) writes GO_AWAY now and closes after go_away_grace with kGoingAway, or earlier
//     with kDurationExceeded. GO_AWAY is written once.
//  8. After our close frame nothing is written and nothing is delivered. The peer's close frame ends it, or
//     close_timeout does: then Hangup. (RFC 6455, 7.1.1: the server closes TCP first.)
//  9. A close frame of the peer is answered with its own code (none if it had none), then Hangup. (RFC 6455, 5.5.1.)
// 10. After Hangup every input is ignored and there is no deadline.
//
// States (rows) and inputs; "–" changes nothing:
//              text      ping     pong  binary     peer's close   close wanted  go away    deadline
//   kOpen      deliver   pong     –     → kClosing → kClosed      → kClosing    → kLeaving ping, → kLeaving, → kClosing
//   kLeaving   deliver   pong     –     → kClosing → kClosed      → kClosing    –          ping, → kClosing
//   kClosing   –         –        –     –          → kClosed      –             –          → kClosed
//   kClosed    –         –        –     –          –              –             –          –
// → kLeaving writes GO_AWAY, → kClosing a close frame; → kClosed hangs up, from kOpen and kLeaving after a close frame.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "core/limits.hpp"
#include "heliograph/error.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::core {

/// Hand this text message to the Hub. The view is the one that came in.
struct DeliverText {
  std::string_view text;
};
/// Write a control frame or a service notice (GO_AWAY). The payload is the one that came in, or static.
struct WriteFrame {
  wire::WsKind kind{};
  std::string_view payload;
};
/// Write a close frame and send nothing after it. The reason is static, or the one that came in; kNoCloseCode stands
/// for a frame without code.
struct WriteClose {
  std::uint16_t code = 0;
  std::string_view reason;
};
/// Nothing more to say: flush what can be flushed without waiting, then close the socket.
struct Hangup {};

using SessionEffect = std::variant<DeliverText, WriteFrame, WriteClose, Hangup>;

/// Small on purpose (one per idle connection). Threads: one at a time. `limits` must outlive it.
class ServerSession {
 public:
  ServerSession(const Limits& limits, SteadyTime opened) noexcept
      : limits_(&limits), opened_(opened), last_frame_(opened), last_use_(opened) {}

  void on_message(SteadyTime now, const wire::WsMessage& message, std::vector<SessionEffect>& out);
  /// The decoder failed, or the outbox overflowed, or the Hub or an operator wants it closed.
  /// @param reason  for the peer instead of the text of `why`; empty: that text. At most 123 bytes.
  void on_close_wanted(SteadyTime now, Errc why, std::vector<SessionEffect>& out, std::string_view reason = {});
  /// The node is draining: GO_AWAY now, close after the grace.
  void on_go_away(SteadyTime now, std::vector<SessionEffect>& out);
  /// Does what is due at `now`; nothing when called early.
  void on_deadline(SteadyTime now, std::vector<SessionEffect>& out);
  /// When on_deadline should be called next. Moves with every frame of the peer: a shell may keep an earlier timer and
  /// ask again when it fires.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  /// False once a close frame was written or received: nothing may be sent any more.
  [[nodiscard]] bool can_send() const noexcept { return state_ == State::kOpen || state_ == State::kLeaving; }
  /// Why it ended, for the log; nothing while it lives or when the peer closed it.
  [[nodiscard]] std::optional<Errc> ended_because() const noexcept;

 private:
  enum class State : std::uint8_t { kOpen, kLeaving, kClosing, kClosed };

  void leave(SteadyTime now, std::chrono::seconds grace, Errc why, std::vector<SessionEffect>& out);
  void close(SteadyTime now, Errc why, std::vector<SessionEffect>& out, std::string_view reason = {});
  void on_peer_close(const wire::WsMessage& message, std::vector<SessionEffect>& out);
  [[nodiscard]] std::optional<SteadyTime> ping_deadline() const noexcept;
  [[nodiscard]] std::optional<SteadyTime> idle_deadline() const noexcept;
  /// When the connection's life ends, or in kOpen when GO_AWAY announces that.
  [[nodiscard]] std::optional<SteadyTime> life_deadline() const noexcept;
  /// Rule 6: how long before the end of max_duration GO_AWAY is written.
  [[nodiscard]] std::chrono::seconds notice() const noexcept;

  const Limits* limits_;
  SteadyTime opened_;
  SteadyTime last_frame_;  ///< The peer's last frame of any kind.
  SteadyTime last_use_;    ///< The peer's last message or ping.
  SteadyTime pinged_;      ///< When the unanswered ping was written; read only while awaiting_.
  SteadyTime ends_;        ///< kLeaving: when it is closed; kClosing: when it is hung up.
  State state_ = State::kOpen;
  bool awaiting_ = false;  ///< A ping is out and nothing came since.
  bool has_reason_ = false;
  Errc why_{};  ///< kLeaving: why it will be closed; later: why it was, if has_reason_.
};

static_assert(sizeof(ServerSession) <= 96, "one per idle connection");

}  // namespace heliograph::core
