// Hub: which connection gets which message. Sans-I/O: inputs are (now, event), outputs are effects.
//
// Theory. A Hub is a table of channels. A channel has at most one master and any number of viewers, each known by the
// id it chose; whoever is connected holds a seat. A message goes from a seat to a seat of the other role, or, when
// nobody sits there, into the mailbox of that recipient, from which it is replayed when the recipient joins. The Hub
// never looks into a payload. Relaying costs two hash lookups and one append to the effects, and allocates nothing once
// the effects have grown.
//
// Rules ("KVS docs" is the developer guide; facts the service does not document say so)
//  1. One master per channel, one viewer per client id. The newest wins: the connection displaced is closed with
//     kReplaced, and nothing it still says counts. (KVS docs, ConnectAsMaster and ConnectAsViewer: the newest
//     connection takes precedence. That the old one is closed, and at once, is our choice: left open it would wait in
//     vain.)
//  2. A viewer's message goes to the master whatever recipient it names. (KVS docs, SendSdpOffer; C viewers name one.)
//     In a mesh (ChannelType FULL_MESH) it goes to the viewer that it names, itself excepted, and to the master only
//     when it names none: so any member reaches any member, and who came without an id is a member too. (The real
//     service has the type in its model, and refuses it.)
//  3. A master's message goes to the viewer it names. If it names none and exactly one viewer is connected, that one
//     gets it; otherwise it is refused. (The id is documented as required, but the JS SDK lets a master leave it out
//     and GStreamer sends an empty one: with one viewer there is no doubt who is meant, with several a guess would hand
//     one viewer's session to another.)
//  4. The sender's id travels with a viewer's message and is left out of a master's. (KVS docs, asynchronous messages.)
//  5. An absent recipient is no error: the message is retained for the channel's MessageTtlSeconds as they were when it
//     arrived, and delivered once, in the order of arrival, when the recipient joins. What expired is never delivered,
//     and its sender is not told. (KVS docs, SingleMasterConfiguration; no status is documented for either case.)
//  6. A retained offer or answer is replaced by a newer one of the same type, sender and recipient; the newer one
//     stands at the end. (KVS docs, SendSdpOffer and SendSdpAnswer.)
//  7. Candidates are not replaced (not documented to be), not even those of an offer that was: a payload does not tell
//     which offer it belongs to, and C clients may send a candidate ahead of its offer. A stale one costs its receiver
//     a failed check, a lost one may cost the connection. Candidates older than the newest replacement by their sender
//     are only marked as superseded, and go first when room is needed.
//  8. Retention is bounded: max_retained_messages from one sender to one recipient, so that a crowd that waits for its
//     master does not use up one count, and max_retained_bytes per channel. Over a bound, when no superseded candidate
//     is left to drop, the new message is refused with kClientLimitExceeded and what was kept stays.
//  9. Nothing is dropped silently: a refused message is answered with STATUS_RESPONSE if it carried a correlation id,
//     and counted in HubStats::refused in any case. Accepted messages are not answered. (KVS docs: a status is sent
//     only on failure and only for a correlation id.)
// 10. A viewer beyond max_viewers is refused and changes nothing; a takeover (rule 1) needs no room.
// 11. A channel that is deleted closes its connections with kChannelDeleted and forgets its messages.
// 12. A channel is forgotten when it has neither a connection nor a retained message.
// 13. A connection that sends more offers, answers or candidates per second than MessageRates allows has those refused
//     with kClientLimitExceeded; it stays connected, and what it sends at its pace passes. A message that cannot be
//     read does not count; one that is refused for another reason does. A new connection begins with full buckets. (KVS
//     docs, quotas: TPS per connection. That the connection survives is our choice: a client that is cut off comes back
//     at once, with the same messages.)
// 14. An ask (SendAlexaOfferToMaster) is an offer without a connection. The master gets it as an SDP_OFFER from
//     SenderClientId; every master that comes while it waits gets it, so that one that is offline, or goes before it
//     answers, is asked again. The master's next SDP_ANSWER to that id is the answer, and reaches no viewer, not even
//     one of the same id. An ask fails with kResourceNotFound when its time is over, with kReplaced when the sender
//     asks again, with kChannelDeleted, or at once with kClientLimitExceeded when the asks of the channel hold
//     max_retained_bytes. Everything else that the master sends to the id is a message to a viewer. (API reference,
//     SendAlexaOfferToMaster: an offline master is asked again until the message expires. What the call answers then,
//     and what becomes of a second offer, is not documented.)
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "core/ask.hpp"
#include "core/channel.hpp"
#include "core/limits.hpp"
#include "heliograph/result.hpp"
#include "wire/message.hpp"
#include "wire/role.hpp"

