// The rules that the service model has for strings.
#include "server/api/text_rules.hpp"

#include "wire/arn.hpp"
#include "wire/utf8.hpp"

namespace heliograph::server::api {
namespace {

bool is_alphanumeric(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}
bool is_name(char32_t c) { return is_alphanumeric(c) || c == U'_' || c == U'.' || c == U'-'; }
bool is_base64(char32_t c) { return is_alphanumeric(c) || c == U'+' || c == U'/' || c == U'='; }
bool is_tag(char32_t c) {
  if (c >= 0x80) return c >= 0xA0;
  return is_alphanumeric(c) || std::u32string_view(U" _.:/=+-@").find(c) != std::u32string_view::npos;
}
bool is_word(char32_t c) { return is_alphanumeric(c) || c == U'_'; }

}  // namespace

const TextRule kName{1, 256, "[a-zA-Z0-9_.-]+", &is_name};
const TextRule kArn{1, 1024, "arn:[a-z0-9-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-z]+/[a-zA-Z0-9_.-]+/[0-9]+", nullptr};
const TextRule kVersion{1, 64, "[a-zA-Z0-9]+", &is_alphanumeric};
const TextRule kNextToken{0, 512, "[a-zA-Z0-9+/=]*", &is_base64};
const TextRule kTagKey{1, 128, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", &is_tag};
const TextRule kTagValue{0, 256, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", &is_tag};
const TextRule kWord{1, 64, "[a-zA-Z0-9_]+", &is_word};

bool matches(std::string_view text, const TextRule& rule) {
  if (rule.is_allowed == nullptr) return wire::parse_arn(text).has_value();
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    const auto [code, length] = wire::decode_utf8(text, at);
    if (length == 0 || !rule.is_allowed(code)) return false;
    at += length;
  }
  return characters >= rule.min && characters <= rule.max;
}

std::string to_sentence(const TextRule& rule) {
  return "must match " + std::string(rule.pattern) + " and be " + std::to_string(rule.min) + " to " +
         std::to_string(rule.max) + " characters";
}

}  // namespace heliograph::server::api
