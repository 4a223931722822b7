// Base64: three bytes are four characters of six bits, first byte first.
#include "wire/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace heliograph::wire {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = make_values();

std::uint32_t value_of(char c) noexcept { return kValues[static_cast<unsigned char>(c)]; }

char letter(std::uint32_t bits, unsigned shift) noexcept { return kAlphabet[(bits >> shift) & 0x3FU]; }

std::size_t padding_of(std::string_view text) noexcept {
  if (text.ends_with("==")) return 2;
  return text.ends_with('=') ? 1 : 0;
}

}  // namespace

bool is_base64_strict(std::string_view text) noexcept {
  if (text.size() % 4 != 0) return false;
  const std::size_t padding = padding_of(text);
  const std::string_view letters = text.substr(0, text.size() - padding);
  // Values of letters have six bits and kNone has eight, so one look at all of them together is enough.
  std::uint32_t seen = 0;
  for (const char c : letters) seen |= value_of(c);
  if (seen > 0x3F) return false;
  if (padding == 0) return true;
  const std::uint32_t unused = padding == 2 ? 0x0F : 0x03;
  return (value_of(letters.back()) & unused) == 0;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  const auto byte = [bytes](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };

  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    text += {letter(bits, 18), letter(bits, 12), letter(bits, 6), letter(bits, 0)};
  }
  if (bytes.size() - i == 1) {
    const std::uint32_t bits = byte(i) << 16;
    text += {letter(bits, 18), letter(bits, 12), '=', '='};
  } else if (bytes.size() - i == 2) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8;
    text += {letter(bits, 18), letter(bits, 12), letter(bits, 6), '='};
  }
  return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
  if (!is_base64_strict(text)) return std::nullopt;
  const std::string_view letters = text.substr(0, text.size() - padding_of(text));
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : letters) {
    bits = bits << 6 | value_of(c);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xFFU);
  }
  return bytes;
}

}  // namespace heliograph::wire
