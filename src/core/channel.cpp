// Places and mail of one channel.
#include "core/channel.hpp"

#include <algorithm>

namespace heliograph::core {

Seat* Channel::viewer(std::string_view client) const {
  const auto found = viewers_.find(client);
  return found == viewers_.end() ? nullptr : found->second;
}

Seat* Channel::only_viewer() const noexcept { return viewers_.size() == 1 ? viewers_.begin()->second : nullptr; }

Seat* Channel::holder(wire::Role role, std::string_view client) const {
  return role == wire::Role::kMaster ? master_ : viewer(client);
}

void Channel::seat(Seat& seat) {
  seat.channel = this;
  if (seat.role == wire::Role::kMaster) {
    master_ = &seat;
  } else {
    viewers_.emplace(seat.client.view(), &seat);
  }
}

void Channel::unseat(const Seat& seat) {
  if (seat.role == wire::Role::kMaster) {
    master_ = nullptr;
  } else {
    viewers_.erase(seat.client.view());
  }
}

Seat* Channel::any_seat() const noexcept {
  if (master_ != nullptr) return master_;
  return viewers_.empty() ? nullptr : viewers_.begin()->second;
}

bool Channel::try_retain(SteadyTime now, std::string_view recipient, RetainedMessage message, const Limits& limits) {
  message.expires = now + ttl_;
  const SteadyTime expires = message.expires;
  auto box = mail_.find(recipient);
  if (box == mail_.end()) box = mail_.emplace(std::string(recipient), Mailbox()).first;
  const RetainedSize before = box->second.size();
  const std::size_t elsewhere = retained_.bytes - before.bytes;
  const Mailbox::Bounds bounds{.max_from_sender = limits.max_retained_messages,
                               .max_bytes = limits.max_retained_bytes - std::min(limits.max_retained_bytes, elsewhere)};
  const bool added = box->second.try_add(std::move(message), bounds);
  if (added) {
    count(before, box->second.size());
    next_expiry_ = std::min(next_expiry_.value_or(expires), expires);
  } else if (box->second.empty()) {
    mail_.erase(box);
  }
  return added;
}

Mailbox Channel::take_mail(std::string_view recipient) {
  const auto box = mail_.find(recipient);
  if (box == mail_.end()) return {};
  Mailbox taken = std::move(box->second);
  mail_.erase(box);
  count(taken.size(), {});
  if (retained_.messages == 0) next_expiry_.reset();
  return taken;
}

void Channel::drop_all_mail() noexcept {
  mail_.clear();
  retained_ = {};
  next_expiry_.reset();
}

std::size_t Channel::drop_expired(SteadyTime now) {
  if (!next_expiry_ || *next_expiry_ > now) return 0;
  const std::size_t before = retained_.messages;
  next_expiry_.reset();
  for (auto box = mail_.begin(); box != mail_.end();) {
    const RetainedSize had = box->second.size();
    box->second.drop_expired(now);
    count(had, box->second.size());
    if (box->second.empty()) {
      box = mail_.erase(box);
      continue;
    }
    const SteadyTime first = *box->second.earliest_expiry();
    next_expiry_ = std::min(next_expiry_.value_or(first), first);
    ++box;
  }
  return before - retained_.messages;
}

std::optional<SteadyTime> Channel::next_expiry() const noexcept {
  std::optional<SteadyTime> first = next_expiry_;
  for (const PendingAsk& ask : asks_) first = std::min(first.value_or(ask.expires), ask.expires);
  return first;
}

bool Channel::try_keep_ask(PendingAsk ask, const Limits& limits) {
  std::size_t bytes = ask.bytes();
  for (const PendingAsk& kept : asks_) bytes += kept.bytes();
  if (bytes > limits.max_retained_bytes) return false;
  asks_.push_back(std::move(ask));
  return true;
}

const PendingAsk* Channel::ask_of(std::string_view sender) const {
  const auto found =
      std::find_if(asks_.begin(), asks_.end(), [sender](const PendingAsk& ask) { return ask.sender == sender; });
  return found == asks_.end() ? nullptr : &*found;
}

std::optional<PendingAsk> Channel::take_ask(std::string_view sender) {
  const auto found =
      std::find_if(asks_.begin(), asks_.end(), [sender](const PendingAsk& ask) { return ask.sender == sender; });
  if (found == asks_.end()) return std::nullopt;
  std::optional<PendingAsk> taken(std::move(*found));
  asks_.erase(found);
  return taken;
}

std::vector<PendingAsk> Channel::take_expired_asks(SteadyTime now) {
  std::vector<PendingAsk> expired;
  std::erase_if(asks_, [&](PendingAsk& ask) {
    if (ask.expires > now) return false;
    expired.push_back(std::move(ask));
    return true;
  });
  return expired;
}

void Channel::count(RetainedSize before, RetainedSize after) noexcept {
  retained_.messages = retained_.messages - before.messages + after.messages;
  retained_.bytes = retained_.bytes - before.bytes + after.bytes;
}

}  // namespace heliograph::core
