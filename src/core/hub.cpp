// The Hub's rules carried out. Their numbers are those of hub.hpp.
#include "core/hub.hpp"

#include "wire/error_table.hpp"

namespace heliograph::core {
namespace {

Presence presence(Presence::Change change, const Seat& seat) {
  return {
      .change = change, .role = seat.role, .channel = seat.channel->arn(), .client = seat.client, .conn = seat.conn};
}

}  // namespace

Result<void> Hub::check_join(const Join& join) const {
  if (seats_.contains(join.conn)) return Error{Errc::kResourceInUse, "the connection has joined already"};
  if (join.role == wire::Role::kMaster) return {};
  if (join.client.empty()) return Error{Errc::kInvalidArgument, "a viewer needs a client id"};
  const auto channel = channels_.find(join.channel);
  const std::size_t viewers = channel == channels_.end() ? 0 : channel->second.viewer_count();
  if (viewers < limits_.max_viewers) return {};
  if (channel != channels_.end() && channel->second.viewer(join.client.view()) != nullptr) return {};
  return Error{Errc::kClientLimitExceeded,
               "the channel has its " + std::to_string(limits_.max_viewers) + " viewers already"};
}

Result<void> Hub::on_join(SteadyTime now, const Join& join, Effects& out) {
  if (auto allowed = check_join(join); !allowed) return allowed;
  Channel& channel = open_channel(join.channel);
  channel.set_message_ttl(join.message_ttl);
  channel.set_mesh(join.is_mesh);
  if (Seat* displaced = channel.holder(join.role, join.client.view())) {
    out.add(Close{displaced->conn, Errc::kReplaced});
    remove(*displaced, Presence::Change::kReplaced, out);
  }
  const bool is_master = join.role == wire::Role::kMaster;
  Seat& seat = seats_[join.conn];
  seat = {.conn = join.conn, .channel = &channel, .role = join.role, .client = is_master ? ClientId() : join.client};
  channel.seat(seat);
  ++(is_master ? stats_.masters : stats_.viewers);
  out.add(presence(Presence::Change::kJoined, seat));
  deliver_mail(now, seat, out);
  if (!is_master) return {};
  for (const PendingAsk& ask : channel.asks()) {
    if (ask.expires > now) deliver_ask(ask, seat, out);
  }
  return {};
}

std::optional<Refusal> Hub::on_message(SteadyTime now, ConnId from, const wire::ParsedClientMessage& parsed,
                                       Effects& out) {
  const auto sender = seats_.find(from);
  if (sender == seats_.end()) return std::nullopt;
  Seat& seat = sender->second;
  if (parsed.error) {
    return refuse(seat, parsed.message.correlation_id, parsed.error->code, parsed.error->detail, out);
  }
  const wire::MessageType type = parsed.message.action;
  const std::uint32_t rate = limits_.rates.of(type);
  if (rate != 0 && !seat.sent[static_cast<std::size_t>(type)].try_take(now, rate)) {
    return refuse(seat, parsed.message.correlation_id, Errc::kClientLimitExceeded,
                  "more messages of this type per second than a connection may send; send it again later", out);
  }
  const Letter letter{now, seat, parsed.message};
  switch (seat.role) {
    case wire::Role::kMaster:
      return from_master(letter, out);
    case wire::Role::kViewer:
      return from_viewer(letter, out);
  }
  return std::nullopt;
}

void Hub::on_ask(SteadyTime now, const Ask& ask, Effects& out) {
  Channel& channel = open_channel(ask.channel);
  std::optional<PendingAsk> replaced;
  bool kept = false;
  change_mail(channel, [&](Channel& asked) {
    replaced = asked.take_ask(ask.sender.view());
    kept = asked.try_keep_ask({ask.id, ask.sender.str(), ask.payload, now + ask.patience}, limits_);
  });
  if (replaced) out.add(AskOutcome{replaced->id, Errc::kReplaced});
  if (!kept) {
    ++stats_.refused;
    out.add(AskOutcome{ask.id, Errc::kClientLimitExceeded});
    return forget_if_empty(channel);
  }
  if (const Seat* master = channel.master()) deliver_ask(channel.asks().back(), *master, out);
}

void Hub::on_leave(ConnId conn, Effects& out) {
  const auto found = seats_.find(conn);
  if (found == seats_.end()) return;
  Channel& channel = *found->second.channel;
  remove(found->second, Presence::Change::kLeft, out);
  forget_if_empty(channel);
}

void Hub::on_ttl_changed(const ChannelArn& channel, std::chrono::seconds message_ttl) {
  const auto found = channels_.find(channel);
  if (found != channels_.end()) found->second.set_message_ttl(message_ttl);
}

void Hub::on_channel_deleted(const ChannelArn& channel, Effects& out) {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  while (Seat* seat = found->second.any_seat()) {
    out.add(Close{seat->conn, Errc::kChannelDeleted});
    remove(*seat, Presence::Change::kLeft, out);
  }
  change_mail(found->second, [&out](Channel& emptied) {
    emptied.drop_all_mail();
    for (const PendingAsk& ask : emptied.take_expired_asks(SteadyTime::max())) {
      out.add(AskOutcome{ask.id, Errc::kChannelDeleted});
    }
  });
  channels_.erase(found);
}

void Hub::on_deadline(SteadyTime now, Effects& out) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    Channel& channel = *deadlines_.begin()->second;
    change_mail(channel, [&](Channel& swept) {
      stats_.expired += swept.drop_expired(now);
      for (const PendingAsk& ask : swept.take_expired_asks(now)) out.add(AskOutcome{ask.id, Errc::kResourceNotFound});
    });
    forget_if_empty(channel);
  }
}

