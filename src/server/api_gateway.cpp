// From an HTTP request to an operation and back.
#include "server/api_gateway.hpp"

#include "server/answers.hpp"

namespace heliograph::server {
namespace {

net::HttpResponse to_response(const ApiAnswer& answer) {
  net::HttpResponse response = json_response(answer.status, answer.body);
  if (!answer.error_type.empty()) response.headers.push_back({"x-amzn-ErrorType", std::string(answer.error_type)});
  return response;
}

/// The channel that was asked about; empty: another resource, or none that could be read.
std::string_view channel_of(const AccessNote& note) {
  return note.resource.find(":channel/") == std::string::npos ? std::string_view{} : note.resource;
}

}  // namespace

void ApiGateway::on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) {
  const auto operation = find_operation(request.method, path_of(request.target));
  if (!operation) return reply(error_response(operation.error(), wire::Surface::kControlPlane));
  const auto caller = parts_.authenticator.authenticate(request, request_id);
  if (!caller) {
    if (parts_.audit != nullptr)
      parts_.audit->write({.event = "call",
                           .key_id = claimed_key(request),
                           .from = request.peer.address,
                           .action = "kinesisvideo:" + std::string(to_string(*operation)),
                           .error = wire::error_row(caller.error().code).http[0].type,
                           .request_id = request_id});
    return reply(error_response(caller.error(), surface_of(*operation)));
  }

  ApiCall call{*operation, request.body, *caller, to_context(request, request_id, parts_.clock)};
  call.context.note = std::make_shared<AccessNote>();
  const wire::Surface surface = surface_of(*operation);
  const bool taken = parts_.executor.try_post(
      [this, call = std::move(call), reply]() {
        parts_.control_plane.start(call, [this, operation = call.operation, context = call.context,
                                          name = call.caller->name, reply](const ApiAnswer& answer) {
          parts_.log.write(LogLevel::kInfo, to_string(operation),
                           {{"status", std::to_string(answer.status)},
                            {"error", answer.error_type},
                            {"by", name},
                            {"channel", channel_of(*context.note)},
                            {"request_id", context.request_id}});
          reply(to_response(answer));
        });
      },
      [this, surface, request_id, reply](const char* why) {
        parts_.log.write(LogLevel::kError, "request failed", {{"request_id", request_id}, {"error", why}});
        reply(error_response({Errc::kInternalFailure, {}}, surface));
      });
  if (!taken) reply(error_response({Errc::kServiceUnavailable, {}}, surface));
}

}  // namespace heliograph::server
