// Names: the predicates.
#include "wire/names.hpp"

#include <algorithm>
#include <cstddef>

#include "wire/utf8.hpp"

namespace heliograph::wire {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_name_char(char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; }
constexpr bool is_base64_char(char c) { return is_alphanumeric(c) || c == '+' || c == '/' || c == '='; }

/// The predicate as an argument of the template: a call by pointer for each character takes five times as long.
template <bool (*kPredicate)(char)>
bool is_made_of(std::string_view text, std::size_t min, std::size_t max) {
  return text.size() >= min && text.size() <= max &&
         std::all_of(text.begin(), text.end(), [](char c) { return kPredicate(c); });
}

bool starts_with_aws(std::string_view text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  constexpr std::string_view kReserved = "aws_";
  return text.size() >= kReserved.size() && std::equal(kReserved.begin(), kReserved.end(), text.begin(),
                                                       [&](char want, char c) { return want == lower(c); });
}

bool is_tag_char(char32_t c) {
  if (c < 0x80) {
    const char ascii = static_cast<char>(c);
    return is_alphanumeric(ascii) || std::string_view(" _.:/=+-@").find(ascii) != std::string_view::npos;
  }
  const bool is_control = c < 0xA0;
  const bool is_private = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
  const bool is_noncharacter = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFEU) == 0xFFFEU;
  return !is_control && !is_private && !is_noncharacter;
}

bool is_tag_text(std::string_view text, std::size_t min, std::size_t max) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const Utf8Char character = decode_utf8(text, i);
    if (character.length == 0 || count == max || !is_tag_char(character.code)) return false;
    i += character.length;
  }
  return count >= min;
}

}  // namespace

bool is_resource_name(std::string_view text) noexcept { return is_made_of<is_name_char>(text, 1, 256); }
bool is_client_id(std::string_view text) noexcept {
  return is_made_of<is_name_char>(text, 1, 256) && !starts_with_aws(text);
}
bool is_correlation_id(std::string_view text) noexcept { return is_made_of<is_name_char>(text, 1, 256); }
bool is_version(std::string_view text) noexcept { return is_made_of<is_alphanumeric>(text, 1, 64); }
bool is_next_token(std::string_view text) noexcept { return is_made_of<is_base64_char>(text, 0, 512); }
bool is_tag_key(std::string_view text) noexcept { return is_tag_text(text, 1, 128); }
bool is_tag_value(std::string_view text) noexcept { return is_tag_text(text, 0, 256); }

}  // namespace heliograph::wire
