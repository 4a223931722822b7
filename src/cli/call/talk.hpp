// Talk: text to and from one peer, whichever side made the data channel.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/data_channel.hpp"

namespace heliograph::cli {

/// The label of the AWS samples, by which their pages and ours chat.
inline constexpr const char* kTalkLabel = "kvsDataChannel";

/// From the end of the last channel to that of its connection.
inline constexpr std::chrono::milliseconds kLastWord{200};

/// Listens on every channel of a peer and writes to the newest that is open: AWS's page makes one on each side.
/// Lifetime: shared with the channels' handlers. Threads: that of the handlers.
class Talk {
 public:
  struct Events {
    std::function<void()> on_open{};  ///< The first channel is open.
    std::function<void(std::string_view text)> on_text{};
    std::function<void()> on_close{};  ///< The last one is closed.
  };

  Talk() : core_(std::make_shared<Core>()) {}

  /// Before anything else.
  void set_events(Events events) { core_->events = std::move(events); }
  /// For a channel that we make; then add() it.
  [[nodiscard]] DataChannel::Handlers handlers() const { return Core::handlers(core_); }
  void add(std::shared_ptr<DataChannel> channel) { core_->channels.push_back(std::move(channel)); }
  /// A channel that the other side made.
  void adopt(const std::shared_ptr<DataChannel>& channel);

  [[nodiscard]] bool is_open() const { return core_->open() != nullptr; }
  /// Fails with kClosed while there is no open channel, and as DataChannel::send_text().
  [[nodiscard]] Result<void> send(std::string_view text) const;
  /// Bytes that were sent and have not left.
  [[nodiscard]] std::size_t buffered() const;
  /// What was sent arrives first.
  void close() const;
  /// Whether all are closed, and have been for long enough for the other side to know: SCTP's last word on that is ours
  /// (RFC 6525, 5.2), and is lost when the connection goes at once. Then they would wait for half a minute.
  [[nodiscard]] bool is_closed(std::chrono::steady_clock::time_point now) const;

 private:
  struct Core {
    [[nodiscard]] static DataChannel::Handlers handlers(const std::shared_ptr<Core>& core);
    [[nodiscard]] std::shared_ptr<DataChannel> open() const;
    void opened();
    void closed();

    Events events;
    std::vector<std::shared_ptr<DataChannel>> channels;
    bool was_open = false;
    bool was_closed = false;
    std::optional<std::chrono::steady_clock::time_point> closed_at;  ///< When it was first seen.
  };
  std::shared_ptr<Core> core_;
};

}  // namespace heliograph::cli