std::optional<SteadyTime> Hub::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

HubStats Hub::stats() const {
  HubStats stats = stats_;
  stats.channels = channels_.size();
  return stats;
}

Channel& Hub::open_channel(const ChannelArn& arn) { return channels_.try_emplace(arn, arn).first->second; }

void Hub::remove(Seat& seat, Presence::Change change, Effects& out) {
  out.add(presence(change, seat));
  --(seat.role == wire::Role::kMaster ? stats_.masters : stats_.viewers);
  seat.channel->unseat(seat);
  seats_.erase(ConnId(seat.conn));
}

void Hub::deliver_mail(SteadyTime now, const Seat& seat, Effects& out) {
  Mailbox mail;
  change_mail(*seat.channel, [&](Channel& channel) { mail = channel.take_mail(seat.client.view()); });
  for (const RetainedMessage& message : mail.messages()) {
    if (message.expires <= now) {
      ++stats_.expired;
      continue;
    }
    count_relayed(message.type);
    out.add_send(seat.conn, [&](std::string& text) {
      wire::append_service_message(text, message.type, message.payload, message.sender);
    });
  }
}

void Hub::deliver_ask(const PendingAsk& ask, const Seat& master, Effects& out) {
  ++stats_.relayed;
  out.add_send(master.conn, [&ask](std::string& text) {
    wire::append_service_message(text, wire::MessageType::kSdpOffer, ask.payload, ask.sender);
  });
}

bool Hub::answer_ask(const Letter& letter, Effects& out) {
  if (letter.message.action != wire::MessageType::kSdpAnswer) return false;
  Channel& channel = *letter.from.channel;
  const PendingAsk* ask = channel.ask_of(letter.message.recipient);
  if (ask == nullptr || ask->expires <= letter.now) return false;
  ++stats_.relayed;
  out.add_answer(ask->id, letter.message.payload);
  change_mail(channel,
              [&letter](Channel& answered) { static_cast<void>(answered.take_ask(letter.message.recipient)); });
  return true;
}

std::optional<Refusal> Hub::from_viewer(const Letter& letter, Effects& out) {
  if (!letter.from.channel->is_mesh()) return relay_or_retain(letter, {}, out);
  if (letter.message.recipient != letter.from.client.view()) {
    return relay_or_retain(letter, letter.message.recipient, out);
  }
  return refuse(letter.from, letter.message.correlation_id, Errc::kInvalidArgument,
                "recipientClientId is the sender's own id", out);
}

