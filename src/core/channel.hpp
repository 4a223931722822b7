// Channel: who is connected to one signaling channel, and what waits for those who are not.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "core/ask.hpp"
#include "core/limits.hpp"
#include "core/mailbox.hpp"
#include "core/token_bucket.hpp"
#include "wire/role.hpp"

namespace heliograph::core {

class Channel;

/// SDP_OFFER, SDP_ANSWER and ICE_CANDIDATE, the first of the enumeration: what clients send.
inline constexpr std::size_t kSentTypes = 3;
static_assert(static_cast<std::size_t>(wire::MessageType::kIceCandidate) == kSentTypes - 1);

/// A connection that holds a place in a channel. Owned by the Hub; stays where it is for as long as it lives.
struct Seat {
  ConnId conn;
  Channel* channel = nullptr;
  wire::Role role{};
  ClientId client;                             ///< Empty for the master.
  std::array<TokenBucket, kSentTypes> sent{};  ///< By MessageType: what the connection may still send now.
};

/// One channel of a Hub. It knows seats and mail, not effects. Lifetime: the Hub keeps one while it is not empty();
/// seats given to it must outlive their place in it.
class Channel {
 public:
  explicit Channel(ChannelArn arn) : arn_(std::move(arn)) {}

  [[nodiscard]] const ChannelArn& arn() const noexcept { return arn_; }
  void set_message_ttl(std::chrono::seconds ttl) noexcept { ttl_ = ttl; }
  /// Whether viewers reach each other.
  void set_mesh(bool is_mesh) noexcept { is_mesh_ = is_mesh; }
  [[nodiscard]] bool is_mesh() const noexcept { return is_mesh_; }

  [[nodiscard]] Seat* master() const noexcept { return master_; }
  [[nodiscard]] Seat* viewer(std::string_view client) const;
  /// The viewer, when exactly one is connected.
  [[nodiscard]] Seat* only_viewer() const noexcept;
  [[nodiscard]] std::size_t viewer_count() const noexcept { return viewers_.size(); }
  /// The connection that this role and id belong to now.
  [[nodiscard]] Seat* holder(wire::Role role, std::string_view client) const;
  /// The place must be free.
  void seat(Seat& seat);
  void unseat(const Seat& seat);
  /// Any connection; for emptying a channel one by one.
  [[nodiscard]] Seat* any_seat() const noexcept;

  /// Keeps a message for an absent recipient (empty: the master). False when the bounds of rule 8 leave no room.
  [[nodiscard]] bool try_retain(SteadyTime now, std::string_view recipient, RetainedMessage message,
                                const Limits& limits);
  /// Takes out what waits for this recipient.
  [[nodiscard]] Mailbox take_mail(std::string_view recipient);
  void drop_all_mail() noexcept;
  /// Drops what has expired and gives the number of messages dropped.
  std::size_t drop_expired(SteadyTime now);
  /// Not later than the first expiry; nothing when nothing is retained and nobody asks.
  [[nodiscard]] std::optional<SteadyTime> next_expiry() const noexcept;
  [[nodiscard]] RetainedSize retained() const noexcept { return retained_; }

  /// Keeps an offer until it is answered. False when those that wait have used up max_retained_bytes.
  [[nodiscard]] bool try_keep_ask(PendingAsk ask, const Limits& limits);
  /// The one of this sender, expired or not.
  [[nodiscard]] const PendingAsk* ask_of(std::string_view sender) const;
  [[nodiscard]] std::optional<PendingAsk> take_ask(std::string_view sender);
  [[nodiscard]] std::vector<PendingAsk> take_expired_asks(SteadyTime now);
  /// In the order of their arrival.
  [[nodiscard]] const std::vector<PendingAsk>& asks() const noexcept { return asks_; }

  [[nodiscard]] bool empty() const noexcept {
    return master_ == nullptr && viewers_.empty() && retained_.messages == 0 && asks_.empty();
  }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  void count(RetainedSize before, RetainedSize after) noexcept;

  ChannelArn arn_;
  std::chrono::seconds ttl_{60};
  bool is_mesh_ = false;
  Seat* master_ = nullptr;
  /// Keyed by the id inside the seat, so that a lookup by text builds no string.
  std::unordered_map<std::string_view, Seat*> viewers_;
  /// By recipient; the master's under the empty id.
  std::unordered_map<std::string, Mailbox, TextHash, std::equal_to<>> mail_;
  RetainedSize retained_;
  std::optional<SteadyTime> next_expiry_;  ///< Of the mail.
  std::vector<PendingAsk> asks_;           ///< Few: each is a call that waits.
};

}  // namespace heliograph::core
