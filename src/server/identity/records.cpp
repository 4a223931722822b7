// The rules, one by one.
#include "server/identity/records.hpp"

#include <algorithm>
#include <set>

#include "wire/names.hpp"

namespace heliograph::server::identity {
namespace {

Error wrong(std::string text) { return {Errc::kInvalidArgument, std::move(text)}; }

}  // namespace

bool is_identity_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
}

Result<void> check_name(std::string_view name, std::string_view kind) {
  if (is_identity_name(name)) return {};
  return wrong("The name of a " + std::string(kind) + " is 1 to 64 letters, digits and characters of _+=,.@-");
}

Result<void> check_tags(const store::Tags& tags) {
  if (tags.size() > store::kMaxTags) return wrong("There can be 50 tags at most");
  for (const auto& [key, value] : tags)
    if (!wire::is_tag_key(key) || !wire::is_tag_value(value))
      return wrong("A tag's key is 1 to 128 characters and its value 0 to 256: letters, digits, spaces and _.:/=+-@");
  return {};
}

Result<std::vector<core::Policy>> compile_policies(const std::vector<store::NamedPolicy>& policies) {
  if (policies.size() > kMaxPolicies)
    return wrong("There can be " + std::to_string(kMaxPolicies) + " policies at most; one may have many statements");
  std::set<std::string_view> names;
  std::vector<core::Policy> compiled;
  for (const store::NamedPolicy& policy : policies) {
    if (policy.name.empty() || policy.name.size() > 128) return wrong("The name of a policy is 1 to 128 characters");
    if (!names.insert(policy.name).second) return wrong("Two policies are named " + policy.name);
    auto one = core::Policy::parse(policy.name, policy.document);
    if (!one) return wrong("Policy " + policy.name + ": " + one.error().detail);
    compiled.push_back(*std::move(one));
  }
  return compiled;
}

Result<KnownRole> to_known_role(store::Role record) {
  if (auto checked = check_name(record.name, "role"); !checked) return checked.error();
  if (auto checked = check_tags(record.tags); !checked) return checked.error();
  if (record.max_session < std::chrono::hours(1) || record.max_session > kLongestRoleSession)
    return wrong("The longest session of a role is 3600 to 43200 seconds");
  auto policies = compile_policies(record.policies);
  if (!policies) return policies.error();
  auto trust = core::TrustPolicy::parse(record.trust);
  if (!trust) return wrong("Trust policy: " + trust.error().detail);
  return KnownRole{std::move(record), *std::move(policies), *std::move(trust)};
}

}  // namespace heliograph::server::identity
