// Who may, what is asked, and its answer.
#include "server/identity/user_api.hpp"

#include <boost/json.hpp>
#include <optional>

#include "server/answers.hpp"
#include "server/console_body.hpp"
#include "server/identity/user_json.hpp"
#include "wire/error_table.hpp"
#include "wire/uri.hpp"

namespace heliograph::server::identity {
namespace {

namespace json = boost::json;

constexpr std::string_view kBase = "/_heliograph/v1/admin/";

enum class Act : std::uint8_t {
  kListUsers,
  kAddUser,
  kSetUser,
  kRemoveUser,
  kAddKey,
  kRemoveKey,
  kListRoles,
  kAddRole,
  kSetRole,
  kRemoveRole,
};

/// For the audit log.
std::string_view action_of(Act act) noexcept {
  switch (act) {
    case Act::kListUsers:
      return "heliograph:ListUsers";
    case Act::kAddUser:
      return "heliograph:AddUser";
    case Act::kSetUser:
      return "heliograph:SetUser";
    case Act::kRemoveUser:
      return "heliograph:RemoveUser";
    case Act::kAddKey:
      return "heliograph:AddAccessKey";
    case Act::kRemoveKey:
      return "heliograph:RemoveAccessKey";
    case Act::kListRoles:
      return "heliograph:ListRoles";
    case Act::kAddRole:
      return "heliograph:AddRole";
    case Act::kSetRole:
      return "heliograph:SetRole";
    case Act::kRemoveRole:
      return "heliograph:RemoveRole";
  }
  return {};
}

struct Ask {
  Act act{};
  std::string name;  ///< Of the user or role; empty when it is in the body.
  std::string key;
  std::string body;
};

Result<std::vector<std::string>> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  path.remove_prefix(kBase.size());
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    auto decoded = wire::percent_decode(part);
    if (!decoded) return decoded.error();
    parts.push_back(*std::move(decoded));
  }
  return parts;
}

Result<Ask> parse_ask(const net::HttpRequest& request) {
  const auto parts = parts_of(path_of(request.target));
  if (!parts) return parts.error();
  const bool users = parts->front() == "users";
  const bool is_get = request.method == "GET";
  const bool is_post = request.method == "POST";
  const bool is_delete = request.method == "DELETE";
  const auto ask = [&](Act act) -> Result<Ask> {
    return Ask{act, parts->size() > 1 ? (*parts)[1] : std::string(), parts->size() > 3 ? (*parts)[3] : std::string(),
               request.body};
  };
  const bool has_keys = users && parts->size() > 2 && (*parts)[2] == "keys";
  if (parts->size() == 1 && is_get) return ask(users ? Act::kListUsers : Act::kListRoles);
  if (parts->size() == 1 && is_post) return ask(users ? Act::kAddUser : Act::kAddRole);
  if (parts->size() == 2 && is_post) return ask(users ? Act::kSetUser : Act::kSetRole);
  if (parts->size() == 2 && is_delete) return ask(users ? Act::kRemoveUser : Act::kRemoveRole);
  if (parts->size() == 3 && has_keys && is_post) return ask(Act::kAddKey);
  if (parts->size() == 4 && has_keys && is_delete) return ask(Act::kRemoveKey);
  if (parts->size() > 2 && !has_keys) return Error{Errc::kUnknownOperation, "there is no such path in this API"};
  return Error{Errc::kMethodNotAllowed, "this path does not take that method"};
}

Result<json::object> to_answer(const Result<IssuedKey>& issued) {
  if (!issued) return issued.error();
  json::object answer = to_json(issued->user);
  answer["accessKey"] = json::object{{"id", issued->id.str()}, {"secret", issued->secret.reveal()}};
  return answer;
}

template <class T>
Result<json::object> to_answer(const Result<T>& record) {
  if (!record) return record.error();
  return to_json(*record);
}

Result<json::object> to_answer(const Result<void>& done) {
  if (!done) return done.error();
  return json::object{};
}

template <class T>
json::object to_list(std::string_view name, const std::vector<T>& records) {
  json::array list;
  for (const T& record : records) list.push_back(to_json(record));
  return {{name, std::move(list)}};
}

