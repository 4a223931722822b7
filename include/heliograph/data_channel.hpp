// DataChannel: messages between two peers, beside or without media.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "heliograph/export.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

namespace peer {
class ChannelCore;
}

/// As RTCDataChannel in browsers, but bounded: send() refuses rather than to buffer without end.
///
/// Lifetime: shared; its PeerConnection keeps it until one of them is closed.
/// Threads:  any method from any thread; handlers run on the connection's loop, in order, none after the destructor of
///           the PeerConnection has returned.
class HELIOGRAPH_API DataChannel {
 public:
  /// As RTCDataChannel.readyState; it only ever goes on to a later one.
  enum class State : std::uint8_t {
    kConnecting,  ///< Made, and not yet agreed upon with the other side.
    kOpen,        ///< Messages can be sent.
    kClosing,     ///< close() was called here or there; nothing more can be sent.
    kClosed,      ///< Over, perhaps with its connection.
  };

  /// What a channel promises, agreed upon when it is made.
  struct Options {
    bool is_ordered = true;  ///< Else a message may overtake those before it.
    /// How often a lost message is sent again, or for how many milliseconds. At most one of them; neither: everything
    /// arrives.
    /// @{
    std::optional<std::uint16_t> max_retransmits{};
    std::optional<std::uint16_t> max_lifetime_ms{};
    /// @}
    std::string protocol{};  ///< A name for what is spoken, which the other side is told. Empty: none.
  };

  /// Any may be empty; a message without its handler is lost.
  struct Handlers {
    std::function<void()> on_open{};  ///< Messages can be sent. Once.
    /// A message came. The bytes live for the call. Text ends at its first NUL: GStreamer hands no more of it on.
    /// @{
    std::function<void(std::string_view text)> on_text{};
    std::function<void(std::span<const std::byte> data)> on_binary{};
    /// @}
    /// What waits has sunk to the low threshold: send() takes more.
    std::function<void()> on_buffered_low{};
    std::function<void()> on_close{};  ///< The channel is over, closed here or there.
    /// SCTP failed (kIo), or more than 64 MiB were received that no handler has taken yet (kClientLimitExceeded): then
    /// the channel is closed.
    std::function<void(const Error&)> on_error{};
  };

  /// More than this cannot be sent as one message, and less when the other side says that it takes less: what webrtcbin
  /// sends at most.
  static constexpr std::size_t kMostPerMessage = 65536;
  /// What may wait to be sent, unless set_most_buffered() says otherwise.
  static constexpr std::size_t kMostBuffered = std::size_t{4} << 20U;

  ~DataChannel();
  DataChannel(const DataChannel&) = delete;
  DataChannel& operator=(const DataChannel&) = delete;

  /// Replaces the handlers. In `on_data_channel` nothing has been missed yet; later, `on_open` still comes if no
  /// handler was told before. Call it on the loop: elsewhere an older handler may still be running when it returns.
  void set_handlers(Handlers handlers);

  /// What who made it called it. Lives as long as the channel.
  [[nodiscard]] const std::string& label() const noexcept;
  /// See Options. Lives as long as the channel.
  [[nodiscard]] const std::string& protocol() const noexcept;
  /// Of now: another thread may change it at any time.
  [[nodiscard]] State state() const;

  /// Fail with kClosed unless open, kInvalidArgument for an empty message (which webrtcbin receives, but cannot send),
  /// kMessageTooBig beyond kMostPerMessage, kInvalidUtf8 for text that is none, and kSlowPeer when too much waits
  /// already: then go on in `on_buffered_low`.
  /// @{
  [[nodiscard]] Result<void> send_text(std::string_view text);
  [[nodiscard]] Result<void> send_binary(std::span<const std::byte> data);
  /// @}

  /// Bytes that were handed to send and have not left.
  [[nodiscard]] std::size_t buffered() const;
  /// Beyond this send_text() and send_binary() refuse; kMostBuffered unless set.
  void set_most_buffered(std::size_t bytes);
  /// Where `on_buffered_low` is called, on the way down; 64 KiB unless set.
  void set_low_threshold(std::size_t bytes);

  /// Closes this channel when what was sent has been handed to SCTP, and half a second after the last message, but
  /// 2 s from now at the latest; both sides' `on_close` follow. Again: does nothing. (Closing the connection waits for
  /// nothing.)
  void close();

  /// For the library's own parts.
  /// @{
  explicit DataChannel(std::shared_ptr<peer::ChannelCore> core);
  [[nodiscard]] const std::shared_ptr<peer::ChannelCore>& core() const noexcept { return core_; }
  /// @}

 private:
  std::shared_ptr<peer::ChannelCore> core_;
};

}  // namespace heliograph
