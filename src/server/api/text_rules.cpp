// The rules that the service model has for strings.
#include "server/api/text_rules.hpp"

#include <algorithm>

#include "wire/arn.hpp"
#include "wire/message.hpp"
#include "wire/names.hpp"

namespace heliograph::server::api {
namespace {

bool is_arn(std::string_view text) { return wire::parse_arn(text).has_value(); }

/// Service model, MessagePayload and Answer.
constexpr std::size_t kMaxPayload = 10'000;

bool is_payload(std::string_view text) { return text.size() <= kMaxPayload && wire::is_message_payload(text); }

constexpr std::size_t kMaxDeviceName = 128;
constexpr std::size_t kMaxMediaType = 128;
constexpr std::size_t kMaxKmsKeyId = 2048;

bool is_device_name(std::string_view text) { return text.size() <= kMaxDeviceName && wire::is_resource_name(text); }

/// type/subtype
bool is_media_name(std::string_view text) {
  const auto is_token = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
             c == '.' || c == '+';
    });
  };
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_token(text.substr(0, slash)) && is_token(text.substr(slash + 1));
}

bool is_media_type(std::string_view text) {
  if (text.size() > kMaxMediaType) return false;
  for (;;) {
    const std::size_t comma = text.find(',');
    if (!is_media_name(text.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

bool is_kms_key_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKmsKeyId && text.find_first_of("\r\n") == std::string_view::npos;
}

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
const TextRule kDeviceName{&is_device_name, "[a-zA-Z0-9_.-]+", 1, kMaxDeviceName};
const TextRule kMediaType{&is_media_type, "[\\w\\-\\.\\+]+/[\\w\\-\\.\\+]+(,[\\w\\-\\.\\+]+/[\\w\\-\\.\\+]+)*", 1,
                          kMaxMediaType};
const TextRule kKmsKeyId{&is_kms_key_id, ".+", 1, kMaxKmsKeyId};
const TextRule kPayload{&is_payload, "[a-zA-Z0-9+/=]+", 1, kMaxPayload};
const TextRule kTagKey{&wire::is_tag_key, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", 1, 128};
const TextRule kTagValue{&wire::is_tag_value, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", 0, 256};
const TextRule kWord{&is_word, "[a-zA-Z0-9_]+", 1, 64};

std::string to_sentence(const TextRule& rule) {
  return "must match " + std::string(rule.pattern) + " and be " + std::to_string(rule.min) + " to " +
         std::to_string(rule.max) + " characters";
}

}  // namespace heliograph::server::api
