// Writing WebSocket frames: always whole messages, lengths in their shortest form; and the key of the handshake.
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <cassert>

#include "wire/base64.hpp"
#include "wire/utf8.hpp"
#include "wire/ws_codec.hpp"
#include "wire/ws_header.hpp"

namespace heliograph::wire {
namespace {

WsOpcode opcode_of(WsKind kind) noexcept {
  switch (kind) {
    case WsKind::kText:
      return WsOpcode::kText;
    case WsKind::kBinary:
      return WsOpcode::kBinary;
    case WsKind::kPing:
      return WsOpcode::kPing;
    case WsKind::kPong:
      return WsOpcode::kPong;
    case WsKind::kClose:
      return WsOpcode::kClose;
  }
  return WsOpcode::kClose;
}

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xFFU);
}

void append_header(std::string& out, WsOpcode opcode, std::size_t length, bool masked) {
  constexpr unsigned kFinal = 0x80;
  const unsigned mask_bit = masked ? 0x80 : 0;
  out += static_cast<char>(kFinal | static_cast<unsigned>(opcode));
  if (length < 126) {
    out += static_cast<char>(mask_bit | static_cast<unsigned>(length));
  } else if (length <= 0xFFFF) {
    out += static_cast<char>(mask_bit | 126U);
    append_big_endian(out, length, 2);
  } else {
    out += static_cast<char>(mask_bit | 127U);
    append_big_endian(out, length, 8);
  }
}

}  // namespace

bool is_close_code(std::uint16_t code) noexcept {
  // RFC 6455, 7.4.2: 3000–3999 are for libraries, 4000–4999 for applications. Below, what the registry defines; 1004 is
  // reserved, and 1005, 1006 and 1015 "MUST NOT be set as a status code in a Close control frame".
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

void append_ws_frame(std::string& out, WsKind kind, std::string_view payload, std::optional<std::uint32_t> mask) {
  const WsOpcode opcode = opcode_of(kind);
  assert(!is_control(opcode) || payload.size() <= kMaxControlPayload);
  append_header(out, opcode, payload.size(), mask.has_value());
  if (!mask) {
    out += payload;
    return;
  }
  const auto key = std::bit_cast<WsMaskKey>(*mask);
  out.append(key.data(), key.size());
  const std::size_t start = out.size();
  out += payload;
  apply_ws_mask(std::span(out).subspan(start), key);
}

void append_ws_close(std::string& out, std::uint16_t code, std::string_view reason, std::optional<std::uint32_t> mask) {
  if (code == kNoCloseCode) return append_ws_frame(out, WsKind::kClose, {}, mask);
  assert(is_close_code(code));
  std::array<char, kMaxControlPayload> body;
  body[0] = static_cast<char>(code >> 8);
  body[1] = static_cast<char>(code & 0xFFU);
  const std::string_view fitting = utf8_prefix(reason, body.size() - 2);
  fitting.copy(body.data() + 2, fitting.size());
  append_ws_frame(out, WsKind::kClose, {body.data(), 2 + fitting.size()}, mask);
}

std::string ws_accept_key(std::string_view key) {
  // Looked up once: by name it costs as much as the digest itself.
  static EVP_MD* const kSha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, kSha1, nullptr) != 1) return {};
  return to_base64({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace heliograph::wire
