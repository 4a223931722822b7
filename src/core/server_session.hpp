// ServerSession: the life of one WebSocket connection on the server's side: pings, idle, duration, GO_AWAY, closing.
// Sans-I/O. (Rules, and the states as a table, are written here by its author.)
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
/// Write a control frame or a service notice (GO_AWAY).
struct WriteFrame {
  wire::WsKind kind{};
  std::string_view payload;
};
/// Write a close frame and send nothing after it.
struct WriteClose {
  std::uint16_t code = 0;
  std::string_view reason;
};
/// Nothing more to say: flush what is queued, then close the socket.
struct Hangup {};

using SessionEffect = std::variant<DeliverText, WriteFrame, WriteClose, Hangup>;

/// Small on purpose (one per idle connection). Threads: one at a time. `limits` must outlive it.
class ServerSession {
 public:
  ServerSession(const Limits& limits, SteadyTime opened);

  void on_message(SteadyTime now, const wire::WsMessage& message, std::vector<SessionEffect>& out);
  /// The decoder failed, or the outbox overflowed, or the Hub or an operator wants it closed.
  void on_close_wanted(SteadyTime now, Errc why, std::vector<SessionEffect>& out);
  /// The node is draining: GO_AWAY now, close after the grace.
  void on_go_away(SteadyTime now, std::vector<SessionEffect>& out);
  void on_deadline(SteadyTime now, std::vector<SessionEffect>& out);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  /// False once a close frame was written or received: nothing may be sent any more.
  [[nodiscard]] bool can_send() const noexcept;
  /// Why it ended, for the log; nothing while it lives or when the peer closed normally.
  [[nodiscard]] std::optional<Errc> ended_because() const noexcept;

 private:
  // (its author completes this)
};

}  // namespace heliograph::core
