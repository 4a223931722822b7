// The header of a WebSocket frame (RFC 6455, 5.2): two bytes, then 0, 2 or 8 of length, then 0 or 4 of masking key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/ws_codec.hpp"
#include "wire/ws_mask.hpp"

namespace heliograph::wire {

enum class WsOpcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

[[nodiscard]] constexpr bool is_control(WsOpcode opcode) noexcept { return opcode >= WsOpcode::kClose; }

/// RFC 6455, 5.5: "All control frames MUST have a payload length of 125 bytes or less".
inline constexpr std::size_t kMaxControlPayload = 125;

/// Lengths and close codes are in network byte order.
[[nodiscard]] std::uint64_t read_big_endian(std::string_view bytes) noexcept;

/// Bytes of the header whose second byte this is.
[[nodiscard]] std::size_t ws_header_size(char second_byte) noexcept;

struct WsHeader {
  bool final = false;
  bool masked = false;
  WsOpcode opcode{};
  std::uint8_t size = 0;  ///< Bytes of the header itself.
  WsMaskKey mask{};
  std::uint64_t length = 0;  ///< Bytes of payload.
};

enum class WsHeaderState : std::uint8_t { kWhole, kUnfinished, kBroken };

struct ParsedWsHeader {
  WsHeaderState state{};
  WsHeader header;               ///< For kWhole.
  std::string_view broken_rule;  ///< For kBroken; static text.
};

/// Reads the header at the start of `bytes` and checks every rule that needs no memory of earlier frames. Breaches that
/// the first two bytes show are found before the rest is there.
[[nodiscard]] ParsedWsHeader parse_ws_header(std::string_view bytes, WsRole reader) noexcept;

}  // namespace heliograph::wire
