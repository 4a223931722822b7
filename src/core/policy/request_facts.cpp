// Facts by the names of condition keys.
#include "core/policy/request_facts.hpp"

#include "core/policy/condition_key.hpp"
#include "core/policy/values.hpp"

namespace heliograph::core {
namespace {

Error bad_value(std::string_view key, std::string_view value, std::string_view rule) {
  return {Errc::kInvalidArgument, std::string(key) + " is \"" + std::string(value) + "\", which " + std::string(rule)};
}

}  // namespace

Result<void> RequestFacts::set(std::string_view key, std::string_view value) {
  const auto parsed = parse_condition_key(key);
  if (!parsed) return parsed.error();
  const auto keep = [this](std::string_view text) -> std::string_view { return texts_.emplace_back(text); };
  const auto keep_tag = [&](std::vector<TagView>& tags) { tags.push_back({keep(parsed->tag), keep(value)}); };
  switch (parsed->name) {
    case KeyName::kSourceIp:
      if (!parse_ip_address(value)) return bad_value(key, value, "is not an IP address");
      single_.source_ip = keep(value);
      return {};
    case KeyName::kSecureTransport:
      single_.secure_transport = parse_policy_bool(value);
      if (!single_.secure_transport) return bad_value(key, value, "is neither true nor false");
      return {};
    case KeyName::kCurrentTime:
    case KeyName::kEpochTime:
      single_.now = parse_policy_date(value);
      if (!single_.now) return bad_value(key, value, "is neither a date such as 2026-05-01T10:00:00Z nor seconds");
      return {};
    case KeyName::kUserName:
      single_.user_name = keep(value);
      return {};
    case KeyName::kUserId:
      single_.user_id = keep(value);
      return {};
    case KeyName::kPrincipalArn:
      single_.principal_arn = keep(value);
      return {};
    case KeyName::kPrincipalTag:
      keep_tag(principal_tags_);
      return {};
    case KeyName::kUserAgent:
      single_.user_agent = keep(value);
      return {};
    case KeyName::kRequestTag:
      keep_tag(request_tags_);
      return {};
    case KeyName::kResourceTag:
      keep_tag(resource_tags_);
      return {};
    case KeyName::kTagKeys:
      tag_keys_.push_back(keep(value));
      return {};
    case KeyName::kThingName:
      single_.thing_name = keep(value);
      return {};
    case KeyName::kExternalId:  // Of trust policies only, which this scope does not read.
    case KeyName::kRoleSessionName:
    case KeyName::kWebIdentity:
      return {};
  }
  return {};
}

AccessContext RequestFacts::view() const {
  AccessContext context = single_;
  context.principal_tags = principal_tags_;
  context.request_tags = request_tags_;
  context.resource_tags = resource_tags_;
  context.tag_keys = tag_keys_;
  return context;
}

}  // namespace heliograph::core
