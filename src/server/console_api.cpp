// The console's API, call by call.
#include "server/console_api.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/json.hpp>

#include "server/answers.hpp"
#include "server/console_body.hpp"
#include "server/console_join.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kBase = "/_heliograph/v1/";
/// What a page may have signed: the parameters that say who connects where, nothing that changes the signature itself.
constexpr std::string_view kSignable[] = {"X-Amz-ChannelARN", "X-Amz-ClientId"};

net::HttpResponse refusal(Errc code, std::string detail) {
  return error_response({code, std::move(detail)}, wire::Surface::kStorage);
}

bool equals_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string own_endpoint(const net::HttpRequest& request) {
  return (request.peer.tls ? "wss://" : "ws://") + std::string(request.header("Host"));
}

}  // namespace

PrincipalPtr ConsoleApi::user_of(const net::HttpRequest& request) const {
  const auto key = parts_.access.session_key(request, parts_.clock.steady_now());
  if (key) return parts_.principals.find(key->view());
  return parts_.access.is_open(request) ? parts_.principals.administrator() : nullptr;
}

void ConsoleApi::on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) {
  const std::string_view path = path_of(request.target);
  const std::string_view name = path.starts_with(kBase) ? path.substr(kBase.size()) : std::string_view{};
  if (auto origin = ConsoleAccess::check_origin(request); !origin)
    return reply(refusal(origin.error().code, origin.error().detail));
  const bool is_post = request.method == "POST";
  if (name == "info" && request.method == "GET") return reply(info(request));
  if (name == "login" && is_post) return reply(log_in(request, request_id));
  if (name == "logout" && is_post) {
    net::HttpResponse response{204, {}, {}};
    response.headers.push_back({"Set-Cookie", parts_.access.log_out(request)});
    return reply(std::move(response));
  }
  if (name != "join" && name != "sign")
    return reply(refusal(Errc::kUnknownOperation, "there is no such path in this API"));
  if (!is_post) return reply(refusal(Errc::kMethodNotAllowed, "use POST"));
  PrincipalPtr user = user_of(request);
  RequestContext context = to_context(request, request_id, parts_.clock);
  context.note = std::make_shared<AccessNote>();
  reply = audited(name == "sign" ? "heliograph:Sign" : "heliograph:Join", user, context, std::move(reply));
  if (!user) {
    note_refusal(context.note, "nobody is logged in");
    return reply(refusal(Errc::kLoginRequired, "log in first: POST /_heliograph/v1/login"));
  }
  if (name == "sign") return reply(sign(request, *user, *context.note));
  join(request, user, std::move(context), std::move(reply));
}

net::Reply ConsoleApi::audited(std::string action, PrincipalPtr who, const RequestContext& context,
                               net::Reply reply) const {
  if (parts_.audit == nullptr) return reply;
  return [this, action = std::move(action), who = std::move(who), note = context.note, from = context.source_ip,
          request_id = context.request_id, reply = std::move(reply)](net::HttpResponse response) {
    const auto type = std::find_if(response.headers.begin(), response.headers.end(),
                                   [](const net::HttpHeader& header) { return header.name == "x-amzn-ErrorType"; });
    parts_.audit->write({.event = "console",
                         .principal = who.get(),
                         .from = from,
                         .action = action,
                         .resource = note->resource,
                         .allowed = note->allowed,
                         .why = note->why,
                         .error = type == response.headers.end() ? std::string_view{} : type->value,
                         .request_id = request_id});
    reply(std::move(response));
  };
}

net::HttpResponse ConsoleApi::info(const net::HttpRequest& request) const {
  const bool open = parts_.access.is_open(request);
  const Config& config = parts_.config.get();
  return json_response(200, json::serialize(json::object{
                                {"product", "heliograph"},
                                {"version", HELIOGRAPH_VERSION},
                                {"region", config.region},
                                {"account", config.account},
                                {"limits", config.limits_name},
                                {"loginRequired", !open},
                                {"loggedIn", user_of(request) != nullptr},
                                {"relay", parts_.has_relay},
                            }));
}

