// Escaping for JSON strings.
#include "wire/json_text.hpp"

#include <algorithm>

#include "wire/utf8.hpp"

namespace heliograph::wire {
namespace {

constexpr bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

/// How many bytes one step of append_json_text() took and gave.
struct Step {
  std::size_t read = 0;
  std::size_t written = 0;
};

/// Appends what stands for the one character at `text[at]`, which is not plain; reads nothing if it needs more than
/// `room`.
Step append_special(std::string& out, std::string_view text, std::size_t at, std::size_t room) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const char c = text[at];
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) {
    const std::size_t length = decode_utf8(text, at).length;
    const std::string_view piece = length > 0 ? text.substr(at, length) : "\xEF\xBF\xBD";
    if (piece.size() > room) return {};
    out += piece;
    return {std::max<std::size_t>(length, 1), piece.size()};
  }
  const std::size_t at_escape = std::string_view("\"\\\n\r\t").find(c);
  if (at_escape != std::string_view::npos) {
    if (room < 2) return {};
    out.append({'\\', "\"\\nrt"[at_escape]});
    return {1, 2};
  }
  if (room < 6) return {};
  out.append({'\\', 'u', '0', '0', kHex[byte >> 4U], kHex[byte & 15U]});
  return {1, 6};
}

}  // namespace

void append_json_text(std::string& out, std::string_view text, std::size_t max) {
  std::size_t room = max;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && end - i < room && is_plain(text[end])) ++end;
    out.append(text, i, end - i);
    room -= end - i;
    i = end;
    if (i == text.size() || is_plain(text[i])) return;  // All done, or no room.
    const Step step = append_special(out, text, i, room);
    if (step.read == 0) return;
    i += step.read;
    room -= step.written;
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_text(out, text);
  out += '"';
}

}  // namespace heliograph::wire
