// Replacing, bounding and expiring of undelivered messages.
#include "core/mailbox.hpp"

#include <algorithm>

namespace heliograph::core {
namespace {

bool is_candidate(const RetainedMessage& message) noexcept { return message.type == wire::MessageType::kIceCandidate; }

}  // namespace

Mailbox::Survey Mailbox::survey(const RetainedMessage& message) const noexcept {
  Survey found;
  if (!is_candidate(message)) {
    const auto older = std::find_if(messages_.begin(), messages_.end(), [&](const RetainedMessage& kept) {
      return kept.type == message.type && kept.sender == message.sender;
    });
    if (older != messages_.end()) found.replaced = static_cast<std::size_t>(older - messages_.begin());
  }
  for (const RetainedMessage& kept : messages_) {
    const bool same_sender = kept.sender == message.sender;
    if (same_sender) ++found.from_sender;
    const bool stale = kept.superseded || (found.replaced && same_sender && is_candidate(kept));
    if (!stale) continue;
    found.droppable_bytes += kept.bytes();
    if (same_sender) ++found.droppable_from_sender;
  }
  return found;
}

bool Mailbox::try_add(RetainedMessage message, const Bounds& bounds) {
  const Survey found = survey(message);
  const std::size_t replaced_bytes = found.replaced ? messages_[*found.replaced].bytes() : 0;
  std::size_t from_sender = found.from_sender + 1 - (found.replaced ? 1 : 0);
  const std::size_t bytes = bytes_ - replaced_bytes + message.bytes();
  if (from_sender - found.droppable_from_sender > bounds.max_from_sender) return false;
  if (bytes - found.droppable_bytes > bounds.max_bytes) return false;

  if (found.replaced) {
    erase(*found.replaced);
    for (RetainedMessage& kept : messages_) {
      if (is_candidate(kept) && kept.sender == message.sender) kept.superseded = true;
    }
  }
  for (; from_sender > bounds.max_from_sender; --from_sender) drop_superseded(&message.sender);
  while (bytes_ + message.bytes() > bounds.max_bytes) drop_superseded(nullptr);
  bytes_ += message.bytes();
  messages_.push_back(std::move(message));
  return true;
}

void Mailbox::drop_expired(SteadyTime now) {
  std::erase_if(messages_, [&](const RetainedMessage& kept) {
    if (kept.expires > now) return false;
    bytes_ -= kept.bytes();
    return true;
  });
}

std::optional<SteadyTime> Mailbox::earliest_expiry() const noexcept {
  const auto first =
      std::min_element(messages_.begin(), messages_.end(),
                       [](const RetainedMessage& a, const RetainedMessage& b) { return a.expires < b.expires; });
  return first == messages_.end() ? std::nullopt : std::optional(first->expires);
}

void Mailbox::erase(std::size_t at) {
  bytes_ -= messages_[at].bytes();
  messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(at));
}

void Mailbox::drop_superseded(const std::string* sender) {
  const auto stale = std::find_if(messages_.begin(), messages_.end(), [sender](const RetainedMessage& kept) {
    return kept.superseded && (sender == nullptr || kept.sender == *sender);
  });
  erase(static_cast<std::size_t>(stale - messages_.begin()));
}

}  // namespace heliograph::core