namespace heliograph::core {

/// Put this text on a connection's outbox. Offsets into Effects::text, so that a relayed message costs no allocation.
struct Send {
  ConnId to;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

/// Close a connection with this code; the wire text of the reason follows from `why`.
struct Close {
  ConnId to;
  Errc why{};
};

/// Somebody came or went; for the console, webhooks and logs.
struct Presence {
  enum class Change : std::uint8_t { kJoined, kLeft, kReplaced };
  Change change{};
  wire::Role role{};
  ChannelArn channel;
  ClientId client;
  ConnId conn;
};

/// What became of an ask. Without a failure, the master's payload is at the offset into Effects::text.
struct AskOutcome {
  AskId ask = 0;
  std::optional<Errc> failure;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

using Effect = std::variant<Send, Close, Presence, AskOutcome>;

/// What to do next, in order. Reused by the caller: clear() keeps the memory.
class Effects {
 public:
  void clear() noexcept {
    list_.clear();
    text_.clear();
  }
  [[nodiscard]] const std::vector<Effect>& list() const noexcept { return list_; }
  [[nodiscard]] std::string_view text(const Send& send) const noexcept {
    return std::string_view(text_).substr(send.offset, send.size);
  }
  [[nodiscard]] std::string_view text(const AskOutcome& outcome) const noexcept {
    return std::string_view(text_).substr(outcome.offset, outcome.size);
  }
  void add_answer(AskId ask, std::string_view payload) {
    const auto offset = static_cast<std::uint32_t>(text_.size());
    text_ += payload;
    list_.push_back(AskOutcome{ask, std::nullopt, offset, static_cast<std::uint32_t>(payload.size())});
  }
  void add(Effect effect) { list_.push_back(std::move(effect)); }
  /// Appends a Send whose text `write` appends to the given string.
  template <class Write>
  void add_send(ConnId to, Write&& write) {
    const auto offset = static_cast<std::uint32_t>(text_.size());
    write(text_);
    list_.push_back(Send{to, offset, static_cast<std::uint32_t>(text_.size() - offset)});
  }

 private:
  std::vector<Effect> list_;
  std::string text_;
};

/// A connection that has been authenticated and may take this role.
struct Join {
  ConnId conn;
  ChannelArn channel;
  wire::Role role{};
  ClientId client;                       ///< Not empty for a viewer; a master's is not used.
  std::chrono::seconds message_ttl{60};  ///< The channel's MessageTtlSeconds.
  bool is_mesh = false;                  ///< The channel's type is FULL_MESH.
};

/// Why a message was refused.
struct Refusal {
  Errc code{};
  std::string_view detail;  ///< What is wrong with it, in words; lives as long as the message.

