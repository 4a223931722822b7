// Who may, and what is answered.
#include "server/admin_api.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "server/answers.hpp"
#include "server/console_body.hpp"

namespace heliograph::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kBase = "/_heliograph/v1/admin/";
constexpr std::string_view kNotAdministrator =
    "this is for the administrator, whose key is the first in DATA/credentials";

net::HttpResponse refusal(Errc code, std::string detail) {
  return error_response({code, std::move(detail)}, wire::Surface::kStorage);
}

bool is_signed(const net::HttpRequest& request) {
  return request.header("Authorization").starts_with("AWS4-") ||
         request.target.find("X-Amz-Signature=") != std::string::npos;
}

/// What the request is about, for the audit log; empty: the whole service.
std::string resource_in(std::string_view body) {
  constexpr std::size_t kMost = 300;
  const auto object = parse_json_object(body);
  if (!object) return {};
  for (const char* name : {"channelArn", "channelName", "channel", "accessKeyId", "connectionId", "clientId"})
    if (const std::string text = text_of(*object, name); !text.empty()) return text.substr(0, kMost);
  return {};
}

json::array to_json(const std::vector<std::string>& names) { return json::array(names.begin(), names.end()); }

}  // namespace

Result<PrincipalPtr> AdminApi::check_administrator(const net::HttpRequest& request) const {
  const PrincipalPtr administrator = parts_.principals.administrator();
  if (is_signed(request)) {
    auto caller = parts_.authenticator.authenticate(request);
    if (!caller) return caller.error();
    if ((*caller)->id == administrator->id) return caller;
    return Error{Errc::kAccessDenied, std::string(kNotAdministrator)};
  }
  if (auto origin = ConsoleAccess::check_origin(request); !origin) return origin.error();
  if (parts_.access.is_open(request)) return administrator;
  if (const auto key = parts_.access.session_key(request, parts_.clock.steady_now())) {
    if (*key == administrator->id) return administrator;
    return Error{Errc::kAccessDenied, std::string(kNotAdministrator)};
  }
  return Error{Errc::kLoginRequired,
               "log in first (POST /_heliograph/v1/login), or sign the request with the administrator's key"};
}

AdminApi::AdminApi(Parts parts) : parts_(std::move(parts)) {
  routes_.push_back(
      {"POST", "reload", [this](const net::HttpRequest&, net::Reply reply) { reload(std::move(reply)); }});
}

void AdminApi::add(std::vector<AdminRoute> routes) {
  for (AdminRoute& route : routes) routes_.push_back(std::move(route));
}

net::Reply AdminApi::audited(const net::HttpRequest& request, std::string_view name, PrincipalPtr who,
                             const std::string& request_id, net::Reply reply) const {
  if (parts_.audit == nullptr || (who != nullptr && request.method == "GET")) return reply;
  return [this, action = "heliograph:" + std::string(name), resource = resource_in(request.body), who = std::move(who),
          key = std::string(claimed_key(request)), from = request.peer.address, request_id,
          reply = std::move(reply)](net::HttpResponse response) {
    const auto type = std::find_if(response.headers.begin(), response.headers.end(),
                                   [](const net::HttpHeader& header) { return header.name == "x-amzn-ErrorType"; });
    parts_.audit->write({.event = "admin",
                         .principal = who.get(),
                         .key_id = key,
                         .from = from,
                         .action = action,
                         .resource = resource,
                         .allowed = who != nullptr,
                         .why = who != nullptr ? "the administrator" : "",
                         .error = type == response.headers.end() ? std::string_view{} : type->value,
                         .request_id = request_id});
    reply(std::move(response));
  };
}

void AdminApi::on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) const {
  const std::string_view path = path_of(request.target);
  const std::string_view name = path.starts_with(kBase) ? path.substr(kBase.size()) : std::string_view{};
  std::string methods;
  for (const AdminRoute& route : routes_) {
    if (route.path.ends_with('/') ? !name.starts_with(route.path) : route.path != name) continue;
    if (route.method != request.method) {
      methods.append(methods.empty() ? "" : " or ").append(route.method);
      continue;
    }
    const auto who = check_administrator(request);
    reply = audited(request, name, who ? *who : nullptr, request_id, std::move(reply));
    if (!who) return reply(refusal(who.error().code, who.error().detail));
    return route.run(request, std::move(reply));
  }
  if (!methods.empty()) return reply(refusal(Errc::kMethodNotAllowed, "use " + methods));
  reply(refusal(Errc::kUnknownOperation, "there is no such path in this API"));
}

void AdminApi::reload(net::Reply reply) const {
  parts_.reload([reply = std::move(reply)](const Result<ReloadReport>& report) {
    if (!report) return reply(refusal(report.error().code, report.error().detail));
    reply(json_response(200, json::serialize(json::object{{"applied", to_json(report->applied)},
                                                          {"needsRestart", to_json(report->needs_restart)}})));
  });
}

}  // namespace heliograph::server
