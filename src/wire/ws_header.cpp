// Frame headers: the rules of RFC 6455, 5.1, 5.2 and 5.5 that one header shows by itself.
#include "wire/ws_header.hpp"

#include <algorithm>

namespace heliograph::wire {
namespace {

constexpr unsigned kLength16 = 126;
constexpr unsigned kLength64 = 127;

unsigned byte_at(std::string_view bytes, std::size_t i) noexcept { return static_cast<unsigned char>(bytes[i]); }

/// The rule that the first two bytes break; empty when they are fine.
std::string_view broken_by_start(unsigned first, unsigned second, WsRole reader) noexcept {
  const unsigned opcode = first & 0x0FU;
  const bool control = (opcode & 0x08U) != 0;
  if ((first & 0x70U) != 0) return "a reserved bit is set, but no extension was agreed on";
  if ((opcode > 0x2 && !control) || opcode > 0xA) return "the opcode is reserved";
  if (control && (first & 0x80U) == 0) return "a control frame is fragmented";
  if (control && (second & 0x7FU) > kMaxControlPayload) return "a control frame is longer than 125 bytes";
  const bool masked = (second & 0x80U) != 0;
  if (reader == WsRole::kServer && !masked) return "a client's frame is not masked";
  if (reader == WsRole::kClient && masked) return "a server's frame is masked";
  return {};
}

/// The rule that an extended length breaks. RFC 6455, 5.2: "the minimal number of bytes MUST be used to encode the
/// length", and of 64 bits "the most significant bit MUST be 0".
std::string_view broken_by_length(unsigned form, std::uint64_t length) noexcept {
  if (form == kLength16 && length < kLength16) return "the length is not written in its shortest form";
  if (form == kLength64 && length <= 0xFFFF) return "the length is not written in its shortest form";
  if (form == kLength64 && length >> 63 != 0) return "the top bit of a 64-bit length is set";
  return {};
}

ParsedWsHeader broken(std::string_view rule) noexcept { return {WsHeaderState::kBroken, {}, rule}; }

}  // namespace

std::uint64_t read_big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8 | byte_at(bytes, i);
  return value;
}

std::size_t ws_header_size(char second_byte) noexcept {
  const auto second = static_cast<unsigned char>(second_byte);
  const unsigned form = second & 0x7FU;
  const std::size_t extended = form == kLength64 ? 8 : form == kLength16 ? 2 : 0;
  return 2 + extended + ((second & 0x80U) != 0 ? 4 : 0);
}

ParsedWsHeader parse_ws_header(std::string_view bytes, WsRole reader) noexcept {
  if (bytes.size() < 2) return {WsHeaderState::kUnfinished, {}, {}};
  const unsigned first = byte_at(bytes, 0);
  const unsigned second = byte_at(bytes, 1);
  if (const auto rule = broken_by_start(first, second, reader); !rule.empty()) return broken(rule);

  WsHeader header;
  header.final = (first & 0x80U) != 0;
  header.masked = (second & 0x80U) != 0;
  header.opcode = static_cast<WsOpcode>(first & 0x0FU);
  header.size = static_cast<std::uint8_t>(ws_header_size(bytes[1]));
  if (bytes.size() < header.size) return {WsHeaderState::kUnfinished, {}, {}};

  const unsigned form = second & 0x7FU;
  const std::size_t extended = header.size - 2U - (header.masked ? 4U : 0U);
  header.length = extended == 0 ? form : read_big_endian(bytes.substr(2, extended));
  if (const auto rule = broken_by_length(form, header.length); !rule.empty()) return broken(rule);
  if (header.masked) std::copy_n(bytes.data() + 2 + extended, header.mask.size(), header.mask.begin());
  return {WsHeaderState::kWhole, header, {}};
}

}  // namespace heliograph::wire