/// On the executor.
Result<json::object> carry_out(Directory& directory, const Ask& ask, const json::object& body, WallTime now) {
  const bool is_user = ask.act == Act::kAddUser || ask.act == Act::kSetUser;
  const bool is_role = ask.act == Act::kAddRole || ask.act == Act::kSetRole;
  Result<UserChange> user = is_user ? parse_user_change(body) : UserChange{};
  if (!user) return user.error();
  Result<RoleChange> role = is_role ? parse_role_change(body) : RoleChange{};
  if (!role) return role.error();
  switch (ask.act) {
    case Act::kListUsers:
      return to_list("users", directory.users());
    case Act::kAddUser:
      return to_answer(directory.add_user(text_of(body, "name"), *std::move(user), now));
    case Act::kSetUser:
      return to_answer(directory.set_user(ask.name, *std::move(user)));
    case Act::kRemoveUser:
      return to_answer(directory.remove_user(ask.name));
    case Act::kAddKey: {
      const json::value* replace = body.if_contains("replace");
      return to_answer(directory.add_key(ask.name, replace != nullptr && *replace == true, now));
    }
    case Act::kRemoveKey:
      return to_answer(directory.remove_key(ask.name, ask.key));
    case Act::kListRoles:
      return to_list("roles", directory.roles());
    case Act::kAddRole:
      return to_answer(directory.add_role(text_of(body, "name"), *std::move(role), now));
    case Act::kSetRole:
      return to_answer(directory.set_role(ask.name, *std::move(role)));
    case Act::kRemoveRole:
      return to_answer(directory.remove_role(ask.name));
  }
  return Errc::kUnknownOperation;
}

/// Whether it may take away what somebody came in with.
bool takes_away(const Ask& ask, const json::object& body) {
  switch (ask.act) {
    case Act::kRemoveUser:
    case Act::kRemoveKey:
    case Act::kRemoveRole:
      return true;
    case Act::kAddKey: {
      const json::value* replace = body.if_contains("replace");
      return replace != nullptr && *replace == true;
    }
    case Act::kListUsers:
    case Act::kAddUser:
    case Act::kSetUser:
    case Act::kListRoles:
    case Act::kAddRole:
    case Act::kSetRole:
      return false;
  }
  return false;
}

net::HttpResponse refusal(const Error& error) { return error_response(error, wire::Surface::kStorage); }

}  // namespace

bool UserApi::owns(std::string_view path) noexcept {
  if (!path.starts_with(kBase)) return false;
  const std::string_view first = path.substr(kBase.size(), path.find('/', kBase.size()) - kBase.size());
  return first == "users" || first == "roles";
}

Result<PrincipalPtr> UserApi::administrator_of(const net::HttpRequest& request) const {
  auto caller = parts_.authenticator.authenticate(request);
  if (!caller) return caller;
  if ((*caller)->id == parts_.directory.administrator()->id) return caller;
  return Error{Errc::kAccessDenied,
               "users and roles are for the administrator, whose key is the first in "
               "DATA/credentials"};
}

void UserApi::on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) const {
  auto ask = parse_ask(request);
  if (!ask) return reply(refusal(ask.error()));
  const auto caller = administrator_of(request);
  const auto audit = [this, act = ask->act, from = request.peer.address, key = std::string(claimed_key(request)),
                      request_id](const Principal* who, std::string_view name, const Error* error) {
    if (parts_.audit == nullptr) return;
    parts_.audit->write({.event = "user",
                         .principal = who,
                         .key_id = key,
                         .from = from,
                         .action = action_of(act),
                         .resource = name,
                         .allowed = who != nullptr,
                         .why = who != nullptr ? "the administrator's signature" : "",
                         .error = error == nullptr ? std::string_view{} : wire::error_row(error->code).http[2].type,
                         .request_id = request_id});
  };
  if (!caller) {
    audit(nullptr, ask->name, &caller.error());
    return reply(refusal(caller.error()));
  }
  auto work = [this, ask = *std::move(ask), caller = *caller, audit, reply]() {
    auto body = ask.body.empty() ? json::object{} : parse_json_object(ask.body);
    auto done =
        body ? carry_out(parts_.directory, ask, *body, parts_.clock.wall_now()) : Result<json::object>(body.error());
    const std::string name = ask.name.empty() && body ? text_of(*body, "name") : ask.name;
    audit(caller.get(), name, done ? nullptr : &done.error());
    if (!done) {
      if (wire::error_row(done.error().code).http[2].status >= 500)
        parts_.log.write(LogLevel::kError, "user management failed", {{"why", done.error().detail}});
      return reply(refusal(done.error()));
    }
    if (takes_away(ask, *body)) {
      // Whoever was let in meanwhile is found here, or finds itself unknown.
      const std::size_t ended = parts_.end_connections(
          [this](const Principal& principal) { return !parts_.directory.still_knows(principal); });
      (*done)["disconnected"] = ended;
      if (ended > 0)
        parts_.log.write(LogLevel::kInfo, "connections of a taken key, user or role ended",
                         {{"name", name}, {"count", std::to_string(ended)}});
    }
    parts_.log.write(LogLevel::kInfo, "user management", {{"action", action_of(ask.act)}, {"name", name}});
    reply(json_response(200, json::serialize(*done)));
  };
  auto on_failure = [reply](const char*) { reply(refusal({Errc::kInternalFailure, {}})); };
  if (!parts_.executor.try_post(std::move(work), std::move(on_failure)))
    reply(refusal({Errc::kServiceUnavailable, {}}));
}

}  // namespace heliograph::server::identity
