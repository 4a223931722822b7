// RFC 6455 frames as a sans-I/O codec: bytes in, messages out. Server and client role, fragmentation, control frames,
// close codes, UTF-8, limits; no extensions (permessage-deflate costs 3–10 times the CPU: docs/decisions.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "heliograph/error.hpp"

namespace heliograph::wire {

enum class WsRole : std::uint8_t { kServer, kClient };

enum class WsKind : std::uint8_t { kText, kBinary, kPing, kPong, kClose };

/// One whole message or control frame. `payload` lives until the next call on the decoder.
struct WsMessage {
  WsKind kind{};
  std::string_view payload;      ///< For kClose: the reason.
  std::uint16_t close_code = 0;  ///< For kClose; 1005 when the frame carried none.
};

struct WsLimits {
  std::size_t max_message = 64 * 1024;  ///< Bytes of one whole message; more fails with kMessageTooBig.
};

/// Takes messages out of a byte stream. Usage: feed() what was read, then next() until it gives nothing; bytes of an
/// unfinished frame are kept inside. After a failure the decoder stays failed.
/// Threads: one at a time. Memory: nothing is held while no frame is unfinished.
class WsDecoder {
 public:
  WsDecoder(WsRole role, WsLimits limits) noexcept : role_(role), limits_(limits) {}

  /// Hands in bytes, which are unmasked in place and must stay alive until next() has given nothing.
  void feed(std::span<char> bytes) noexcept;
  /// The next whole message; nothing when more bytes are needed or the stream has failed (see failure()).
  [[nodiscard]] std::optional<WsMessage> next();
  /// Why the stream failed: kProtocolError, kInvalidUtf8, kMessageTooBig; `detail` names the rule broken.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

 private:
  WsRole role_;
  WsLimits limits_;
  std::optional<Error> failure_;
  // (the codec's author completes this)
};

/// Appends one whole frame. A client masks: give it four random bytes.
void append_ws_frame(std::string& out, WsKind kind, std::string_view payload,
                     std::optional<std::uint32_t> mask = std::nullopt);
/// Appends a close frame; the reason is cut to what fits in a control frame (123 bytes), at a UTF-8 boundary.
void append_ws_close(std::string& out, std::uint16_t code, std::string_view reason,
                     std::optional<std::uint32_t> mask = std::nullopt);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455, 4.2.2).
[[nodiscard]] std::string ws_accept_key(std::string_view key);

}  // namespace heliograph::wire
