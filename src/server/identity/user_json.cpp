// Members, read and written one by one.
#include "server/identity/user_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "wire/date.hpp"

namespace heliograph::server::identity {
namespace {

namespace json = boost::json;

Error wrong(std::string text) { return {Errc::kInvalidArgument, std::move(text)}; }

json::object to_json(const store::Tags& tags) {
  json::object object;
  for (const auto& [key, value] : tags) object[key] = value;
  return object;
}

json::array to_json(const std::vector<store::NamedPolicy>& policies) {
  json::array list;
  for (const store::NamedPolicy& policy : policies)
    list.push_back(json::object{{"name", policy.name}, {"document", policy.document}});
  return list;
}

Result<void> check_members(const json::object& body, std::initializer_list<std::string_view> known) {
  for (const auto& member : body) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end())
      return wrong("There is no member " + std::string(name) + " in this request");
  }
  return {};
}

Result<std::optional<store::Tags>> read_tags(const json::object& body) {
  const json::value* value = body.if_contains("tags");
  if (value == nullptr) return std::optional<store::Tags>();
  if (!value->is_object()) return wrong("tags must be an object");
  store::Tags tags;
  for (const auto& [key, text] : value->get_object()) {
    if (!text.is_string()) return wrong("tags must be an object of strings");
    tags.emplace(std::string(key), std::string(text.get_string()));
  }
  return std::optional(std::move(tags));
}

Result<std::optional<std::vector<store::NamedPolicy>>> read_policies(const json::object& body) {
  const Error rule = wrong("policies must be a list of {name, document}, both strings: a document is JSON as text");
  const json::value* value = body.if_contains("policies");
  if (value == nullptr) return std::optional<std::vector<store::NamedPolicy>>();
  if (!value->is_array()) return rule;
  std::vector<store::NamedPolicy> policies;
  for (const json::value& each : value->get_array()) {
    const json::object* object = each.if_object();
    const json::value* name = object == nullptr ? nullptr : object->if_contains("name");
    const json::value* document = object == nullptr ? nullptr : object->if_contains("document");
    if (name == nullptr || document == nullptr || !name->is_string() || !document->is_string()) return rule;
    policies.push_back({std::string(name->get_string()), std::string(document->get_string())});
  }
  return std::optional(std::move(policies));
}

}  // namespace

json::object to_json(const store::User& user) {
  json::array keys;
  for (const store::UserKey& key : user.keys)
    keys.push_back(json::object{{"id", key.id.str()}, {"created", wire::to_iso_date(key.created)}});
  return {{"name", user.name},
          {"userId", user.id},
          {"created", wire::to_iso_date(user.created)},
          {"tags", to_json(user.tags)},
          {"policies", to_json(user.policies)},
          {"accessKeys", std::move(keys)}};
}

json::object to_json(const store::Role& role) {
  return {{"name", role.name},
          {"roleId", role.id},
          {"created", wire::to_iso_date(role.created)},
          {"trust", role.trust},
          {"tags", to_json(role.tags)},
          {"policies", to_json(role.policies)},
          {"maxSessionSeconds", static_cast<std::int64_t>(role.max_session.count())}};
}

Result<UserChange> parse_user_change(const json::object& body) {
  if (auto checked = check_members(body, {"name", "tags", "policies"}); !checked) return checked.error();
  auto tags = read_tags(body);
  if (!tags) return tags.error();
  auto policies = read_policies(body);
  if (!policies) return policies.error();
  return UserChange{*std::move(tags), *std::move(policies)};
}

Result<RoleChange> parse_role_change(const json::object& body) {
  if (auto checked = check_members(body, {"name", "trust", "tags", "policies", "maxSessionSeconds"}); !checked)
    return checked.error();
  auto tags = read_tags(body);
  if (!tags) return tags.error();
  auto policies = read_policies(body);
  if (!policies) return policies.error();
  RoleChange change{{}, *std::move(tags), *std::move(policies), {}};
  if (const json::value* trust = body.if_contains("trust")) {
    if (!trust->is_string()) return wrong("trust must be a string: a policy document as text");
    change.trust = std::string(trust->get_string());
  }
  if (const json::value* longest = body.if_contains("maxSessionSeconds")) {
    json::error_code problem;
    const auto seconds = longest->is_number() ? longest->to_number<std::uint32_t>(problem) : 0U;
    if (problem || seconds == 0) return wrong("maxSessionSeconds must be a number of seconds");
    change.max_session = std::chrono::seconds(seconds);
  }
  return change;
}

}  // namespace heliograph::server::identity
