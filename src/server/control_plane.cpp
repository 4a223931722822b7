// ControlPlane: the way from a call to its answer.
#include "server/control_plane.hpp"

#include <utility>

#include "server/api/operation_table.hpp"
#include "server/api/request_reader.hpp"
#include "wire/arn.hpp"

namespace heliograph::server {
namespace {

using api::OperationRow;

const OperationRow& row_of(Operation operation) noexcept {
  return api::operation_table()[static_cast<std::size_t>(operation)];
}

/// The name of the channel or stream that a call is about, for its rates: an ARN and the name in it are one.
std::string_view channel_of(const boost::json::object& body) {
  for (const std::string_view member :
       {"ChannelARN", "ResourceARN", "StreamARN", "channelArn", "ChannelName", "StreamName"}) {
    const boost::json::value* value = body.if_contains(member);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view text(value->get_string());
    const auto arn = wire::parse_arn(text);
    return arn ? arn->name : text;
  }
  return {};
}

/// Whether the caller may, and whether it does not come too soon.
Result<void> admit(const OperationRow& row, const ApiCall& call, const api::Request& request) {
  const auto target = row.target(request);
  if (!target) return target.error();
  if (auto allowed = request.parts.authorizer.authorize(*call.caller, row.name, *target, call.context); !allowed)
    return allowed;
  // Who may not call uses up nobody's rate.
  return request.parts.throttle.on_call(call.context.at, row.operation, channel_of(request.body));
}

}  // namespace

std::string_view to_string(Operation operation) noexcept { return row_of(operation).name; }

wire::Surface surface_of(Operation operation) noexcept { return row_of(operation).surface; }

Result<Operation> find_operation(std::string_view method, std::string_view path) {
  for (const OperationRow& row : api::operation_table()) {
    if (row.path != path) continue;
    if (method == "POST") return row.operation;
    return Error{Errc::kMethodNotAllowed, std::string(row.name) + " takes POST only"};
  }
  return Error{Errc::kUnknownOperation,
               "There is no operation at this path; paths are case-sensitive, such as "
               "/describeSignalingChannel, /TagResource, /v1/get-ice-server-config"};
}

ApiAnswer ControlPlane::handle(const ApiCall& call) const {
  ApiAnswer answer;
  const OperationRow& row = row_of(call.operation);
  if (row.run == nullptr) return to_answer(call.operation, call.context.request_id, Errc::kUnknownOperation);
  begin(call, [&answer](ApiAnswer given) { answer = std::move(given); }, false);
  return answer;
}

void ControlPlane::start(const ApiCall& call, std::function<void(ApiAnswer)> done) const {
  if (parts_.audit == nullptr) return begin(call, done, true);
  ApiCall noted = call;
  if (noted.context.note == nullptr) noted.context.note = std::make_shared<AccessNote>();
  begin(noted, audited(noted, std::move(done)), true);
}

std::function<void(ApiAnswer)> ControlPlane::audited(const ApiCall& call, std::function<void(ApiAnswer)> done) const {
  return [this, caller = call.caller, note = call.context.note, from = call.context.source_ip,
          id = call.context.request_id, operation = call.operation, done = std::move(done)](ApiAnswer answer) {
    const std::string action = "kinesisvideo:" + std::string(to_string(operation));
    parts_.audit->write({.event = "call",
                         .principal = caller.get(),
                         .from = from,
                         .action = action,
                         .resource = note->resource,
                         .allowed = note->allowed,
                         .why = note->why,
                         .error = answer.error_type,
                         .request_id = id});
    done(std::move(answer));
  };
}

void ControlPlane::advise(const IceQuestion& question, std::function<void(Result<std::vector<IceServer>>)> done) const {
  if (parts_.ice_advisor == nullptr) return done(std::vector<IceServer>{});
  parts_.ice_advisor->advise(question, std::move(done));
}

void ControlPlane::begin(const ApiCall& call, const std::function<void(ApiAnswer)>& done, bool is_advised) const {
  const OperationRow& row = row_of(call.operation);
  const std::string& id = call.context.request_id;
  auto body = api::parse_body(call.body);
  if (!body) return done(to_answer(row.operation, id, std::move(body).error()));
  const ControlPlaneConfig now = config();
  const api::Request request{*body, call.context, parts_, now};
  if (auto admitted = admit(row, call, request); !admitted)
    return done(to_answer(row.operation, id, std::move(admitted).error()));
  const api::Finish finish = [this, operation = row.operation, id, done](Result<std::string> result) {
    done(to_answer(operation, id, std::move(result)));
  };
  if (row.start != nullptr) return row.start(request, finish);
  Result<std::string> result = row.run(request);
  if (!is_advised || row.operation != Operation::kGetIceServerConfig || !result) return finish(std::move(result));
  advise(api::to_ice_question(request, call.caller),
         [finish, note = call.context.note, answer = *std::move(result)](const Result<std::vector<IceServer>>& more) {
           if (!more) note_veto(note, more.error());
           finish(more ? Result<std::string>(api::with_ice_servers(answer, *more)) : Result<std::string>(more.error()));
         });
}

ApiAnswer ControlPlane::to_answer(Operation operation, const std::string& request_id,
                                  Result<std::string> result) const {
  if (result) return {200, {}, *std::move(result)};
  const Error& error = result.error();
  auto answer = wire::to_http(error, surface_of(operation));
  if (answer.status >= 500 && error.code != Errc::kServiceUnavailable) {
    parts_.log.write(LogLevel::kError, "request failed",
                     {{"operation", to_string(operation)}, {"request_id", request_id}, {"error", error.detail}});
  }
  if (error.code == Errc::kClientLimitExceeded) answer.status = config_.throttle_status;
  return {answer.status, answer.type, std::move(answer.body)};
}

}  // namespace heliograph::server
