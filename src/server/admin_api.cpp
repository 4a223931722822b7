// Who may, and what is answered.
#include "server/admin_api.hpp"

#include <boost/json.hpp>

#include "server/answers.hpp"

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

json::array to_json(const std::vector<std::string>& names) { return json::array(names.begin(), names.end()); }

}  // namespace

Result<void> AdminApi::check_administrator(const net::HttpRequest& request) const {
  if (is_signed(request)) {
    const auto caller = parts_.authenticator.authenticate(request);
    if (!caller) return caller.error();
    if ((*caller)->id == parts_.principals.administrator()->id) return {};
    return Error{Errc::kAccessDenied, std::string(kNotAdministrator)};
  }
  if (auto origin = ConsoleAccess::check_origin(request); !origin) return origin;
  if (parts_.access.is_open(request)) return {};
  if (const auto key = parts_.access.session_key(request, parts_.clock.steady_now())) {
    if (*key == parts_.principals.administrator()->id) return {};
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

void AdminApi::on_request(const net::HttpRequest& request, net::Reply reply) const {
  const std::string_view path = path_of(request.target);
  const std::string_view name = path.starts_with(kBase) ? path.substr(kBase.size()) : std::string_view{};
  if (parts_.edge != nullptr && Edge::answers(name)) {
    const std::string_view method = Edge::method_of(name);
    if (request.method != method) return reply(refusal(Errc::kMethodNotAllowed, "use " + std::string(method)));
    if (auto allowed = check_administrator(request); !allowed)
      return reply(refusal(allowed.error().code, allowed.error().detail));
    return parts_.edge->on_admin(name, request, reply);
  }
  std::string methods;
  for (const AdminRoute& route : routes_) {
    if (route.path != name) continue;
    if (route.method != request.method) {
      methods.append(methods.empty() ? "" : " or ").append(route.method);
      continue;
    }
    if (auto allowed = check_administrator(request); !allowed)
      return reply(refusal(allowed.error().code, allowed.error().detail));
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
