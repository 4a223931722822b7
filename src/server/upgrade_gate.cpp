// From an upgrade request to a place in a channel.
#include "server/upgrade_gate.hpp"

#include <variant>

#include "server/answers.hpp"
#include "wire/arn.hpp"
#include "wire/names.hpp"
#include "wire/uri.hpp"

namespace heliograph::server {
namespace {

std::string_view action_of(wire::Role role) noexcept {
  return role == wire::Role::kMaster ? "ConnectAsMaster" : "ConnectAsViewer";
}

/// What the audit log says of a decision beside its reasons.
std::string error_type_of(const net::UpgradeDecision& decision) {
  if (const auto* response = std::get_if<net::HttpResponse>(&decision))
    for (const net::HttpHeader& header : response->headers)
      if (header.name == "x-amzn-ErrorType") return header.value;
  return {};
}

net::HttpResponse refusal(const Error& error) { return error_response(error, wire::Surface::kHandshake); }

}  // namespace

Result<ConnectQuery> parse_connect_query(std::string_view target) {
  const auto parameters = wire::Query::parse(wire::split_target(target).query);
  if (!parameters) return Error{Errc::kInvalidArgument, parameters.error().detail};
  const auto arn = parameters->find("X-Amz-ChannelARN");
  if (!arn) return Error{Errc::kInvalidArgument, "X-Amz-ChannelARN is missing from the query"};
  if (!wire::parse_arn(*arn))
    return Error{Errc::kInvalidArgument, "X-Amz-ChannelARN is not the ARN of a signaling channel"};
  const auto client = parameters->find("X-Amz-ClientId");
  if (client && !wire::is_client_id(*client))
    return Error{Errc::kInvalidArgument,
                 "X-Amz-ClientId must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  return ConnectQuery{ChannelArn(std::string(*arn)), client ? wire::Role::kViewer : wire::Role::kMaster,
                      ClientId(std::string(client.value_or(std::string_view{})))};
}

void UpgradeGate::refuse(const Error& error, const net::UpgradeReply& reply) const {
  net::HttpResponse response = refusal(error);
  // What is our fault, the peer hears in general terms only.
  if (response.status >= 500) parts_.log.write(LogLevel::kError, "connection failed", {{"why", error.detail}});
  reply(std::move(response));
}

void UpgradeGate::turn_away(const ConnectQuery& query, const Error& why, const net::UpgradeReply& reply) {
  if (const auto held_back = gate_.try_pass(parts_.clock.steady_now())) {
    parts_.log.write(LogLevel::kInfo, "connect refused",
                     {{"role", wire::to_string(query.role)},
                      {"client", query.client.view()},
                      {"channel", query.channel.view()},
                      {"why", why.detail},
                      {"held_back", std::to_string(*held_back)}});
  }
  refuse(why, reply);
}

void UpgradeGate::admit(ConnId conn, const PrincipalPtr& caller, const ConnectQuery& query,
                        const RequestContext& context, const net::UpgradeReply& reply) {
  const std::string_view action = action_of(query.role);
  const auto allowed = parts_.authorizer.authorize(*caller, action, {query.channel.str()}, context);
  if (!allowed) return refuse(allowed.error(), reply);
  const auto channel = parts_.store.channel_by_arn(query.channel);
  if (!channel) return refuse(channel.error(), reply);
  // Who may not connect uses up nobody's rate.
  if (const auto paced = parts_.throttle.on_connect(context.at, query.role, channel->name); !paced)
    return turn_away(query, paced.error(), reply);
  const bool is_mesh = channel->type == store::ChannelType::kFullMesh;
  const core::Join join{conn, query.channel, query.role, query.client, channel->message_ttl, is_mesh};
  const auto facts = std::make_shared<const events::ConnectionFacts>(
      events::ConnectionFacts{.conn = conn,
                              .channel = query.channel,
                              .role = query.role,
                              .client = query.client,
                              .since = context.now,
                              .address = context.source_ip,
                              .user_agent = context.user_agent.substr(0, events::ConnectionFacts::kMaxUserAgent),
                              .principal = caller});
  if (parts_.guard == nullptr) return seat(join, facts, reply);
  parts_.guard->check(*facts, [this, join, facts, reply](const Result<void>& answer) {
    if (answer) return seat(join, facts, reply);
    turn_away({join.channel, join.role, join.client}, answer.error(), reply);
  });
}

void UpgradeGate::seat(const core::Join& join, const events::FactsPtr& facts, const net::UpgradeReply& reply) {
  const auto tag = parts_.signaling.admit(join, facts);
  if (!tag) return turn_away({join.channel, join.role, join.client}, tag.error(), reply);
  // Looked at behind the admission: whoever takes a key away first bars it, then ends those who are in.
  if (parts_.guard != nullptr && parts_.guard->is_barred(*facts)) {
    parts_.signaling.withdraw(join.conn, *tag);
    return refuse({Errc::kUnrecognizedClient, {}}, reply);
  }
  reply(net::AcceptUpgrade{*tag});
}

net::UpgradeReply UpgradeGate::audited(const net::HttpRequest& request, PrincipalPtr caller,
                                       std::shared_ptr<AccessNote> note, std::string action, std::string channel,
                                       std::string request_id, net::UpgradeReply reply) const {
  return [this, caller = std::move(caller), note = std::move(note), key = std::string(claimed_key(request)),
          from = request.peer.address, action = std::move(action), channel = std::move(channel),
          id = std::move(request_id), reply = std::move(reply)](net::UpgradeDecision decision) {
    const std::string error = error_type_of(decision);
    parts_.audit->write({.event = "connect",
                         .principal = caller.get(),
                         .key_id = key,
                         .from = from,
                         .action = action,
                         .resource = channel,
                         .allowed = note != nullptr && note->why.starts_with("allowed"),
                         .why = note == nullptr ? std::string_view{} : note->why,
                         .error = error,
                         .request_id = id});
    reply(std::move(decision));
  };
}

void UpgradeGate::decide(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply,
                         std::string request_id) {
  const auto caller = parts_.authenticator.authenticate(request, request_id);
  auto query = parse_connect_query(request.target);
  RequestContext context = to_context(request, request_id, parts_.clock);
  if (parts_.audit != nullptr) {
    if (caller) context.note = std::make_shared<AccessNote>();
    reply = audited(request, caller ? *caller : nullptr, context.note,
                    "kinesisvideo:" + std::string(query ? action_of(query->role) : "Connect"),
                    query ? query->channel.str() : std::string(), std::move(request_id), std::move(reply));
  }
  if (!caller) return refuse(caller.error(), reply);
  if (!query) return refuse(query.error(), reply);

  auto work = [this, conn, caller = *caller, query = std::move(*query), context = std::move(context), reply]() {
    admit(conn, caller, query, context, reply);
  };
  auto on_failure = [this, reply](const char* why) { refuse({Errc::kInternalFailure, why}, reply); };
  if (!parts_.executor.try_post(std::move(work), std::move(on_failure)))
    reply(refusal({Errc::kServiceUnavailable, {}}));  // Not logged: it comes in floods.
}

}  // namespace heliograph::server
