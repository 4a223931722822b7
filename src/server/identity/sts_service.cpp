// From a form to an outcome: who asks, on which thread, and what is told about it.
#include "server/identity/sts_service.hpp"

#include <array>
#include <optional>

#include "server/answers.hpp"
#include "wire/form.hpp"
#include "wire/names.hpp"

namespace heliograph::server::identity {
namespace {

constexpr std::string_view kVersion = "2011-06-15";
constexpr std::string_view kUnsigned = "AssumeRoleWithWebIdentity";
constexpr std::array<std::string_view, 4> kActions{"GetCallerIdentity", "GetSessionToken", "AssumeRole", kUnsigned};

const std::string& value_of(const std::map<std::string, std::string>& form, const std::string& name) {
  static const std::string none;
  const auto found = form.find(name);
  return found == form.end() ? none : found->second;
}

/// The Action, if it is one of ours.
std::variant<std::string, StsFailure> read_action(const std::map<std::string, std::string>& form) {
  const std::string& action = value_of(form, "Action");
  if (value_of(form, "Version") != kVersion || std::find(kActions.begin(), kActions.end(), action) == kActions.end())
    return StsFailure{400, "InvalidAction",
                      "Could not find operation " + action.substr(0, 64) + " for version " +
                          value_of(form, "Version").substr(0, 16) +
                          "; there are GetCallerIdentity, GetSessionToken, AssumeRole and AssumeRoleWithWebIdentity of "
                          "version 2011-06-15"};
  return action;
}

}  // namespace

void StsService::audit(const Call& call, const StsOutcome& outcome) const {
  const auto* failure = std::get_if<StsFailure>(&outcome);
  parts_.log.write(LogLevel::kInfo, call.action,
                   {{"status", failure == nullptr ? "200" : std::to_string(failure->status)},
                    {"error", failure == nullptr ? std::string_view{} : failure->code},
                    {"by", call.caller == nullptr ? std::string_view{} : std::string_view(call.caller->name)},
                    {"request_id", call.context.request_id}});
  if (parts_.audit == nullptr) return;
  const std::string& why = call.context.note->why;
  parts_.audit->write({.event = "sts",
                       .principal = call.caller.get(),
                       .from = call.context.source_ip,
                       .action = "sts:" + call.action,
                       .resource = value_of(call.form, "RoleArn"),
                       .allowed = failure == nullptr,
                       .why = failure != nullptr && why.empty() ? std::string_view(failure->message) : why,
                       .error = failure == nullptr ? std::string_view{} : failure->code,
                       .request_id = call.context.request_id});
}

void StsService::on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) {
  auto form = wire::parse_form(request.body);
  if (!form) return reply(to_response({}, to_sts_failure(form.error()), request_id));
  auto action = read_action(*form);
  if (auto* failure = std::get_if<StsFailure>(&action)) return reply(to_response({}, std::move(*failure), request_id));

  Call call{std::get<std::string>(std::move(action)), *std::move(form), nullptr,
            to_context(request, request_id, parts_.clock)};
  call.context.note = std::make_shared<AccessNote>();
  if (call.action != kUnsigned) {
    auto caller = parts_.authenticator.authenticate(request, request_id, "sts");
    if (!caller) {
      const StsOutcome outcome = to_sts_failure(caller.error());
      if (parts_.audit != nullptr)
        parts_.audit->write({.event = "sts",
                             .key_id = claimed_key(request),
                             .from = request.peer.address,
                             .action = "sts:" + call.action,
                             .error = std::get<StsFailure>(outcome).code,
                             .request_id = request_id});
      return reply(to_response(call.action, outcome, request_id));
    }
    call.caller = *std::move(caller);
  }
  const bool taken = parts_.executor.try_post(
      [this, call = std::make_shared<const Call>(std::move(call)), reply]() {
        carry_out(call, [this, call, reply](const StsOutcome& outcome) {
          audit(*call, outcome);
          reply(to_response(call->action, outcome, call->context.request_id));
        });
      },
      [this, reply, request_id](const char* why) {
        parts_.log.write(LogLevel::kError, "request failed", {{"request_id", request_id}, {"error", why}});
        reply(to_response({}, to_sts_failure({Errc::kInternalFailure, {}}), request_id));
      });
  if (!taken) reply(to_response({}, to_sts_failure({Errc::kServiceUnavailable, {}}), request_id));
}

void StsService::carry_out(const CallPtr& call, const Done& done) const {
  if (call->action == "GetCallerIdentity") return done(get_caller_identity(*call));
  if (call->action == "GetSessionToken") return done(get_session_token(*call));
  if (call->action == "AssumeRole") return done(assume_role(*call));
  assume_role_with_web_identity(call, done);
}

}  // namespace heliograph::server::identity
