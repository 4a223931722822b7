// From options to the admin API's JSON, and from its answers to text.
#include "cli/user_command.hpp"

#include <boost/json.hpp>

#include "cli/channel_commands.hpp"
#include "cli/client/admin.hpp"
#include "cli/connection_commands.hpp"
#include "cli/policy_files.hpp"
#include "core/policy/trust_policy.hpp"
#include "wire/credentials_file.hpp"
#include "wire/uri.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

Error in_file(const std::filesystem::path& file, const Error& error) {
  return {error.code, file.string() + ": " + error.detail};
}

/// Policies are checked here too, so that a mistake names the file.
Result<json::array> read_policies(const std::vector<std::filesystem::path>& files, std::vector<std::string>& warnings) {
  const auto loaded = load_policies(files, warnings);
  if (!loaded) return loaded.error();
  json::array policies;
  for (const PolicyFile& file : *loaded) policies.push_back(json::object{{"name", file.name}, {"document", file.text}});
  return policies;
}

Result<json::object> read_tags(const std::vector<std::string>& texts) {
  const auto tags = parse_tags(texts);
  if (!tags) return tags.error();
  json::object object;
  for (const auto& [key, value] : *tags) object[key] = value;
  return object;
}

Result<json::object> to_body(const UserWish& wish, std::vector<std::string>& warnings) {
  json::object body;
  if (wish.act == UserAct::kAdd) body["name"] = wish.name;
  if (!wish.policies.empty() || wish.no_policies) {
    auto policies = read_policies(wish.policies, warnings);
    if (!policies) return policies.error();
    body["policies"] = *std::move(policies);
  }
  if (!wish.tags.empty() || wish.no_tags) {
    auto tags = read_tags(wish.tags);
    if (!tags) return tags.error();
    body["tags"] = *std::move(tags);
  }
  if (!wish.trust.empty()) {
    const auto text = read_named(wish.trust);
    if (!text) return text.error();
    if (const auto trust = core::TrustPolicy::parse(*text); !trust) return in_file(wish.trust, trust.error());
    body["trust"] = *text;
  }
  if (wish.max_session != 0) body["maxSessionSeconds"] = wish.max_session;
  return body;
}

std::string joined(const json::value& list, std::string_view member) {
  std::string text;
  for (const json::value& each : list.as_array())
    text.append(text.empty() ? "" : ",").append(text_of(each.as_object(), member));
  return text.empty() ? "-" : text;
}

std::string to_table(const UserWish& wish, const json::object& answer) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back(wish.is_role ? std::vector<std::string>{"ROLE", "POLICIES", "LONGEST SESSION"}
                              : std::vector<std::string>{"USER", "POLICIES", "ACCESS KEYS"});
  for (const json::value& each : answer.at(wish.is_role ? "roles" : "users").as_array()) {
    const json::object& object = each.as_object();
    rows.push_back({text_of(object, "name"), joined(object.at("policies"), "name"),
                    wish.is_role ? std::to_string(object.at("maxSessionSeconds").to_number<int>()) + " s"
                                 : joined(object.at("accessKeys"), "id")});
  }
  return cli::to_table(rows);
}

std::string to_text(const UserWish& wish, const json::object& answer) {
  if (wish.act == UserAct::kList) return to_table(wish, answer);
  if (const json::value* key = answer.if_contains("accessKey"))
    return "# The secret is shown this once.\n" +
           wire::to_credentials_file(
               {wish.name, AccessKeyId(text_of(key->as_object(), "id")), Secret(text_of(key->as_object(), "secret"))});
  const std::string what = (wish.is_role ? "role " : "user ") + wish.name;
  if (wish.act != UserAct::kRemove) return what + (wish.act == UserAct::kAdd ? " is added\n" : " is set\n");
  std::string ended;
  if (const json::value* count = answer.if_contains("disconnected"); count != nullptr && *count != 0)
    ended = "; connections ended: " + json::serialize(*count);
  return (wish.key.empty() ? what : "access key " + wish.key + " of " + what) + " is removed" + ended + '\n';
}

}  // namespace

Result<std::string> carry_out(const UserWish& wish, const AdminClient& service, std::vector<std::string>& warnings) {
  const std::string all = wish.is_role ? "roles" : "users";
  const std::string one = all + '/' + wire::percent_encode(wish.name);
  Result<std::string> answer = std::string();
  switch (wish.act) {
    case UserAct::kList:
      answer = service.call("GET", all);
      break;
    case UserAct::kAdd:
    case UserAct::kSet: {
      const auto body = to_body(wish, warnings);
      if (!body) return body.error();
      answer = service.call("POST", wish.act == UserAct::kAdd ? all : one, json::serialize(*body));
      break;
    }
    case UserAct::kRotate:
      answer = service.call("POST", one + "/keys", wish.keep_old ? R"({"replace":false})" : R"({"replace":true})");
      break;
    case UserAct::kRemove:
      answer = service.call("DELETE", wish.key.empty() ? one : one + "/keys/" + wire::percent_encode(wish.key));
      break;
  }
  if (!answer) return answer.error();
  boost::system::error_code problem;
  const json::value value = json::parse(*answer, problem);
  if (problem || !value.is_object()) return Error{Errc::kIo, "the service gave an answer that is not JSON"};
  return wish.json ? *answer + '\n' : to_text(wish, value.get_object());
}

}  // namespace heliograph::cli