  friend bool operator==(const Refusal& refusal, Errc wanted) noexcept { return refusal.code == wanted; }
};

struct HubStats {
  std::size_t channels = 0;  ///< With a connection or a retained message.
  std::size_t masters = 0;
  std::size_t viewers = 0;
  std::size_t asks = 0;  ///< Waiting for an answer.
  std::size_t retained_messages = 0;
  std::size_t retained_bytes = 0;  ///< With RetainedMessage::kOverhead for each message.
  // Since the Hub was made:
  std::uint64_t relayed = 0;   ///< Messages delivered, at once or from a mailbox.
  std::uint64_t refused = 0;   ///< Messages refused, whether or not the sender could be told.
  std::uint64_t expired = 0;   ///< Retained messages that nobody came for.
  std::uint64_t retained = 0;  ///< Messages taken for an absent recipient.
  std::uint64_t replaced = 0;  ///< Retained messages that gave way to a newer one: replaced, or superseded and dropped.
  /// `relayed` by MessageType: offers, answers, candidates.
  std::array<std::uint64_t, 3> relayed_by_type{};
};

/// Routes messages between the connections of many channels.
/// Threads: none of its own; the caller holds the shard's lock. Never throws on input, never logs, never blocks.
class Hub {
 public:
  /// @param limits  copied; see rules 8, 10 and 13.
  explicit Hub(const Limits& limits) : limits_(limits) {}
  ~Hub() = default;
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Takes a connection in, displacing the master or the viewer of the same id, and delivers what was retained for it.
  /// Fails with kClientLimitExceeded (too many viewers), kInvalidArgument (a viewer without an id), kResourceInUse (the
  /// connection is in already); then nothing has changed.
  [[nodiscard]] Result<void> on_join(SteadyTime now, const Join& join, Effects& out);
  /// Whether on_join would succeed now; for answering a handshake before it is accepted.
  [[nodiscard]] Result<void> check_join(const Join& join) const;
  /// Routes a message, retains it, or answers with a STATUS_RESPONSE. A `from` that is not joined is ignored.
  /// Gives the reason when the message was refused, whether or not its sender could be told.
  std::optional<Refusal> on_message(SteadyTime now, ConnId from, const wire::ParsedClientMessage& parsed, Effects& out);
  /// Asks the channel's master (rule 14). Its AskOutcome comes with this call's effects or with a later one's.
  void on_ask(SteadyTime now, const Ask& ask, Effects& out);
  /// A connection is gone. Unknown or displaced connections are ignored.
  void on_leave(ConnId conn, Effects& out);
  /// The channel's MessageTtlSeconds changed; it holds for messages that arrive from now on.
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds message_ttl);
  /// The channel is gone: closes its connections, drops its messages.
  void on_channel_deleted(const ChannelArn& channel, Effects& out);
  /// Drops expired messages, and ends the asks whose time is over.
  void on_deadline(SteadyTime now, Effects& out);
  /// When on_deadline should be called next, if at all.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  /// For what comes from now on; nobody who is in is put out, nothing that is retained is dropped.
  void set_limits(const Limits& limits) { limits_ = limits; }

  [[nodiscard]] HubStats stats() const;

 private:
  /// A message on its way.
  struct Letter {
    SteadyTime now;
    const Seat& from;
    const wire::ClientMessage& message;
  };

  [[nodiscard]] Channel& open_channel(const ChannelArn& arn);
  /// Ends a connection's place. The seat is gone afterwards; the channel stays.
  void remove(Seat& seat, Presence::Change change, Effects& out);
  void deliver_mail(SteadyTime now, const Seat& seat, Effects& out);
  void deliver_ask(const PendingAsk& ask, const Seat& master, Effects& out);
  /// Whether this is the answer to an ask; then it has been given to whoever asked.
  bool answer_ask(const Letter& letter, Effects& out);
  std::optional<Refusal> from_viewer(const Letter& letter, Effects& out);
  std::optional<Refusal> from_master(const Letter& letter, Effects& out);
  /// To the seat of whoever has this id (empty: the master), or into the mailbox.
  std::optional<Refusal> relay_or_retain(const Letter& letter, std::string_view recipient, Effects& out);
  void count_relayed(wire::MessageType type) noexcept;
  void relay(const Letter& letter, const Seat& to, Effects& out);
  std::optional<Refusal> retain(const Letter& letter, std::string_view recipient, Effects& out);
  /// Rule 9.
  Refusal refuse(const Seat& from, std::string_view correlation_id, Errc why, std::string_view detail, Effects& out);
  /// Applies `change` to a channel's mail or asks, keeping the totals and the deadline right.
  template <class Change>
  void change_mail(Channel& channel, Change&& change);
  void forget_if_empty(Channel& channel);

  Limits limits_;
  std::unordered_map<ChannelArn, Channel> channels_;
  std::unordered_map<ConnId, Seat> seats_;
  /// When each channel with mail or asks wants on_deadline.
  std::set<std::pair<SteadyTime, Channel*>> deadlines_;
  HubStats stats_;
};

}  // namespace heliograph::core
