// Requests of the administrator.
#include "server/edge/edge.hpp"

#include <boost/json.hpp>

#include "server/answers.hpp"
#include "server/api/host_header.hpp"
#include "server/console_body.hpp"
#include "wire/date.hpp"
#include "wire/names.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::server {
namespace {

namespace json = boost::json;

net::HttpResponse refusal(const Error& error) { return error_response(error, wire::Surface::kStorage); }
net::HttpResponse refusal(Errc code, std::string detail) { return refusal(Error{code, std::move(detail)}); }

Result<store::Channel> find_channel(const store::Store& store, const json::object& body) {
  if (const auto arn = text_of(body, "channelArn"); !arn.empty()) return store.channel_by_arn(ChannelArn(arn));
  if (const auto name = text_of(body, "channelName"); !name.empty()) return store.channel_by_name(name);
  return Error{Errc::kInvalidArgument, "channelName or channelArn must say which channel"};
}

struct Wish {
  std::string client;
  std::chrono::seconds expires{299};
};

Result<Wish> parse_wish(const json::object& body) {
  Wish wish{.client = text_of(body, "clientId")};
  const std::string role = text_of(body, "role");
  if (role != "MASTER" && role != "VIEWER") return Error{Errc::kInvalidArgument, "role must be MASTER or VIEWER"};
  if (role == "MASTER" && !wish.client.empty())
    return Error{Errc::kInvalidArgument, "clientId makes a viewer of who presents it; leave it out for a master"};
  if (role == "VIEWER" && !wire::is_client_id(wish.client))
    return Error{Errc::kInvalidArgument,
                 "clientId must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  if (const auto* expires = body.if_contains("expiresIn")) {
    if (!expires->is_int64()) return Error{Errc::kInvalidArgument, "expiresIn must be a number of seconds"};
    wish.expires = std::chrono::seconds(expires->get_int64());
  }
  return wish;
}

}  // namespace

std::vector<AdminRoute> Edge::routes() {
  const auto to = [this](auto handler) {
    return
        [this, handler](const net::HttpRequest& request, const net::Reply& reply) { (this->*handler)(request, reply); };
  };
  return {{"GET", "refusals", [this](const net::HttpRequest&, const net::Reply& reply) { tell_refusals(reply); }},
          {"GET", "refusals/", to(&Edge::tell_refusal)},
          {"POST", "relay/revoke", to(&Edge::revoke)},
          {"POST", "presign", to(&Edge::presign)}};
}

void Edge::tell_refusal(const net::HttpRequest& request, const net::Reply& reply) const {
  const std::string_view path = path_of(request.target);
  const auto found = refusals_.find(path.substr(path.rfind('/') + 1));
  if (!found)
    return reply(refusal(Errc::kResourceNotFound, "no refusal with this request id is remembered: the last " +
                                                      std::to_string(RefusalBook::kMost) +
                                                      " are, and of a flood only a few each second"));
  reply(json_response(200, to_json(*found)));
}

void Edge::tell_refusals(const net::Reply& reply) const {
  std::string body = "{\"refusals\":[";
  for (const Refusal& one : refusals_.latest(RefusalBook::kMost))
    body += (body.back() == '[' ? "" : ",") + to_json(one);
  reply(json_response(200, body + "]}"));
}

void Edge::with_channel(const net::HttpRequest& request, const net::Reply& reply,
                        std::function<void(const store::Channel&)> then) {
  const auto body = parse_json_object(request.body);
  if (!body) return reply(refusal(body.error()));
  const bool taken = parts_.executor.try_post(
      [this, body = *body, reply, then = std::move(then)]() {
        const auto channel = find_channel(parts_.store, body);
        if (!channel) return reply(refusal(channel.error()));
        then(*channel);
      },
      [reply](const char*) { reply(refusal(Errc::kInternalFailure, {})); });
  if (!taken) reply(refusal(Errc::kServiceUnavailable, {}));
}

void Edge::revoke(const net::HttpRequest& request, const net::Reply& reply) {
  with_channel(request, reply, [this, reply](const store::Channel& channel) {
    parts_.relays.revoke(channel.arn, [arn = channel.arn, reply](const Result<std::size_t>& ended) {
      if (!ended && ended.error().code == Errc::kInvalidArgument) return reply(refusal(ended.error()));
      json::object answer{{"channelArn", arn.view()}};
      if (ended) {
        answer["allocationsEnded"] = *ended;
      } else {
        answer["allocationsEnded"] = nullptr;
        answer["warning"] =
            "no new allocation is possible, but those there are could not be ended: " + ended.error().detail;
      }
      reply(json_response(200, json::serialize(answer)));
    });
  });
}

void Edge::presign(const net::HttpRequest& request, const net::Reply& reply) {
  const auto body = parse_json_object(request.body);
  if (!body) return reply(refusal(body.error()));
  auto wish = parse_wish(*body);
  if (!wish) return reply(refusal(wish.error()));
  const auto host = api::parse_host_header(request.header("Host"));
  if (!host) return reply(refusal(Errc::kBadRequest, "The Host header must be a host name or address"));
  const std::string endpoint = (request.peer.tls ? "wss://" : "ws://") + std::string(host->authority);
  with_channel(request, reply, [this, reply, endpoint, wish = *std::move(wish)](const store::Channel& channel) {
    std::vector<wire::ParamView> params{{"X-Amz-ChannelARN", channel.arn.view()}};
    if (!wish.client.empty()) params.push_back({"X-Amz-ClientId", wish.client});
    const PrincipalPtr signer = parts_.principals.administrator();
    const WallTime now = parts_.clock.wall_now();
    wire::SigningKeyCache keys(1);
    const auto url = wire::presign_url(
        {.endpoint = endpoint, .params = params, .region = parts_.config.get().region, .expires = wish.expires},
        {signer->id.str(), signer->secret, Secret{}, std::nullopt}, now, keys);
    if (!url) return reply(refusal(url.error()));
    reply(json_response(200, json::serialize(json::object{{"url", *url},
                                                          {"channelArn", channel.arn.view()},
                                                          {"expiresAt", wire::to_amz_date(now + wish.expires)}})));
  });
}

void Edge::on_deleted(const ChannelArn& channel) {
  parts_.next.on_deleted(channel);
  if (parts_.relays.state().is_supervised) parts_.relays.revoke(channel, [](const Result<std::size_t>&) {});
}

}  // namespace heliograph::server
