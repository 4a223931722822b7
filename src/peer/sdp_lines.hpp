// Lines of session descriptions, and the words in them.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "heliograph/media.hpp"

namespace heliograph::peer {

/// Calls a function with each line, without its end.
template <class Function>
void for_each_line(std::string_view text, Function function) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) function(line);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

/// Cuts the first word off.
inline std::string_view take_word(std::string_view& text) {
  const auto end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

/// Zero and above.
inline std::optional<int> to_number(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

inline bool is_number(std::string_view text, int least, int most) {
  const auto number = to_number(text);
  return number && *number >= least && *number <= most;
}

/// Printable ASCII, as all that matters here is.
inline bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// "H264/90000", "opus/48000/2"
inline bool is_encoding(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, slash);
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.' || c == '+';
  });
  const std::string_view rest = text.substr(slash + 1);
  const auto second = rest.find('/');
  return is_name && is_number(rest.substr(0, second), 1, 1'000'000) &&
         (second == std::string_view::npos || is_number(rest.substr(second + 1), 1, 255));
}

inline bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// Of a codec that we know: "H264/90000".
inline std::optional<Codec> codec_of(std::string_view encoding) {
  const std::string_view name = encoding.substr(0, encoding.find('/'));
  for (const Codec codec : {Codec::kH264, Codec::kVp8, Codec::kOpus})
    if (equal_ignoring_case(name, to_string(codec))) return codec;
  return std::nullopt;
}

inline void add_line(std::string& text, std::string_view line) { text.append(line).append("\r\n"); }

}  // namespace heliograph::peer
