// The table of condition keys, and where their values are.
#include "core/policy/condition_key.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace heliograph::core {
namespace {

struct Row {
  std::string_view text;  ///< With a '/' at the end: a tag follows.
  KeyName name;
};

constexpr std::array kKeys{
    Row{"aws:SourceIp", KeyName::kSourceIp},
    Row{"aws:SecureTransport", KeyName::kSecureTransport},
    Row{"aws:CurrentTime", KeyName::kCurrentTime},
    Row{"aws:EpochTime", KeyName::kEpochTime},
    Row{"aws:username", KeyName::kUserName},
    Row{"aws:userid", KeyName::kUserId},
    Row{"aws:PrincipalArn", KeyName::kPrincipalArn},
    Row{"aws:PrincipalTag/", KeyName::kPrincipalTag},
    Row{"aws:UserAgent", KeyName::kUserAgent},
    Row{"aws:RequestTag/", KeyName::kRequestTag},
    Row{"aws:ResourceTag/", KeyName::kResourceTag},
    Row{"aws:TagKeys", KeyName::kTagKeys},
    Row{"credentials-iot:ThingName", KeyName::kThingName},
};

constexpr std::array kTrustKeys{
    Row{"sts:ExternalId", KeyName::kExternalId},
    Row{"sts:RoleSessionName", KeyName::kRoleSessionName},
};

/// `login.example.com/tenant:sub`: a host with a dot or a port, and what follows the last colon.
bool is_web_identity_key(std::string_view text) noexcept {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const std::string_view host = text.substr(0, std::min(text.find('/'), colon));
  return host.find_first_of(".:") != std::string_view::npos || host == "localhost";
}

/// The tag whose key is spelt exactly so, else one whose key differs in case only ("Tag keys and values are not
/// case-sensitive", IAM user guide, aws:ResourceTag).
std::optional<KeyValue> find_tag(std::span<const TagView> tags, std::string_view key) noexcept {
  std::optional<KeyValue> found;
  for (const TagView& tag : tags) {
    if (tag.key == key) return KeyValue{tag.value, {}};
    if (!found && equals_ignoring_case(tag.key, key)) found = KeyValue{tag.value, {}};
  }
  return found;
}

std::optional<KeyValue> to_value(const std::optional<std::string_view>& text) noexcept {
  if (!text) return std::nullopt;
  return KeyValue{*text, {}};
}

std::optional<KeyValue> to_value(const std::optional<WallTime>& time) noexcept {
  if (!time) return std::nullopt;
  // Policies are written in whole seconds: an equality must be able to hold.
  return KeyValue{{}, std::chrono::floor<std::chrono::seconds>(*time)};
}

std::optional<KeyValue> to_value(const std::optional<bool>& flag) noexcept {
  if (!flag) return std::nullopt;
  return KeyValue{*flag ? "true" : "false", {}};
}

std::optional<KeyValue> find_one(const AccessContext& context, const ConditionKey& key) noexcept {
  switch (key.name) {
    case KeyName::kSourceIp:
      return to_value(context.source_ip);
    case KeyName::kSecureTransport:
      return to_value(context.secure_transport);
    case KeyName::kCurrentTime:
    case KeyName::kEpochTime:
      return to_value(context.now);
    case KeyName::kUserName:
      return to_value(context.user_name);
    case KeyName::kUserId:
      return to_value(context.user_id);
    case KeyName::kPrincipalArn:
      return to_value(context.principal_arn);
    case KeyName::kPrincipalTag:
      return find_tag(context.principal_tags, key.tag);
    case KeyName::kUserAgent:
      return to_value(context.user_agent);
    case KeyName::kRequestTag:
      return find_tag(context.request_tags, key.tag);
    case KeyName::kResourceTag:
      return find_tag(context.resource_tags, key.tag);
    case KeyName::kTagKeys:
      return std::nullopt;
    case KeyName::kThingName:
      return to_value(context.thing_name);
    case KeyName::kExternalId:
      return to_value(context.external_id);
    case KeyName::kRoleSessionName:
      return to_value(context.session_name);
    case KeyName::kWebIdentity:
      return find_tag(context.web_identity, key.tag);
  }
  return std::nullopt;
}

}  // namespace

Result<ConditionKey> parse_condition_key(std::string_view text, KeyScope scope) {
  if (scope == KeyScope::kTrust) {
    for (const Row& row : kTrustKeys)
      if (text.size() == row.text.size() && equals_ignoring_case(text, row.text)) return ConditionKey{row.name, {}};
    if (is_web_identity_key(text)) return ConditionKey{KeyName::kWebIdentity, std::string(text)};
  }
  for (const Row& row : kKeys) {
    const bool takes_tag = row.text.ends_with('/');
    if (!equals_ignoring_case(text.substr(0, row.text.size()), row.text)) continue;
    if (takes_tag != (text.size() > row.text.size())) continue;
    return ConditionKey{row.name, std::string(text.substr(row.text.size()))};
  }
  std::string rule = "\"" + std::string(text) + "\" is not a condition key of this service; there are";
  for (const Row& row : kKeys) {
    rule.append(&row == kKeys.begin() ? " " : ", ").append(row.text);
    if (row.text.ends_with('/')) rule += "key";
  }
  if (scope == KeyScope::kTrust) rule += ", sts:ExternalId, sts:RoleSessionName, ISSUER:aud, ISSUER:sub";
  return Error{Errc::kInvalidArgument, rule};
}

bool is_time(KeyName name) noexcept { return name == KeyName::kCurrentTime || name == KeyName::kEpochTime; }

KeyValues find_values(const AccessContext& context, const ConditionKey& key) noexcept {
  if (key.name == KeyName::kTagKeys) return {std::nullopt, context.tag_keys};
  return {find_one(context, key), {}};
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return fold_case(x) == fold_case(y); });
}

}  // namespace heliograph::core
