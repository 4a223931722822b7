// ChannelCore: the inside of DataChannel.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "base/handler_gate.hpp"
#include "heliograph/data_channel.hpp"
#include "peer/gst_ptr.hpp"
#include "peer/gst_world.hpp"

namespace heliograph::peer {

/// Of all channels of a connection.
struct DataCounters {
  std::atomic<std::uint64_t> messages_sent{0};
  std::atomic<std::uint64_t> messages_received{0};
  std::atomic<std::uint64_t> bytes_sent{0};
  std::atomic<std::uint64_t> bytes_received{0};
};

/// Threads: any. Handlers go through the gate of the connection; nothing is called under the lock.
class ChannelCore : public std::enable_shared_from_this<ChannelCore> {
 public:
  /// Which side made the channel: its first message in SCTP says so (RFC 8832).
  enum class Origin : std::uint8_t { kOurs, kTheirs };

  /// Takes over one reference to a channel of webrtcbin's.
  [[nodiscard]] static std::shared_ptr<ChannelCore> make(GObject* channel, Origin origin, GstElement* webrtc,
                                                         std::shared_ptr<HandlerGate> gate,
                                                         std::shared_ptr<DataCounters> counters,
                                                         DataChannel::Handlers handlers);
  /// Follows it: what it says is posted to the handlers from now on. Once.
  void connect();
  void set_handlers(DataChannel::Handlers handlers);
  [[nodiscard]] const std::string& label() const noexcept { return label_; }
  [[nodiscard]] const std::string& protocol() const noexcept { return protocol_; }
  [[nodiscard]] DataChannel::State state() const;
  /// `data` is text when `is_text`.
  [[nodiscard]] Result<void> send(std::span<const std::byte> data, bool is_text);
  [[nodiscard]] std::size_t buffered() const;
  void set_most_buffered(std::size_t bytes) { most_buffered_ = bytes; }
  void set_low_threshold(std::size_t bytes);
  /// What was sent goes first.
  void close();
  /// At once, whatever waits.
  void refuse();
  /// There will be none: tells that it has failed, and is closed.
  void fail(const Error& error);
  /// Sends nothing any more.
  void shut() { is_closing_ = true; }
  /// The connection is closed.
  void end();
  /// Whether its end was told: no handler is called any more.
  [[nodiscard]] bool is_over() const noexcept { return is_close_told_; }

 private:
  ChannelCore(GObject* channel, Origin origin, GstElement* webrtc, std::shared_ptr<HandlerGate> gate,
              std::shared_ptr<DataCounters> counters, DataChannel::Handlers handlers);
  [[nodiscard]] ObjectPtr channel() const;
  [[nodiscard]] std::size_t most_per_message() const;
  void note_sent(std::size_t bytes);
  void close_when_sent(SteadyTime latest);
  [[nodiscard]] bool is_all_sent(GObject* channel);
  void on_open();
  void tell_open();
  void on_message(std::vector<std::byte> data, bool is_text);
  /// Has a function called with the handlers of the moment in which it is called.
  template <class Function>
  void later(Function function);

  const Origin origin_;
  const std::shared_ptr<HandlerGate> gate_;
  const std::shared_ptr<DataCounters> counters_;
  std::string label_;
  std::string protocol_;
  std::atomic<std::size_t> most_buffered_{DataChannel::kMostBuffered};
  std::atomic<std::size_t> unread_{0};      ///< Bytes that wait for the handler.
  std::atomic<std::uint64_t> accepted_{0};  ///< Bytes handed to GStreamer.
  std::atomic<SteadyTime> last_sent_{SteadyTime()};
  std::atomic<bool> is_opened_{false};
  std::atomic<bool> is_closing_{false};

  std::atomic<bool> is_close_told_{false};  ///< Set on the loop.

  // The loop's own.
  bool is_open_told_ = false;
  OneShot closing_timer_;

  mutable std::mutex mutex_;
  ObjectPtr channel_;          ///< Null after the end.
  GstPtr<GstElement> webrtc_;  ///< Likewise.
  std::shared_ptr<const DataChannel::Handlers> handlers_;
};

}  // namespace heliograph::peer
