// The transitions of ServerSession; the numbers are those of its rules.
#include "core/server_session.hpp"

#include <algorithm>

#include "wire/error_table.hpp"

namespace heliograph::core {
namespace {

/// What append_notice writes, as static text.
constexpr std::string_view kGoAwayText = R"({"messageType":"GO_AWAY"})";

std::optional<SteadyTime> earlier(std::optional<SteadyTime> a, std::optional<SteadyTime> b) noexcept {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

void ServerSession::on_message(SteadyTime now, const wire::WsMessage& message, std::vector<SessionEffect>& out) {
  if (state_ == State::kClosed) return;
  if (message.kind == wire::WsKind::kClose) return on_peer_close(message, out);
  if (state_ == State::kClosing) return;
  last_frame_ = now;
  awaiting_ = false;
  switch (message.kind) {
    case wire::WsKind::kText:
      last_use_ = now;
      out.emplace_back(DeliverText{message.payload});
      return;
    case wire::WsKind::kPing:
      last_use_ = now;
      out.emplace_back(WriteFrame{wire::WsKind::kPong, message.payload});
      return;
    case wire::WsKind::kBinary:
      return close(now, Errc::kUnsupportedData, out);
    case wire::WsKind::kPong:
    case wire::WsKind::kClose:
      return;
  }
}

void ServerSession::on_close_wanted(SteadyTime now, Errc why, std::vector<SessionEffect>& out,
                                    std::string_view reason) {
  if (can_send()) close(now, why, out, reason);
}

void ServerSession::on_go_away(SteadyTime now, std::vector<SessionEffect>& out) {
  if (state_ == State::kOpen) leave(now, limits_->go_away_grace, Errc::kGoingAway, out);
}

void ServerSession::on_deadline(SteadyTime now, std::vector<SessionEffect>& out) {
  const auto due = [now](std::optional<SteadyTime> deadline) { return deadline && *deadline <= now; };
  if (state_ == State::kClosing && due(ends_)) {
    state_ = State::kClosed;
    out.emplace_back(Hangup{});
  }
  if (!can_send()) return;
  if (state_ == State::kOpen && due(life_deadline())) leave(now, notice(), Errc::kDurationExceeded, out);
  if (state_ == State::kLeaving && due(life_deadline())) return close(now, why_, out);
  if (due(idle_deadline())) return close(now, Errc::kIdleTimeout, out);
  if (!due(ping_deadline())) return;
  if (awaiting_) return close(now, Errc::kPingTimeout, out);
  awaiting_ = true;
  pinged_ = now;
  out.emplace_back(WriteFrame{wire::WsKind::kPing, {}});
}

std::optional<SteadyTime> ServerSession::next_deadline() const {
  switch (state_) {
    case State::kOpen:
    case State::kLeaving:
      return earlier(earlier(ping_deadline(), idle_deadline()), life_deadline());
    case State::kClosing:
      return ends_;
    case State::kClosed:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Errc> ServerSession::ended_because() const noexcept {
  return has_reason_ ? std::optional(why_) : std::nullopt;
}

void ServerSession::leave(SteadyTime now, std::chrono::seconds grace, Errc why, std::vector<SessionEffect>& out) {
  state_ = State::kLeaving;
  ends_ = now + grace;
  why_ = why;
  if (limits_->max_duration.count() > 0 && opened_ + limits_->max_duration <= ends_) {
    ends_ = std::max(now, opened_ + limits_->max_duration);
    why_ = Errc::kDurationExceeded;
  }
  out.emplace_back(WriteFrame{wire::WsKind::kText, kGoAwayText});
}

void ServerSession::close(SteadyTime now, Errc why, std::vector<SessionEffect>& out, std::string_view reason) {
  state_ = State::kClosing;
  ends_ = now + limits_->close_timeout;
  why_ = why;
  has_reason_ = true;
  const wire::ErrorRow& row = wire::error_row(why);
  out.emplace_back(WriteClose{row.close_code, reason.empty() ? row.close_reason : reason});
}

void ServerSession::on_peer_close(const wire::WsMessage& message, std::vector<SessionEffect>& out) {
  if (can_send()) out.emplace_back(WriteClose{message.close_code, {}});
  state_ = State::kClosed;
  out.emplace_back(Hangup{});
}

std::optional<SteadyTime> ServerSession::ping_deadline() const noexcept {
  if (limits_->ping_interval.count() == 0) return std::nullopt;
  if (!awaiting_) return last_frame_ + limits_->ping_interval;
  if (limits_->ping_timeout.count() == 0) return std::nullopt;
  return pinged_ + limits_->ping_timeout;
}

std::optional<SteadyTime> ServerSession::idle_deadline() const noexcept {
  if (limits_->idle_timeout.count() == 0) return std::nullopt;
  return last_use_ + limits_->idle_timeout;
}

std::optional<SteadyTime> ServerSession::life_deadline() const noexcept {
  if (state_ == State::kLeaving) return ends_;
  if (limits_->max_duration.count() == 0) return std::nullopt;
  return opened_ + limits_->max_duration - notice();
}

std::chrono::seconds ServerSession::notice() const noexcept {
  return std::min(limits_->go_away_grace, limits_->max_duration / 2);
}

}  // namespace heliograph::core