std::optional<Refusal> Hub::from_master(const Letter& letter, Effects& out) {
  if (answer_ask(letter, out)) return std::nullopt;
  if (!letter.message.recipient.empty()) return relay_or_retain(letter, letter.message.recipient, out);
  if (const Seat* viewer = letter.from.channel->only_viewer()) {
    relay(letter, *viewer, out);
    return std::nullopt;
  }
  return refuse(letter.from, letter.message.correlation_id, Errc::kInvalidArgument,
                "recipientClientId is missing: a master names the viewer it writes to", out);
}

std::optional<Refusal> Hub::relay_or_retain(const Letter& letter, std::string_view recipient, Effects& out) {
  const Channel& channel = *letter.from.channel;
  const Seat* seat = recipient.empty() ? channel.master() : channel.viewer(recipient);
  if (seat == nullptr) return retain(letter, recipient, out);
  relay(letter, *seat, out);
  return std::nullopt;
}

void Hub::count_relayed(wire::MessageType type) noexcept {
  ++stats_.relayed;
  const auto index = static_cast<std::size_t>(type);
  if (index < stats_.relayed_by_type.size()) ++stats_.relayed_by_type[index];
}

void Hub::relay(const Letter& letter, const Seat& to, Effects& out) {
  count_relayed(letter.message.action);
  out.add_send(to.conn, [&](std::string& text) {
    wire::append_service_message(text, letter.message.action, letter.message.payload, letter.from.client.view());
  });
}

std::optional<Refusal> Hub::retain(const Letter& letter, std::string_view recipient, Effects& out) {
  Channel& channel = *letter.from.channel;
  bool kept = false;
  change_mail(channel, [&](Channel& mail) {
    stats_.expired += mail.drop_expired(letter.now);
    const std::size_t before = mail.retained().messages;
    kept = mail.try_retain(letter.now, recipient,
                           {.type = letter.message.action,
                            .superseded = false,
                            .expires = {},
                            .sender = letter.from.client.str(),
                            .payload = std::string(letter.message.payload)},
                           limits_);
    if (!kept) return;
    ++stats_.retained;
    stats_.replaced += before + 1 - mail.retained().messages;
  });
  if (kept) return std::nullopt;
  return refuse(letter.from, letter.message.correlation_id, Errc::kClientLimitExceeded,
                "the recipient is not connected and too many messages wait already", out);
}

Refusal Hub::refuse(const Seat& from, std::string_view correlation_id, Errc why, std::string_view detail,
                    Effects& out) {
  ++stats_.refused;
  const Refusal refusal{why, detail};
  if (correlation_id.empty()) return refusal;
  const wire::HttpFace& face = wire::error_row(why).status_response;
  out.add_send(from.conn, [&](std::string& text) {
    wire::append_status_response(text, {.correlation_id = correlation_id,
                                        .error_type = face.type,
                                        .status_code = face.status,
                                        .description = detail,
                                        .success = false});
  });
  return refusal;
}

template <class Change>
void Hub::change_mail(Channel& channel, Change&& change) {
  const RetainedSize before = channel.retained();
  const std::size_t asks = channel.asks().size();
  const auto deadline = channel.next_expiry();
  change(channel);
  const RetainedSize after = channel.retained();
  stats_.asks = stats_.asks - asks + channel.asks().size();
  stats_.retained_messages = stats_.retained_messages - before.messages + after.messages;
  stats_.retained_bytes = stats_.retained_bytes - before.bytes + after.bytes;
  if (channel.next_expiry() == deadline) return;
  if (deadline) deadlines_.erase({*deadline, &channel});
  if (channel.next_expiry()) deadlines_.insert({*channel.next_expiry(), &channel});
}

void Hub::forget_if_empty(Channel& channel) {
  if (channel.empty()) channels_.erase(ChannelArn(channel.arn()));
}

}  // namespace heliograph::core
