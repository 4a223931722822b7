// Quoting.
#include "sdk/credentials/quote.hpp"

#include <algorithm>

#include "wire/redact.hpp"
#include "wire/utf8.hpp"

namespace heliograph::sdk {
namespace {

constexpr std::string_view kRemoved = "[removed]";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_token(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
}

bool looks_secret(std::string_view word) {
  if (word.size() < 20 || !std::any_of(word.begin(), word.end(), is_digit)) return false;
  return word.size() >= 32 ||
         (std::any_of(word.begin(), word.end(), is_lower) && std::any_of(word.begin(), word.end(), is_upper));
}

std::string without_secrets(std::string text, std::span<const std::string_view> secrets) {
  for (const std::string_view secret : secrets) {
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kRemoved.size()))
      text.replace(at, secret.size(), kRemoved);
  }
  return text;
}

}  // namespace

std::string quote(std::string_view text, std::span<const std::string_view> secrets) {
  std::string line;
  bool blank = true;  // Blanks at the front are dropped, others become one.
  for (const char c : without_secrets(std::string(text), secrets)) {
    const bool space = static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
    if (!space) line += c;
    if (space && !blank) line += ' ';
    blank = space;
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  if (!wire::is_utf8(line)) std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c > 0x7F; }, '?');
  if (line.size() <= kMostQuoted) return line;
  std::size_t end = kMostQuoted;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "…";
}

std::string quote_unknown(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_token(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    shown += looks_secret(word) ? kRemoved : word;
    if (end < text.size()) shown += text[end];
    i = end + 1;
  }
  return quote(shown);
}

std::string quote_url(std::string_view text) { return quote(wire::redact_url(text)); }

std::string quote_refusal(std::string_view code, std::string_view message, std::span<const std::string_view> secrets) {
  if (message.empty()) return quote(code, secrets);
  if (code.empty()) return quote(message, secrets);
  return quote(code, secrets) + " (" + quote(message, secrets) + ")";
}

}  // namespace heliograph::sdk
