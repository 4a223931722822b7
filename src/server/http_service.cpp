// Routing by method and path.
#include "server/http_service.hpp"

#include <chrono>

#include "server/answers.hpp"

namespace heliograph::server {
namespace {

constexpr std::string_view kOwnPrefix = "/_heliograph/";
constexpr std::string_view kAdminPrefix = "/_heliograph/v1/admin/";

net::HttpResponse text_response(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}}, std::move(text)};
}

net::HttpResponse redirect_to_tls(const net::HttpRequest& request) {
  auto response = text_response(308, "This service is reached over https.\n");
  response.headers.push_back({"Location", "https://" + std::string(request.header("Host")) + request.target});
  return response;
}

using Meter = metrics::RequestMeter;

std::string_view error_type_of(const net::HttpResponse& response) {
  for (const net::HttpHeader& header : response.headers)
    if (header.name == "x-amzn-ErrorType") return header.value;
  return {};
}

bool is_read(const net::HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

bool HttpService::is_refused_plaintext(const net::HttpRequest& request) const {
  return !request.peer.tls && !request.peer.loopback_listener && !parts_.allow_plaintext;
}

net::HttpResponse HttpService::health(std::string_view path) const {
  if (path == "/livez") return text_response(200, "ok\n");
  switch (state_.load()) {
    case State::kStarting:
      return text_response(503, "not ready\n");
    case State::kReady:
      return text_response(200, "ok\n");
    case State::kLeaving:
      return text_response(503, "going away\n");
  }
  return text_response(503, "not ready\n");
}

void HttpService::on_refusal(net::HttpResponse& response) {
  parts_.requests.on_answered(Meter::kind_of(metrics::Area::kUnreadable), response.status, {});
  const Errc code = response.status == 503 ? Errc::kServiceUnavailable : Errc::kInvalidArgument;
  response.headers.push_back({"x-amzn-ErrorType", std::string(wire::to_http(code, wire::Surface::kControlPlane).type)});
  response.headers.push_back({"x-amzn-RequestId", make_request_id(parts_.rng)});
  add_cors_headers(response);
}

void HttpService::on_request(const net::HttpRequest& request, net::Reply reply) {
  const std::string request_id = make_request_id(parts_.rng);
  const auto start = std::chrono::steady_clock::now();
  route(
      request, request_id,
      [this, kind = Meter::kind_of(request), start, reply = std::move(reply), request_id](net::HttpResponse response) {
        parts_.requests.on_answered(kind, response.status, std::chrono::steady_clock::now() - start);
        response.headers.push_back({"x-amzn-RequestId", request_id});
        reply(std::move(response));
      });
}

void HttpService::route(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) {
  const std::string_view path = path_of(request.target);
  if (is_read(request) && (path == "/livez" || path == "/readyz")) return reply(health(path));
  if (is_refused_plaintext(request)) {
    if (is_read(request) && !request.header("Host").empty()) return reply(redirect_to_tls(request));
    return reply(error_response({Errc::kTlsRequired, {}}, wire::Surface::kControlPlane));
  }
  if (parts_.identity.owns(request)) return parts_.identity.on_request(request, request_id, std::move(reply));
  if (path.starts_with(kAdminPrefix)) return parts_.admin.on_request(request, request_id, std::move(reply));
  if (path.starts_with(kOwnPrefix)) return parts_.console.on_request(request, request_id, std::move(reply));
  if (is_read(request) && path == "/metrics") return metrics(request, std::move(reply));
  if (request.method == "OPTIONS") return reply(preflight_response(request));
  if (is_read(request)) return reply(parts_.files.get(path, request.header("If-None-Match")));
  parts_.api.on_request(request, request_id, [reply = std::move(reply)](net::HttpResponse response) {
    add_cors_headers(response);
    reply(std::move(response));
  });
}

void HttpService::metrics(const net::HttpRequest& request, net::Reply reply) {
  if (auto allowed = parts_.admin.check_administrator(request); !allowed)
    return reply(error_response(allowed.error(), wire::Surface::kStorage));
  // A look into /proc and at every shard is nothing for a worker.
  const bool taken = parts_.executor.try_post(
      [this, reply]() {
        reply({200, {{"Content-Type", metrics::kContentType}, {"Cache-Control", "no-store"}}, parts_.metrics()});
      },
      [reply](const char*) { reply(error_response({Errc::kInternalFailure, {}}, wire::Surface::kStorage)); });
  if (!taken) reply(error_response({Errc::kServiceUnavailable, {}}, wire::Surface::kStorage));
}

void HttpService::on_upgrade(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply) {
  const std::string request_id = make_request_id(parts_.rng);
  net::UpgradeReply finish = [this, request_id, reply = std::move(reply)](net::UpgradeDecision decision) {
    if (auto* refusal = std::get_if<net::HttpResponse>(&decision)) {
      parts_.requests.on_handshake_refused(error_type_of(*refusal));
      refusal->headers.push_back({"x-amzn-RequestId", request_id});
      add_cors_headers(*refusal);
    } else {
      parts_.requests.on_handshake_accepted();
    }
    reply(std::move(decision));
  };
  if (is_refused_plaintext(request))
    return parts_.upgrades.turn_away(conn, request, {Errc::kTlsRequired, {}}, finish, request_id);
  if (state_.load() == State::kLeaving) {
    const auto later = [finish](net::UpgradeDecision decision) {
      if (auto* refusal = std::get_if<net::HttpResponse>(&decision)) refusal->headers.push_back({"Retry-After", "1"});
      finish(std::move(decision));
    };
    return parts_.upgrades.turn_away(conn, request, {Errc::kServiceUnavailable, "the service is going down"}, later,
                                     request_id);
  }
  parts_.upgrades.decide(conn, request, std::move(finish), request_id);
}

}  // namespace heliograph::server
