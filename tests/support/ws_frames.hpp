// Frames written by hand, legal or not, and a decoder's answers to them as values that can be compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "wire/ws_codec.hpp"

namespace heliograph::test {

enum class LengthForm : std::uint8_t { kShortest, k16Bits, k64Bits };

/// Any frame at all: the codec's own encoder could not write most of what its decoder must refuse.
struct RawFrame {
  unsigned opcode = 0x1;
  std::string_view payload{};
  bool final = true;
  bool masked = true;
  unsigned reserved = 0;  ///< The three reserved bits, as the number they form.
  LengthForm form = LengthForm::kShortest;
  std::optional<std::uint64_t> claimed_length{};  ///< Instead of the payload's.
};

inline std::string raw_frame(const RawFrame& frame) {
  const std::uint64_t length = frame.claimed_length.value_or(frame.payload.size());
  const bool wide = frame.form == LengthForm::k64Bits || length > 0xFFFF;
  const bool middle = !wide && (frame.form == LengthForm::k16Bits || length > 125);
  const unsigned field = wide ? 127U : middle ? 126U : static_cast<unsigned>(length);
  std::string out;
  out += static_cast<char>((frame.final ? 0x80U : 0U) | frame.reserved << 4U | frame.opcode);
  out += static_cast<char>((frame.masked ? 0x80U : 0U) | field);
  for (int shift = (wide ? 8 : middle ? 2 : 0) - 1; shift >= 0; --shift) {
    out += static_cast<char>(length >> (8 * shift) & 0xFFU);
  }
  constexpr std::string_view kKey = "\x37\xfa\x21\x3d";  // The key of the examples in RFC 6455, 5.7.
  if (frame.masked) out += kKey;
  for (std::size_t i = 0; i < frame.payload.size(); ++i) {
    out += static_cast<char>(frame.payload[i] ^ (frame.masked ? kKey[i % 4] : 0));
  }
  return out;
}

/// A WsMessage that owns its payload.
struct OwnedMessage {
  wire::WsKind kind{};
  std::string payload{};
  std::uint16_t close_code = 0;

  friend bool operator==(const OwnedMessage&, const OwnedMessage&) = default;
};

inline OwnedMessage text_message(std::string_view payload) { return {wire::WsKind::kText, std::string(payload)}; }

inline void PrintTo(const OwnedMessage& message, std::ostream* out) {
  *out << "{kind " << static_cast<int>(message.kind) << ", " << message.payload.size() << " bytes \""
       << message.payload.substr(0, 40) << "\", code " << message.close_code << "}";
}

/// Everything a decoder said about a stream.
struct Transcript {
  std::vector<OwnedMessage> messages;
  std::optional<Errc> failure;
  std::string detail;

  friend bool operator==(const Transcript&, const Transcript&) = default;
};

/// Feeds one piece from a buffer of exactly its size that is gone afterwards, so that a sanitizer sees every byte read
/// beyond it and every view kept too long.
inline void feed_piece(wire::WsDecoder& decoder, std::string_view piece, Transcript& transcript) {
  std::vector<char> buffer(piece.begin(), piece.end());
  decoder.feed(buffer);
  while (const auto message = decoder.next()) {
    transcript.messages.push_back({message->kind, std::string(message->payload), message->close_code});
  }
  if (const auto& failure = decoder.failure()) {
    transcript.failure = failure->code;
    transcript.detail = failure->detail;
  }
}

/// Decodes `stream` cut at `cuts` (ascending offsets).
inline Transcript decode(std::string_view stream, const std::vector<std::size_t>& cuts = {},
                         wire::WsRole role = wire::WsRole::kServer, wire::WsLimits limits = {}) {
  wire::WsDecoder decoder(role, limits);
  Transcript transcript;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    feed_piece(decoder, stream.substr(from, cut - from), transcript);
    from = cut;
  }
  feed_piece(decoder, stream.substr(from), transcript);
  return transcript;
}

/// Offsets that cut a stream into pieces of `size` bytes.
inline std::vector<std::size_t> every(std::size_t size, std::string_view stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t cut = size; cut < stream.size(); cut += size) cuts.push_back(cut);
  return cuts;
}

}  // namespace heliograph::test
