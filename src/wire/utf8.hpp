// UTF-8 as RFC 3629 defines it: one character out of a text, and checks of a whole text.
#pragma once

#include <cstddef>
#include <string_view>

namespace heliograph::wire {

/// A decoded character. `length` is how many bytes it took; 0 means that the bytes there are not UTF-8 (RFC 3629:
/// overlong forms, surrogates and values above U+10FFFF are refused).
struct Utf8Char {
  char32_t code = 0;
  std::size_t length = 0;
};

/// Decodes the character that starts at `text[at]`; `at` must be less than the size.
[[nodiscard]] constexpr Utf8Char decode_utf8(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - at < length) return {};
  char32_t code = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, length};
}

/// Whether a whole text is UTF-8. Runs over ASCII in words.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// The longest start of `text` (which must be UTF-8) that has at most `max` bytes and ends between two characters.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t max) noexcept;

}  // namespace heliograph::wire
