// Every message of a read is handled before anything is written.
#include "net/ws_session.hpp"

#include <variant>

#include "net/connection.hpp"
#include "net/worker.hpp"

namespace heliograph::net {
namespace {

constexpr std::size_t kPongOverhead = 40;  // What one takes beside its payload while it waits.

}  // namespace

WsSession::WsSession(Connection& connection, std::uint64_t tag)
    : connection_(connection),
      decoder_(wire::WsRole::kServer, {connection.worker().limits().max_frame}),
      session_(connection.worker().limits(), connection.worker().now()),
      tag_(tag) {}

void WsSession::on_open() {
  connection_.worker().service().on_open(connection_.worker().now(), connection_.id(), tag_);
  arm();
}

void WsSession::on_bytes(std::span<char> bytes) {
  Worker& worker = connection_.worker();
  const SteadyTime now = worker.now();
  auto lease = worker.lease_effects();
  decoder_.feed(bytes);
  while (const auto message = decoder_.next()) {
    worker.stats().frames_in.add(1);
    if (message->kind == wire::WsKind::kClose) peer_code_ = message->close_code;
    lease.effects.clear();
    session_.on_message(now, *message, lease.effects);
    perform(now, lease.effects);
    tell_if_over();
  }
  if (const auto& failure = decoder_.failure(); failure && session_.can_send()) {
    close(failure->code);
    connection_.end_after_flush(true);  // RFC 6455, 7.1.7: nothing the peer sends from here on can be understood.
  }
  arm();
}

void WsSession::send_text(std::string_view text) {
  if (!session_.can_send()) return;
  connection_.worker().stats().frames_out.add(1);
  wire::append_ws_frame(connection_.outbox().tail(), wire::WsKind::kText, text);
  connection_.mark_dirty();
  check_outbox();
}

void WsSession::send_pong(std::string_view payload) {
  waiting_pongs_ -= payload.size() + kPongOverhead;
  if (!session_.can_send()) return;
  wire::append_ws_frame(connection_.outbox().tail(), wire::WsKind::kPong, payload);
  connection_.mark_dirty();
  check_outbox();  // A peer that sends pings and reads no pongs.
}

void WsSession::check_outbox() {
  if (connection_.outbox().size() + waiting_pongs_ <= connection_.worker().limits().max_outbox) return;
  connection_.worker().stats().slow_peers_closed.add(1);
  close(Errc::kSlowPeer);
}

void WsSession::close(Errc why, std::string_view reason) {
  const SteadyTime now = connection_.worker().now();
  auto lease = connection_.worker().lease_effects();
  session_.on_close_wanted(now, why, lease.effects, reason);
  perform(now, lease.effects);
  arm();
}

void WsSession::go_away() {
  const SteadyTime now = connection_.worker().now();
  auto lease = connection_.worker().lease_effects();
  session_.on_go_away(now, lease.effects);
  perform(now, lease.effects);
  arm();
}

void WsSession::go_down() {
  go_away();
  close(Errc::kGoingAway);
}

void WsSession::on_deadline(SteadyTime now) {
  auto lease = connection_.worker().lease_effects();
  session_.on_deadline(now, lease.effects);
  perform(now, lease.effects);
  tell_if_over();
  arm();
}

void WsSession::on_gone() {
  if (!has_told_) tell();
}

void WsSession::tell_if_over() {
  // Not when the socket is gone: a peer may take seconds to answer our close frame, and what is sent to it meanwhile
  // would be lost.
  if (!has_told_ && !session_.can_send()) tell();
}

void WsSession::tell() {
  has_told_ = true;
  CloseInfo info;
  info.peer_code = peer_code_;
  info.why = session_.ended_because().value_or(Errc::kClosed);
  connection_.worker().service().on_closed(connection_.worker().now(), connection_.id(), tag_, info);
}

void WsSession::perform(SteadyTime now, const std::vector<core::SessionEffect>& effects) {
  for (const core::SessionEffect& effect : effects) {
    if (const auto* deliver = std::get_if<core::DeliverText>(&effect)) {
      connection_.worker().service().on_text(now, connection_.id(), tag_, deliver->text);
    } else if (const auto* frame = std::get_if<core::WriteFrame>(&effect)) {
      if (frame->kind == wire::WsKind::kPong) {
        waiting_pongs_ += frame->payload.size() + kPongOverhead;
        connection_.worker().confirm_later(connection_.id(), frame->payload);
        check_outbox();
        continue;
      }
      wire::append_ws_frame(connection_.outbox().tail(), frame->kind, frame->payload);
      connection_.mark_dirty();
      check_outbox();
    } else if (const auto* last = std::get_if<core::WriteClose>(&effect)) {
      wire::append_ws_close(connection_.outbox().tail(), last->code, last->reason);
      connection_.mark_dirty();
    } else if (std::holds_alternative<core::Hangup>(effect)) {
      connection_.end_after_flush(false);
    }
  }
}

void WsSession::arm() {
  // The deadline moves with every frame; a timer that comes too early is asked again, which is cheaper than moving it.
  const auto next = session_.next_deadline();
  if (next && !connection_.is_armed_before(*next)) connection_.arm(*next);
}

}  // namespace heliograph::net
