// Hub: which connection gets which message. Sans-I/O: inputs are (now, event), outputs are effects.
// (Rules and theory of operation are written here by the Hub's author, as numbered rules with their sources.)
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
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

using Effect = std::variant<Send, Close, Presence>;

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
  ClientId client;                       ///< Empty for the master.
  std::chrono::seconds message_ttl{60};  ///< The channel's MessageTtlSeconds.
};

struct HubStats {
  std::size_t channels = 0;  ///< With a connection or a retained message.
  std::size_t masters = 0;
  std::size_t viewers = 0;
  std::size_t retained_messages = 0;
  std::size_t retained_bytes = 0;
};

/// Routes messages between the connections of many channels.
/// Threads: none of its own; the caller holds the shard's lock. Never throws on input, never logs, never blocks.
class Hub {
 public:
  explicit Hub(const Limits& limits);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Takes a connection in, displacing the master or the viewer of the same id, and delivers what was retained for it.
  /// Fails with kClientLimitExceeded (too many viewers); then nothing has changed.
  [[nodiscard]] Result<void> on_join(SteadyTime now, const Join& join, Effects& out);
  /// Routes a message, retains it, or answers with a STATUS_RESPONSE. A `from` that is not joined is ignored.
  void on_message(SteadyTime now, ConnId from, const wire::ParsedClientMessage& parsed, Effects& out);
  /// A connection is gone. Unknown or displaced connections are ignored.
  void on_leave(SteadyTime now, ConnId conn, Effects& out);
  /// The channel's MessageTtlSeconds changed; it holds for messages that arrive from now on.
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds message_ttl);
  /// The channel is gone: closes its connections, drops its messages.
  void on_channel_deleted(SteadyTime now, const ChannelArn& channel, Effects& out);
  /// Drops expired messages.
  void on_deadline(SteadyTime now);
  /// When on_deadline should be called next, if at all.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  [[nodiscard]] HubStats stats() const;

 private:
  // (the Hub's author completes this)
};

}  // namespace heliograph::core
