// From JSON to PolicyDocument, naming whatever is not as it must be.
#include "wire/policy_document.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <set>
#include <utility>

#include "wire/json_duplicates.hpp"

namespace heliograph::wire {
namespace {

namespace json = boost::json;

/// The grammar needs six.
constexpr std::size_t kMaxDepth = 8;

std::string_view to_view(json::string_view text) { return {text.data(), text.size()}; }
json::string_view to_key(std::string_view text) { return {text.data(), text.size()}; }

Error malformed(const std::string& place, std::string_view rule) {
  return {Errc::kInvalidArgument, place + ": " + std::string(rule)};
}

bool is_sid(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// Its Sid, if it is one.
std::string_view sid_of(const json::object& object) {
  const json::value* sid = object.if_contains("Sid");
  return sid != nullptr && sid->is_string() && is_sid(to_view(sid->get_string())) ? to_view(sid->get_string())
                                                                                  : std::string_view{};
}

template <std::size_t N>
std::optional<Error> check_members(const json::object& object, const std::string& place,
                                   const std::array<std::string_view, N>& known) {
  for (const auto& member : object) {
    const std::string_view name = to_view(member.key());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (name == "Principal" || name == "NotPrincipal")
      return malformed(place + ", " + std::string(name),
                       "has no place in a policy of a principal or a session, whose subject is known");
    std::string rule = "is not a member; there are";
    for (const std::string_view each : known) rule.append(each == known.front() ? " " : ", ").append(each);
    return malformed(place + ", " + std::string(name), rule);
  }
  return std::nullopt;
}

/// A string; with `scalars` also a number or a boolean, which Condition values may be.
Result<std::string> read_text(const json::value& value, const std::string& place, bool scalars) {
  if (const auto* text = value.if_string()) {
    if (text->size() > kMaxPolicyString)
      return malformed(place, "is longer than " + std::to_string(kMaxPolicyString) + " characters");
    return std::string(to_view(*text));
  }
  if (scalars && (value.is_number() || value.is_bool())) return json::serialize(value);
  return malformed(place, scalars ? "must be a string, a number or a boolean, or a list of these"
                                  : "must be a string or a list of strings");
}

Result<std::vector<std::string>> read_texts(const json::value& value, const std::string& place, bool scalars) {
  std::vector<std::string> texts;
  const auto* list = value.if_array();
  if (list != nullptr && list->empty()) return malformed(place, "must not be an empty list");
  for (std::size_t i = 0; i < (list == nullptr ? 1 : list->size()); ++i) {
    auto text = list == nullptr ? read_text(value, place, scalars)
                                : read_text((*list)[i], place + '[' + std::to_string(i) + ']', scalars);
    if (!text) return text.error();
    texts.push_back(*std::move(text));
  }
  return texts;
}

struct OneOfTwo {
  std::string_view name;
  std::string_view inverse;
};

/// Action or NotAction, Resource or NotResource: one of them, never both.
std::optional<Error> read_one_of(const json::object& object, const std::string& place, OneOfTwo members,
                                 std::vector<std::string>& texts, bool& inverts) {
  const json::value* plain = object.if_contains(to_key(members.name));
  const json::value* inverse = object.if_contains(to_key(members.inverse));
  const std::string both = std::string(members.name) + " or " + std::string(members.inverse);
  if (plain == nullptr && inverse == nullptr) return malformed(place, both + " is required");
  if (plain != nullptr && inverse != nullptr) return malformed(place, "has both " + both + "; give one of them");
  inverts = inverse != nullptr;
  auto read = read_texts(inverts ? *inverse : *plain,
                         place + ", " + std::string(inverts ? members.inverse : members.name), false);
  if (!read) return read.error();
  texts = *std::move(read);
  return std::nullopt;
}

std::optional<Error> read_conditions(const json::value& value, const std::string& place,
                                     std::vector<PolicyCondition>& conditions) {
  const auto* tests = value.if_object();
  if (tests == nullptr) return malformed(place, "must be an object of operators");
  for (const auto& test : *tests) {
    const std::string test_place = place + '.' + std::string(to_view(test.key()));
    const auto* keys = test.value().if_object();
    if (keys == nullptr || keys->empty()) return malformed(test_place, "must be an object of condition keys");
    for (const auto& key : *keys) {
      auto values = read_texts(key.value(), test_place + '.' + std::string(to_view(key.key())), true);
      if (!values) return values.error();
      conditions.push_back({std::string(to_view(test.key())), std::string(to_view(key.key())), *std::move(values)});
    }
  }
  return std::nullopt;
}

/// Sid, which errors name the statement by, and Effect.
Result<std::string> read_head(const json::object& object, std::size_t index, PolicyStatement& statement) {
  std::string place = statement_place(index, {});
  if (const json::value* sid = object.if_contains("Sid")) {
    if (!sid->is_string() || !is_sid(to_view(sid->get_string())))
      return malformed(place + ", Sid", "must be a string of letters and digits");
    statement.sid = to_view(sid->get_string());
    place = statement_place(index, statement.sid);
  }
  const json::value* effect = object.if_contains("Effect");
  if (effect == nullptr) return malformed(place, "Effect is required");
  statement.allows = *effect == "Allow";
  if (!statement.allows && *effect != "Deny")
    return malformed(place + ", Effect", "must be \"Allow\" or \"Deny\", spelt so");
  return place;
}

/// Action and Condition.
std::optional<Error> read_rest(const json::object& object, const std::string& place, PolicyStatement& statement) {
  if (auto wrong = read_one_of(object, place, {"Action", "NotAction"}, statement.actions, statement.inverts_actions))
    return wrong;
  if (const json::value* condition = object.if_contains("Condition"))
    return read_conditions(*condition, place + ", Condition", statement.conditions);
  return std::nullopt;
}

Result<PolicyStatement> read_statement(const json::value& value, std::size_t index) {
  constexpr std::array<std::string_view, 7> kMembers{"Sid",      "Effect",      "Action",   "NotAction",
                                                     "Resource", "NotResource", "Condition"};
  const auto* object = value.if_object();
  if (object == nullptr) return malformed(statement_place(index, {}), "must be an object");
  if (auto unknown = check_members(*object, statement_place(index, sid_of(*object)), kMembers)) return *unknown;
  PolicyStatement statement;
  const auto place = read_head(*object, index, statement);
  if (!place) return place.error();
  if (auto wrong = read_rest(*object, *place, statement)) return *wrong;
  if (auto wrong =
          read_one_of(*object, *place, {"Resource", "NotResource"}, statement.resources, statement.inverts_resources))
    return *wrong;
  return statement;
}

std::optional<Error> read_principal(const json::value& value, const std::string& place, TrustStatement& trust) {
  constexpr std::array<std::string_view, 2> kKinds{"AWS", "Federated"};
  if (value == "*") {
    trust.anybody = true;
    return std::nullopt;
  }
  const auto* object = value.if_object();
  if (object == nullptr || object->empty()) return malformed(place, "must be \"*\" or an object with AWS or Federated");
  if (auto unknown = check_members(*object, place, kKinds)) return unknown;
  for (const auto& kind : *object) {
    auto texts = read_texts(kind.value(), place + '.' + std::string(to_view(kind.key())), false);
    if (!texts) return texts.error();
    (to_view(kind.key()) == "AWS" ? trust.aws : trust.federated) = *std::move(texts);
  }
  trust.anybody = std::erase(trust.aws, "*") > 0;
  return std::nullopt;
}

Result<TrustStatement> read_trust_statement(const json::value& value, std::size_t index) {
  constexpr std::array<std::string_view, 6> kMembers{"Sid", "Effect", "Action", "NotAction", "Principal", "Condition"};
  const auto* object = value.if_object();
  if (object == nullptr) return malformed(statement_place(index, {}), "must be an object");
  for (const auto& member : *object) {
    const std::string_view name = to_view(member.key());
    if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end())
      return malformed(statement_place(index, {}) + ", " + std::string(name),
                       "has no place in a trust policy; there are Sid, Effect, Action, Principal, Condition");
  }
  TrustStatement trust;
  const auto place = read_head(*object, index, trust.statement);
  if (!place) return place.error();
  if (auto wrong = read_rest(*object, *place, trust.statement)) return *wrong;
  const json::value* principal = object->if_contains("Principal");
  if (principal == nullptr) return malformed(*place, "Principal is required: who may assume the role");
  if (auto wrong = read_principal(*principal, *place + ", Principal", trust)) return *wrong;
  return trust;
}

Result<bool> read_version(const json::object& object) {
  const json::value* version = object.if_contains("Version");
  if (version == nullptr || *version == "2008-10-17") return false;
  if (*version == "2012-10-17") return true;
  return malformed("Version", "must be \"2012-10-17\" or \"2008-10-17\"");
}

Result<json::object> parse_object(std::string_view text) {
  if (text.size() > kMaxPolicyText)
    return malformed("the policy", "is longer than " + std::to_string(kMaxPolicyText) + " bytes");
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::error_code problem;
  json::value value = json::parse(to_key(text), problem, {}, options);
  if (problem) return malformed("the policy", "is not JSON: " + problem.message());
  if (!value.is_object()) return malformed("the policy", "must be a JSON object with Version and Statement");
  if (const auto duplicate = find_duplicate_member(text))
    return malformed(*duplicate, "is given twice in one object; which of them counts would be a guess");
  return std::move(value.get_object());
}

/// The members around the statements.
template <class Document, class ReadStatement, class SidOf>
Result<Document> parse_document(std::string_view text, const ReadStatement& read, const SidOf& sid_of_statement) {
  constexpr std::array<std::string_view, 3> kMembers{"Version", "Id", "Statement"};
  const auto object = parse_object(text);
  if (!object) return object.error();
  if (auto unknown = check_members(*object, "the policy", kMembers)) return *unknown;
  const auto version = read_version(*object);
  if (!version) return version.error();
  if (const auto* id = object->if_contains("Id"); id != nullptr && !id->is_string())
    return malformed("Id", "must be a string");
  const json::value* statements = object->if_contains("Statement");
  if (statements == nullptr) return malformed("the policy", "Statement is required");

  Document document{*version, {}};
  std::set<std::string> sids;
  const auto* list = statements->if_array();
  if (list != nullptr && list->empty()) return malformed("Statement", "must not be an empty list");
  for (std::size_t i = 0; i < (list == nullptr ? 1 : list->size()); ++i) {
    auto statement = read(list == nullptr ? *statements : (*list)[i], i);
    if (!statement) return statement.error();
    const std::string sid = sid_of_statement(*statement);
    if (!sid.empty() && !sids.insert(sid).second)
      return malformed(statement_place(i, sid), "another statement has the same Sid");
    document.statements.push_back(*std::move(statement));
  }
  return document;
}

}  // namespace

std::string statement_place(std::size_t index, std::string_view sid) {
  std::string place = "Statement[" + std::to_string(index) + ']';
  if (!sid.empty()) place.append(" (\"").append(sid).append("\")");
  return place;
}

Result<PolicyDocument> parse_policy_document(std::string_view text) {
  return parse_document<PolicyDocument>(text, read_statement, [](const PolicyStatement& each) { return each.sid; });
}

Result<TrustDocument> parse_trust_document(std::string_view text) {
  return parse_document<TrustDocument>(text, read_trust_statement,
                                       [](const TrustStatement& each) { return each.statement.sid; });
}

}  // namespace heliograph::wire
