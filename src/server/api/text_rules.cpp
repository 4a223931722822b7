// The rules that the service model has for strings.
#include "server/api/text_rules.hpp"

#include <algorithm>

#include "wire/arn.hpp"
#include "wire/names.hpp"

namespace heliograph::server::api {
namespace {

bool is_arn(std::string_view text) { return wire::parse_arn(text).has_value(); }

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

const TextRule kName{&wire::is_resource_name, "[a-zA-Z0-9_.-]+", 1, 256};
const TextRule kArn{&is_arn, "arn:[a-z0-9-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-z]+/[a-zA-Z0-9_.-]+/[0-9]+", 1, 1024};
const TextRule kVersion{&wire::is_version, "[a-zA-Z0-9]+", 1, 64};
const TextRule kNextToken{&wire::is_next_token, "[a-zA-Z0-9+/=]*", 0, 512};
const TextRule kTagKey{&wire::is_tag_key, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", 1, 128};
const TextRule kTagValue{&wire::is_tag_value, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", 0, 256};
const TextRule kWord{&is_word, "[a-zA-Z0-9_]+", 1, 64};

std::string to_sentence(const TextRule& rule) {
  return "must match " + std::string(rule.pattern) + " and be " + std::to_string(rule.min) + " to " +
         std::to_string(rule.max) + " characters";
}

}  // namespace heliograph::server::api
