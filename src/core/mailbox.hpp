// Mailbox: the undelivered messages for one recipient, in the order of their arrival.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "wire/message.hpp"

namespace heliograph::core {

/// A message nobody was there to take.
struct RetainedMessage {
  wire::MessageType type{};
  bool superseded = false;  ///< A candidate that came before its sender's newest offer or answer replaced an older one.
  SteadyTime expires;
  std::string sender;  ///< Empty: the master.
  std::string payload;

  /// What one message costs besides its texts, so that a flood of tiny ones meets the bound too.
  static constexpr std::size_t kOverhead = 128;
  [[nodiscard]] std::size_t bytes() const noexcept { return payload.size() + sender.size() + kOverhead; }
};

struct RetainedSize {
  std::size_t messages = 0;
  std::size_t bytes = 0;
  friend bool operator==(const RetainedSize&, const RetainedSize&) = default;
};

/// Keeps messages for one recipient of one channel. Which bounds hold, and why, is told in hub.hpp (rules 6 to 8).
class Mailbox {
 public:
  struct Bounds {
    std::size_t max_from_sender = 0;  ///< Messages of one sender.
    std::size_t max_bytes = 0;        ///< Of the whole mailbox.
  };

  /// Takes a message in. An offer or answer replaces the older one of its type and sender. When the bounds leave no
  /// room even after dropping superseded candidates, nothing changes and the answer is false.
  [[nodiscard]] bool try_add(RetainedMessage message, const Bounds& bounds);
  void drop_expired(SteadyTime now);
  /// The earliest expiry among the messages kept.
  [[nodiscard]] std::optional<SteadyTime> earliest_expiry() const noexcept;

  [[nodiscard]] const std::vector<RetainedMessage>& messages() const noexcept { return messages_; }
  [[nodiscard]] RetainedSize size() const noexcept { return {messages_.size(), bytes_}; }
  [[nodiscard]] bool empty() const noexcept { return messages_.empty(); }

 private:
  /// What try_add must know before it may change anything.
  struct Survey {
    std::optional<std::size_t> replaced;  ///< Index of the older offer or answer.
    std::size_t from_sender = 0;
    std::size_t droppable_from_sender = 0;
    std::size_t droppable_bytes = 0;
  };
  [[nodiscard]] Survey survey(const RetainedMessage& message) const noexcept;
  void erase(std::size_t at);
  /// Drops the oldest superseded candidate; only of `sender`, if given.
  void drop_superseded(const std::string* sender);

  std::vector<RetainedMessage> messages_;
  std::size_t bytes_ = 0;
};

}  // namespace heliograph::core
