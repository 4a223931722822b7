// A name becomes an ARN, an ARN an endpoint, and an endpoint a URL.
#include "cli/sign_command.hpp"

#include <boost/json.hpp>

#include "cli/call/media_flags.hpp"
#include "cli/channel_commands.hpp"
#include "cli/client/presign.hpp"
#include "cli/client/sdk_service.hpp"
#include "wire/names.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;
constexpr std::string_view kPresign = "/_heliograph/v1/admin/presign";

bool is_arn(const std::string& channel) { return channel.starts_with("arn:"); }

/// Has a heliographd sign, unsigned.
Result<SignedUrl> ask_service(const SdkService& service, const SignQuestion& question, Role role,
                              const std::string& client) {
  json::object wish{{is_arn(question.channel) ? "channelArn" : "channelName", question.channel},
                    {"role", to_string(role)},
                    {"expiresIn", question.expires}};
  if (!client.empty()) wish["clientId"] = client;
  const auto answer = call(*service.daemon, service.channels->endpoint(), kPresign, wish);
  if (!answer) return answer.error();
  return SignedUrl{text_of(*answer, "url"), "the service", service.said};
}

Result<SignedUrl> sign_here(const SdkService& service, const SignQuestion& question, Role role,
                            const std::string& client) {
  const auto key = credentials_of(service);
  if (!key) return key.error();
  std::string arn = question.channel;
  if (!is_arn(arn)) {
    auto found = find_channel(*service.channels, arn);
    if (!found) return found.error();
    arn = std::move(found->arn);
  }
  const auto endpoints =
      service.channels->get_endpoints({.channel = arn, .role = role, .protocols = {ChannelProtocol::kWss}});
  if (!endpoints) return endpoints.error();
  auto url = presign(service, *key, endpoints->wss,
                     {.arn = arn, .client = client, .expires = std::chrono::seconds(question.expires)});
  if (!url) return url.error();
  return SignedUrl{*std::move(url), key->access_key_id, service.said};
}

}  // namespace

Result<SignedUrl> sign_for(const SignQuestion& question, const ServiceOptions& options) {
  const Role role = question.role == "master" ? Role::kMaster : Role::kViewer;
  const bool is_master = role == Role::kMaster;
  if (is_master && !question.client.empty())
    return Error{Errc::kInvalidArgument, "--client-id makes a viewer of who presents it; leave it out for a master"};
  const std::string client = is_master ? "" : question.client.empty() ? random_client_id() : question.client;
  if (!is_master && !wire::is_client_id(client))
    return Error{Errc::kInvalidArgument,
                 "--client-id must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  const auto service = open_service(options, {.is_plain = question.is_plain});
  if (!service) return service.error();
  if (!service->daemon || service->daemon->key || !is_heliographd(*service->daemon).value_or(false))
    return sign_here(*service, question, role, client);
  auto by_service = ask_service(*service, question, role, client);
  // Off loopback it signs for nobody; other sources of keys are asked last, since they take their time.
  if (by_service || by_service.error().code == Errc::kInvalidArgument ||
      by_service.error().code == Errc::kResourceNotFound)
    return by_service;
  auto here = sign_here(*service, question, role, client);
  if (!here && here.error().code == Errc::kMissingAuthenticationToken) return by_service;
  return here;
}

}  // namespace heliograph::cli
