// WsSession: one WebSocket connection between its bytes, its ServerSession and the Service.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/server_session.hpp"
#include "net/service.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::net {

class Connection;

/// Threads: its worker's.
class WsSession {
 public:
  WsSession(Connection& connection, std::uint64_t tag);

  void on_open();
  void on_bytes(std::span<char> bytes);
  void send_text(std::string_view text);
  /// What was sent before the ping has left (Receipts).
  void send_pong(std::string_view payload);
  void close(Errc why, std::string_view reason = {});
  /// The node will stop: GO_AWAY, for clients that know it.
  void go_away();
  /// The node stops: GO_AWAY, unless it was said, then the close frame.
  void go_down();
  void on_deadline(SteadyTime now);
  /// The end of the worker's turn.
  void on_turn_end() { tell_if_over(); }
  /// The socket is gone.
  void on_gone();

 private:
  void perform(SteadyTime now, const std::vector<core::SessionEffect>& effects);
  void check_outbox();
  void tell_if_over();
  void tell();
  void arm();

  Connection& connection_;
  wire::WsDecoder decoder_;
  core::ServerSession session_;
  std::uint64_t tag_;
  std::size_t waiting_pongs_ = 0;   ///< Bytes of those that are not in the outbox yet, which count towards its bound.
  bool has_told_ = false;           ///< The Service knows that nothing can be sent any more.
  std::uint16_t peer_code_ = 1006;  ///< RFC 6455, 7.1.5: no close frame was received.
};

}  // namespace heliograph::net
