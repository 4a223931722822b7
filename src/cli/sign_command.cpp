// A name becomes an ARN, an ARN a URL.
#include "cli/sign_command.hpp"

#include <openssl/rand.h>

#include <array>
#include <boost/json.hpp>

#include "cli/client/presign.hpp"
#include "wire/digest.hpp"
#include "wire/names.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;
constexpr std::string_view kPresign = "/_heliograph/v1/admin/presign";

std::string random_client() {
  std::array<std::uint8_t, 5> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return "viewer-" + wire::to_hex(bytes);
}

bool is_arn(const std::string& channel) { return channel.starts_with("arn:"); }

Result<std::string> find_arn(const Service& service, const std::string& endpoint, const std::string& channel) {
  if (is_arn(channel)) return channel;
  const auto answer = call(service, endpoint, "/describeSignalingChannel", {{"ChannelName", channel}});
  if (!answer) return answer.error();
  const auto* info = answer->if_contains("ChannelInfo");
  return info != nullptr && info->is_object() ? text_of(info->get_object(), "ChannelARN") : std::string{};
}

}  // namespace

Result<SignedUrl> sign_url(const SignQuestion& question, const ServiceOptions& options) {
  const bool is_master = question.role == "master";
  if (is_master && !question.client.empty())
    return Error{Errc::kInvalidArgument, "--client-id makes a viewer of who presents it; leave it out for a master"};
  const std::string client = is_master ? "" : question.client.empty() ? random_client() : question.client;
  if (!is_master && !wire::is_client_id(client))
    return Error{Errc::kInvalidArgument,
                 "--client-id must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  const auto service = find_service(options);
  if (!service) return service.error();
  const bool is_tls = service->http.empty() || (!service->https.empty() && !question.is_plain);
  const std::string& endpoint = is_tls ? service->https : service->http;
  if (service->key) {
    const auto arn = find_arn(*service, endpoint, question.channel);
    if (!arn) return arn.error();
    auto url = presign(*service, (is_tls ? "wss" : "ws") + endpoint.substr(endpoint.find(':')),
                       {.arn = *arn, .client = client, .expires = std::chrono::seconds(question.expires)});
    if (!url) return url.error();
    return SignedUrl{*std::move(url), service->key->access_key_id};
  }
  json::object wish{{is_arn(question.channel) ? "channelArn" : "channelName", question.channel},
                    {"role", is_master ? "MASTER" : "VIEWER"},
                    {"expiresIn", question.expires}};
  if (!client.empty()) wish["clientId"] = client;
  const auto answer = call(*service, endpoint, kPresign, wish);
  if (!answer) return answer.error();
  return SignedUrl{text_of(*answer, "url"), "the service"};
}

}  // namespace heliograph::cli
