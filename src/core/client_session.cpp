// The client's rules carried out; their numbers are those of client_session.hpp.
#include "core/client_session.hpp"

#include <algorithm>
#include <charconv>

#include "wire/base64.hpp"
#include "wire/message.hpp"
#include "wire/names.hpp"

namespace heliograph::core {
namespace {

constexpr std::uint16_t kNormalClosure = 1000;
constexpr std::uint16_t kAbnormalClosure = 1006;  ///< RFC 6455, 7.1.5: no close frame came.

bool is_peer_message(wire::MessageType type) noexcept { return type <= wire::MessageType::kIceCandidate; }

/// The mark of a pong; nothing when it answers a ping that had none.
std::optional<std::uint64_t> to_mark(std::string_view payload) {
  std::uint64_t mark = 0;
  const char* end = payload.data() + payload.size();
  const auto [last, error] = std::from_chars(payload.data(), end, mark);
  if (payload.empty() || error != std::errc{} || last != end) return std::nullopt;
  return mark;
}

Error invalid(std::string_view detail) { return Error{Errc::kInvalidArgument, std::string(detail)}; }

}  // namespace

void ClientSession::on_open(SteadyTime now) {
  state_ = State::kOpen;
  awaiting_ = false;
  told_closed_ = false;
  mark_.clear();
  deadline_ = now + limits_.ping_interval;
}

void ClientSession::on_message(SteadyTime now, const wire::WsMessage& message, std::vector<ClientEffect>& out) {
  if (state_ == State::kIdle) return;
  if (message.kind == wire::WsKind::kClose) return on_peer_close(now, message, out);
  if (state_ != State::kOpen) return;
  awaiting_ = false;
  deadline_ = now + limits_.ping_interval;
  switch (message.kind) {
    case wire::WsKind::kText:
      return on_text(message.payload, out);
    case wire::WsKind::kBinary:
      out.emplace_back(BadMessage{Error{Errc::kUnsupportedData, "a binary message: signaling is text"}});
      return;
    case wire::WsKind::kPing:
      out.emplace_back(WriteControl{wire::WsKind::kPong, message.payload});
      return;
    case wire::WsKind::kPong:
      if (message.payload == mark_) mark_.clear();
      if (const auto mark = to_mark(message.payload)) out.emplace_back(Confirmed{*mark});
      return;
    case wire::WsKind::kClose:
      return;
  }
}

void ClientSession::on_lost(std::vector<ClientEffect>& out) { give_up(false, out); }

void ClientSession::give_up(bool is_unanswered, std::vector<ClientEffect>& out) {
  if (state_ == State::kIdle) return;
  state_ = State::kIdle;
  if (!told_closed_) out.emplace_back(Closed{kAbnormalClosure, {}, is_unanswered});
}

void ClientSession::on_deadline(SteadyTime now, std::vector<ClientEffect>& out) {
  const auto deadline = next_deadline();
  if (!deadline || *deadline > now) return;
  if (state_ == State::kClosing || awaiting_) {
    give_up(state_ == State::kOpen, out);
    out.emplace_back(DropSocket{});
    return;
  }
  awaiting_ = true;
  deadline_ = now + limits_.ping_timeout;
  out.emplace_back(WriteControl{wire::WsKind::kPing, mark_});
}

std::optional<SteadyTime> ClientSession::next_deadline() const {
  switch (state_) {
    case State::kIdle:
      return std::nullopt;
    case State::kOpen:
      if ((awaiting_ ? limits_.ping_timeout : limits_.ping_interval).count() == 0) return std::nullopt;
      return deadline_;
    case State::kClosing:
      return deadline_;
  }
  return std::nullopt;
}

Result<void> ClientSession::send(const Outgoing& message, std::string& out) {
  if (state_ != State::kOpen) return Error{Errc::kClosed, "there is no open connection"};
  if (!is_peer_message(message.type)) return invalid("only offers, answers and candidates can be sent");
  if (message.content.empty()) return invalid("the content is empty");
  if (role_ == wire::Role::kViewer && !is_full_mesh_ && !message.recipient.empty()) {
    return invalid("a viewer must not name a recipient: its messages go to the master");
  }
  if (!message.recipient.empty() && !wire::is_correlation_id(message.recipient)) {
    return invalid("the recipient is not 1 to 256 characters of [a-zA-Z0-9_.-]");
  }
  if (!message.correlation_id.empty() && !wire::is_correlation_id(message.correlation_id)) {
    return invalid("the correlation id is not 1 to 256 characters of [a-zA-Z0-9_.-]");
  }
  const std::string payload = wire::to_base64(message.content);
  if (payload.size() > limits_.max_payload) {
    return invalid("the content is too large: " + std::to_string(payload.size()) +
                   " characters of base64, the limit is " + std::to_string(limits_.max_payload));
  }
  wire::append_client_message(out, {message.type, payload, message.recipient, message.correlation_id});
  return {};
}

void ClientSession::confirm(SteadyTime now, std::uint64_t mark, std::vector<ClientEffect>& out) {
  if (state_ != State::kOpen) return;
  mark_ = std::to_string(mark);
  if (!awaiting_) deadline_ = now + limits_.ping_timeout;
  awaiting_ = true;
  out.emplace_back(WriteControl{wire::WsKind::kPing, mark_});
}

void ClientSession::close(SteadyTime now, std::vector<ClientEffect>& out) {
  if (state_ != State::kOpen) return;
  begin_closing(now);
  out.emplace_back(WriteClosing{kNormalClosure});
}

void ClientSession::forget(std::string_view sender) {
  const auto found = senders_.find(sender);
  if (found == senders_.end()) return;
  early_count_ -= found->second.early.size();
  senders_.erase(found);
}

void ClientSession::on_text(std::string_view text, std::vector<ClientEffect>& out) {
  if (text.empty()) return;
  auto parsed = parser_.parse(text);
  if (!parsed) {
    out.emplace_back(BadMessage{std::move(parsed).error()});
    return;
  }
  if (parsed->status) out.emplace_back(StatusReceived{*parsed->status});
  if (!parsed->type) return;
  switch (*parsed->type) {
    case wire::MessageType::kSdpOffer:
    case wire::MessageType::kSdpAnswer:
    case wire::MessageType::kIceCandidate:
      return on_peer_message(*parsed, out);
    case wire::MessageType::kGoAway:
      out.emplace_back(GoAwayReceived{});
      return;
    case wire::MessageType::kReconnectIceServer:
      out.emplace_back(ReconnectIceServerReceived{});
      return;
    case wire::MessageType::kStatusResponse:
      return;
  }
}

void ClientSession::on_peer_message(const wire::ServiceMessage& message, std::vector<ClientEffect>& out) {
  auto content = wire::decode_message_payload(message.payload);
  if (!content) {
    out.emplace_back(BadMessage{invalid("messagePayload is not base64")});
    return;
  }
  content_ = std::move(*content);
  Sender& from = sender(message.sender);
  if (*message.type == wire::MessageType::kIceCandidate && !from.described) return hold_back(from);
  out.emplace_back(PeerMessage{*message.type, message.sender, content_});
  if (*message.type == wire::MessageType::kIceCandidate) return;
  from.described = true;
  flushed_ = std::move(from.early);
  from.early.clear();
  early_count_ -= flushed_.size();
  for (const std::string& candidate : flushed_) {
    out.emplace_back(PeerMessage{wire::MessageType::kIceCandidate, message.sender, candidate});
  }
}

void ClientSession::on_peer_close(SteadyTime now, const wire::WsMessage& message, std::vector<ClientEffect>& out) {
  if (state_ == State::kOpen) out.emplace_back(WriteClosing{message.close_code});
  begin_closing(now);
  if (told_closed_) return;
  told_closed_ = true;
  out.emplace_back(Closed{message.close_code, message.payload, false});
}

ClientSession::Sender& ClientSession::sender(std::string_view id) {
  auto found = senders_.find(id);
  if (found == senders_.end()) {
    if (senders_.size() >= std::max<std::size_t>(limits_.max_senders, 1)) {
      const auto oldest = std::min_element(senders_.begin(), senders_.end(), [](const auto& a, const auto& b) {
        return a.second.heard < b.second.heard;
      });
      forget(std::string(oldest->first));
    }
    found = senders_.try_emplace(std::string(id)).first;
  }
  found->second.heard = ++messages_;
  return found->second;
}

void ClientSession::hold_back(Sender& from) {
  from.early.push_back(content_);
  ++early_count_;
  if (from.early.size() <= limits_.max_early_candidates) return;
  from.early.erase(from.early.begin());
  --early_count_;
}

void ClientSession::begin_closing(SteadyTime now) {
  if (state_ == State::kClosing) return;
  state_ = State::kClosing;
  deadline_ = now + limits_.close_timeout;
}

}  // namespace heliograph::core
