// RFC 6455 frames as a sans-I/O codec: bytes in, messages out. Server and client role, fragmentation, control frames,
// close codes, UTF-8, limits; no extensions (permessage-deflate costs 3–10 times the CPU: docs/decisions.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "heliograph/error.hpp"

namespace heliograph::wire {

/// Which end reads: a server takes masked frames only, a client unmasked ones only.
enum class WsRole : std::uint8_t { kServer, kClient };

struct WsHeader;

enum class WsKind : std::uint8_t { kText, kBinary, kPing, kPong, kClose };

/// RFC 6455, 7.1.5: what stands for the code of a close frame that carries none. Never sent itself.
inline constexpr std::uint16_t kNoCloseCode = 1005;

/// One whole message or control frame. `payload` lives until the next call on the decoder.
struct WsMessage {
  WsKind kind{};
  std::string_view payload{};    ///< For kClose: the reason.
  std::uint16_t close_code = 0;  ///< For kClose; kNoCloseCode when the frame carried none.
};

struct WsLimits {
  std::size_t max_message = 64 * 1024;  ///< Bytes of one whole message; more fails with kMessageTooBig.
};

/// Takes messages out of a byte stream. Usage: feed() what was read, then next() until it gives nothing. Control frames
/// come out between the fragments of a message, as they were sent. After a failure the decoder stays failed, and after
/// a close frame it gives nothing more (RFC 6455, 1.4: "a peer discards any further data received").
/// Cost: a frame that is whole in what was fed is not copied; each byte of an unfinished one is copied once, however
/// small the pieces. A length beyond the limit fails as soon as the header is there.
/// Threads: one at a time. Memory: 40 bytes; more is held only while a frame or a fragmented message is unfinished.
class WsDecoder {
 public:
  WsDecoder(WsRole role, WsLimits limits) noexcept;
  WsDecoder(WsDecoder&& other) noexcept;
  WsDecoder& operator=(WsDecoder&& other) noexcept;
  ~WsDecoder();

  /// Hands in bytes, which are unmasked in place and must stay alive until next() has given nothing.
  void feed(std::span<char> bytes) noexcept;
  /// The next whole message; nothing when more bytes are needed or the stream has failed (see failure()).
  [[nodiscard]] std::optional<WsMessage> next();
  /// Why the stream failed: kProtocolError, kInvalidUtf8, kMessageTooBig; `detail` names the rule broken.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept;

 private:
  struct Frame;
  struct Held;

  std::optional<Frame> take_frame();
  std::optional<Frame> take_held_frame();
  [[nodiscard]] bool accept_header(const WsHeader& header);
  std::optional<WsMessage> on_data(const Frame& frame);
  std::optional<WsMessage> on_close(std::string_view body);
  std::optional<WsMessage> whole_message(WsKind kind, std::string_view payload);
  [[nodiscard]] Held& held();
  void hold_input(std::size_t want);
  void let_go();
  void fail(Errc code, std::string_view rule);

  std::span<char> input_;  ///< What is left of the bytes fed.
  std::unique_ptr<Held> held_;
  WsLimits limits_;
  WsRole role_;
  bool ended_ = false;  ///< Failed, or a close frame was read.
};

/// Whether a close frame may carry this code (RFC 6455, 7.4, and the registry it set up).
[[nodiscard]] bool is_close_code(std::uint16_t code) noexcept;

/// Appends one whole frame. A client masks: give it four random bytes. The payload of a control frame has at most 125
/// bytes; that of a close frame is its whole body (see append_ws_close).
void append_ws_frame(std::string& out, WsKind kind, std::string_view payload,
                     std::optional<std::uint32_t> mask = std::nullopt);
/// Appends a close frame; the reason is cut to what fits in a control frame (123 bytes), at a UTF-8 boundary. With
/// kNoCloseCode the frame has neither code nor reason: the answer to a close frame that had none.
void append_ws_close(std::string& out, std::uint16_t code, std::string_view reason,
                     std::optional<std::uint32_t> mask = std::nullopt);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455, 4.2.2).
[[nodiscard]] std::string ws_accept_key(std::string_view key);

}  // namespace heliograph::wire
