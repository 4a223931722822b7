// UTF-8 checks of a whole text: in words while it is ASCII, then one character at a time.
#include "wire/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace heliograph::wire {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

std::uint64_t load_word(const char* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

bool is_ascii(char c) noexcept { return (static_cast<unsigned char>(c) & 0x80U) == 0; }

const char* skip_ascii(const char* at, const char* end) noexcept {
  while (end - at >= 32) {
    const std::uint64_t all = load_word(at) | load_word(at + 8) | load_word(at + 16) | load_word(at + 24);
    if ((all & kHighBits) != 0) break;
    at += 32;
  }
  while (end - at >= 8 && (load_word(at) & kHighBits) == 0) at += 8;
  while (at != end && is_ascii(*at)) ++at;
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  std::size_t at = 0;
  while (true) {
    at = static_cast<std::size_t>(skip_ascii(text.data() + at, end) - text.data());
    if (at == text.size()) return true;
    do {
      const std::size_t length = decode_utf8(text, at).length;
      if (length == 0) return false;
      at += length;
    } while (at != text.size() && !is_ascii(text[at]));
  }
}

std::string_view utf8_prefix(std::string_view text, std::size_t max) noexcept {
  if (text.size() <= max) return text;
  const auto continues = [text](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; };
  while (max > 0 && continues(max)) --max;
  return text.substr(0, max);
}

}  // namespace heliograph::wire
