// Questions and answers.
#include "server/events/authorize_hook.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "server/events/event.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::events {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxReason = 256;
constexpr std::size_t kMaxServers = 10;
constexpr std::size_t kMaxText = 1024;
constexpr std::int64_t kMinTtl = 30;  // The least that all clients take (protocol of GetIceServerConfig).
constexpr std::int64_t kMaxTtl = 86'400;

Error wrong(std::string why) { return {Errc::kInvalidArgument, std::move(why)}; }

Result<std::string> text_of(const json::object& object, std::string_view name, std::size_t most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::string{};
  if (!value->is_string() || value->get_string().size() > most)
    return wrong(std::string(name) + " must be a text of at most " + std::to_string(most) + " bytes");
  return std::string(value->get_string());
}

Result<std::vector<std::string>> urls_of(const json::object& entry) {
  const json::value* urls = entry.if_contains("urls");
  json::array list;
  if (urls != nullptr && urls->is_string()) list.push_back(*urls);
  if (urls != nullptr && urls->is_array()) list = urls->get_array();
  std::vector<std::string> texts;
  for (const json::value& url : list) {
    const std::string text = url.is_string() ? std::string(url.get_string()) : std::string{};
    const bool is_ice = text.starts_with("stun:") || text.starts_with("turn:") || text.starts_with("turns:");
    if (!is_ice || text.size() > kMaxText) return wrong("urls must be stun:, turn: or turns: URIs");
    texts.push_back(text);
  }
  if (texts.empty()) return wrong("an entry of iceServers has no urls");
  return texts;
}

Result<IceServer> server_of(const json::value& value) {
  if (!value.is_object()) return wrong("iceServers must hold objects");
  const json::object& entry = value.get_object();
  auto uris = urls_of(entry);
  if (!uris) return uris.error();
  auto username = text_of(entry, "username", kMaxText);
  if (!username) return username.error();
  auto credential = text_of(entry, "credential", kMaxText);
  if (!credential) return credential.error();
  IceServer server{*std::move(uris), *std::move(username), *std::move(credential), std::chrono::seconds(300)};
  if (const json::value* ttl = entry.if_contains("ttl")) {
    if (!ttl->is_int64() || ttl->get_int64() < kMinTtl || ttl->get_int64() > kMaxTtl)
      return wrong("ttl must be a number of seconds from 30 to 86400");
    server.ttl = std::chrono::seconds(ttl->get_int64());
  }
  return server;
}

std::string to_question(std::string_view action, const ConnectionFacts& facts, WallTime now) {
  std::string out = R"({"type":"authorize","time":")" + to_iso_time(now) + R"(","action":)";
  wire::append_json_string(out, action);
  out += ',';
  append_channel(out, facts.channel.view());
  out += ",\"connection\":";
  append_connection(out, facts, action != AuthorizeHook::kGetIceServerConfig);
  return out + "}";
}

}  // namespace

Result<AuthorizeAnswer> parse_authorize_answer(int status, std::string_view body) {
  if (status != 200) return wrong("the status is " + std::to_string(status) + ", not 200");
  json::error_code error;
  const json::value root = json::parse(body, error);
  if (error || !root.is_object()) return wrong("the body is not a JSON object");
  const json::object& object = root.get_object();
  const json::value* allow = object.if_contains("allow");
  if (allow == nullptr || !allow->is_bool()) return wrong("allow is missing, or neither true nor false");
  AuthorizeAnswer answer{allow->get_bool(), {}, {}};
  auto reason = text_of(object, "reason", kMaxReason);
  if (!reason) return reason.error();
  answer.reason = *std::move(reason);
  const json::value* servers = object.if_contains("iceServers");
  if (servers == nullptr) return answer;
  if (!servers->is_array() || servers->get_array().size() > kMaxServers)
    return wrong("iceServers must be an array of at most " + std::to_string(kMaxServers));
  for (const json::value& one : servers->get_array()) {
    auto server = server_of(one);
    if (!server) return server.error();
    answer.ice_servers.push_back(*std::move(server));
  }
  return answer;
}

void AuthorizeHook::ask(std::string_view action, const ConnectionFacts& facts, Done done) {
  if (in_flight_.fetch_add(1) >= settings_.max_in_flight) {
    in_flight_.fetch_sub(1);
    parts_.meter.busy += 1;
    // Also when silence allows: a flood must not open the door.
    return done(Error{Errc::kServiceUnavailable, "too many questions to the authorization webhook are under way"});
  }
  const WallTime now = parts_.clock.wall_now();
  net::HttpCall call{.url = settings_.url};
  call.timeout = settings_.timeout;
  call.body = to_question(action, facts, now);
  call.headers = {{"Content-Type", "application/json"},
                  {"User-Agent", std::string("heliographd/") + HELIOGRAPH_VERSION},
                  {HookSigner::kHeader, parts_.signer.sign(call.body, now)}};
  parts_.client.start(std::move(call), [this, began = parts_.clock.steady_now(),
                                        done = std::move(done)](const Result<net::HttpReply>& reply) {
    in_flight_.fetch_sub(1);
    on_answer(began, reply, done);
  });
}

void AuthorizeHook::on_answer(SteadyTime began, const Result<net::HttpReply>& reply, const Done& done) {
  parts_.meter.authorize_time.observe(parts_.clock.steady_now() - began);
  // Our own client has gone, because the service goes down: nothing is wrong with the receiver, and nobody is let in.
  if (!reply && reply.error().code == Errc::kClosed)
    return done(Error{Errc::kServiceUnavailable, "the service goes down"});
  if (!reply) return fail(reply.error().detail, done);
  auto answer = parse_authorize_answer(reply->status, reply->body);
  if (!answer) return fail("its answer cannot be read: " + answer.error().detail, done);
  if (!answer->is_allowed) {
    parts_.meter.denied += 1;
    return done(
        Error{Errc::kAccessDenied, answer->reason.empty() ? "the authorization webhook refused" : answer->reason});
  }
  parts_.meter.allowed += 1;
  done(std::move(answer->ice_servers));
}

void AuthorizeHook::fail(const std::string& why, const Done& done) {
  parts_.meter.failed += 1;
  if (const auto held_back = gate_.try_pass(parts_.clock.steady_now()))
    parts_.log.write(LogLevel::kWarning, "authorization webhook failed",
                     {{"url", settings_.url.text()},
                      {"why", why},
                      {"answer", settings_.allow_when_unreachable ? "allow" : "deny"},
                      {"held_back", std::to_string(*held_back)}});
  if (settings_.allow_when_unreachable) return done(std::vector<IceServer>{});
  done(Error{Errc::kServiceUnavailable, "the authorization webhook gave no answer: " + why});
}

}  // namespace heliograph::server::events
