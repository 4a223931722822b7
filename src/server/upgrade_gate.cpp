// From an upgrade request to a place in a channel.
#include "server/upgrade_gate.hpp"

#include "server/answers.hpp"
#include "wire/arn.hpp"
#include "wire/names.hpp"
#include "wire/uri.hpp"

namespace heliograph::server {
namespace {

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

Result<void> UpgradeGate::check_rate(const ConnectQuery& query) {
  const auto arn = wire::parse_arn(query.channel.view());
  return parts_.throttle.on_connect(parts_.clock.steady_now(), query.role, arn ? arn->name : query.channel.view());
}

void UpgradeGate::log_refusal(const ConnectQuery& query, const Error& why) {
  const auto held_back = gate_.try_pass(parts_.clock.steady_now());
  if (!held_back) return;
  parts_.log.write(LogLevel::kInfo, "connect refused",
                   {{"role", wire::to_string(query.role)},
                    {"client", query.client.view()},
                    {"channel", query.channel.view()},
                    {"why", why.detail},
                    {"held_back", std::to_string(*held_back)}});
}

void UpgradeGate::decide(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply) {
  const auto caller = parts_.authenticator.authenticate(request);
  if (!caller) return reply(refusal(caller.error()));
  auto query = parse_connect_query(request.target);
  if (!query) return reply(refusal(query.error()));
  if (const auto paced = check_rate(*query); !paced) {
    log_refusal(*query, paced.error());
    return reply(refusal(paced.error()));
  }

  auto admit = [this, conn, query = std::move(*query), reply]() {
    const auto channel = parts_.store.channel_by_arn(query.channel);
    if (!channel) {
      if (channel.error().code != Errc::kResourceNotFound)
        parts_.log.write(LogLevel::kError, "channel lookup failed", {{"why", channel.error().detail}});
      return reply(refusal(channel.error()));
    }
    const auto tag = parts_.signaling.admit({conn, query.channel, query.role, query.client, channel->message_ttl});
    if (!tag) {
      log_refusal(query, tag.error());
      return reply(refusal(tag.error()));
    }
    reply(net::AcceptUpgrade{*tag});
  };
  auto on_failure = [this, reply](const char* why) {
    parts_.log.write(LogLevel::kError, "connection failed", {{"why", why}});
    reply(refusal({Errc::kInternalFailure, {}}));
  };
  if (!parts_.executor.try_post(std::move(admit), std::move(on_failure)))
    reply(refusal({Errc::kServiceUnavailable, "too much work is waiting for the store"}));
}

}  // namespace heliograph::server