void ConsoleApi::audit_sign_in(const net::HttpRequest& request, const std::string& request_id, const Principal* who,
                               std::string_view key) const {
  if (parts_.audit == nullptr) return;
  parts_.audit->write({.event = "sign-in",
                       .principal = who,
                       .key_id = key.substr(0, 128),
                       .from = request.peer.address,
                       .action = "heliograph:SignIn",
                       .allowed = who != nullptr,
                       .why = who != nullptr ? "the secret is right" : "no such access key, or another secret",
                       .request_id = request_id});
}

net::HttpResponse ConsoleApi::log_in(const net::HttpRequest& request, const std::string& request_id) const {
  const auto body = parse_json_object(request.body);
  if (!body) return refusal(body.error().code, body.error().detail);
  const PrincipalPtr principal = parts_.principals.find(text_of(*body, "accessKeyId"));
  const Secret given(text_of(*body, "secretAccessKey"));
  if (principal == nullptr || !equals_secret(principal->secret.reveal(), given.reveal())) {
    audit_sign_in(request, request_id, nullptr, text_of(*body, "accessKeyId"));
    parts_.log.write(LogLevel::kWarning, "console login refused", {{"from", request.peer.address}});
    return refusal(Errc::kAccessDenied, "no such access key, or another secret; both are in the file DATA/credentials");
  }
  audit_sign_in(request, request_id, principal.get(), {});
  parts_.log.write(LogLevel::kInfo, "console login", {{"by", principal->name}, {"from", request.peer.address}});
  net::HttpResponse response{204, {}, {}};
  response.headers.push_back({"Set-Cookie", parts_.access.log_in(request, principal->id, parts_.clock.steady_now())});
  return response;
}

net::HttpResponse ConsoleApi::sign(const net::HttpRequest& request, const Principal& user, AccessNote& note) const {
  const auto body = parse_json_object(request.body);
  if (!body) return refusal(body.error().code, body.error().detail);
  const std::string endpoint = text_of(*body, "endpoint");
  if (endpoint != own_endpoint(request))
    return refusal(Errc::kInvalidArgument, "endpoint must be this service's own: " + own_endpoint(request));
  const auto* asked = body->if_contains("queryParams");
  if (asked == nullptr || !asked->is_object()) return refusal(Errc::kInvalidArgument, "queryParams must be an object");
  std::vector<std::string> values;
  values.reserve(std::size(kSignable));
  std::vector<wire::ParamView> params;
  note.resource = text_of(asked->get_object(), kSignable[0]);
  for (const std::string_view name : kSignable) {
    if (!asked->get_object().contains(name)) continue;
    values.push_back(text_of(asked->get_object(), name));
    params.push_back({name, values.back()});
  }
  if (params.size() != asked->get_object().size())
    return refusal(Errc::kInvalidArgument, "queryParams may hold X-Amz-ChannelARN and X-Amz-ClientId only");
  wire::SigningKeyCache keys(1);
  const auto url =
      wire::presign_url({.endpoint = endpoint, .params = params, .region = parts_.config.get().region},
                        {user.id.str(), user.secret, Secret{}, std::nullopt}, parts_.clock.wall_now(), keys);
  if (!url) return refusal(url.error().code, url.error().detail);
  note.allowed = true;
  note.why = "everybody may sign with the own key";
  return json_response(200, json::serialize(json::object{{"url", *url}}));
}

void ConsoleApi::join(const net::HttpRequest& request, const PrincipalPtr& user, RequestContext context,
                      net::Reply reply) const {
  const bool taken = parts_.executor.try_post(
      [this, body = request.body, user, context = std::move(context), reply]() {
        net::HttpResponse joined =
            join_channel({parts_.control_plane, parts_.config.get().region, parts_.audit}, body, user, context);
        if (joined.status != 200) return reply(std::move(joined));
        const IceQuestion question = to_ice_question(body, joined.body, user, context);
        parts_.control_plane.advise(
            question, [joined, note = context.note, reply](const Result<std::vector<IceServer>>& more) mutable {
              if (!more) {
                note_veto(note, more.error());
                return reply(error_response(more.error(), wire::Surface::kSignaling));
              }
              add_ice_servers(joined, *more);
              reply(std::move(joined));
            });
      },
      [this, reply](const char* why) {
        parts_.log.write(LogLevel::kError, "console join failed", {{"error", why}});
        reply(refusal(Errc::kInternalFailure, {}));
      });
  if (!taken) reply(refusal(Errc::kServiceUnavailable, {}));
}

}  // namespace heliograph::server
