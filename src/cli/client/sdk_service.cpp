// From flags to a ChannelClient.
#include "cli/client/sdk_service.hpp"

#include <cstdio>
#include <cstdlib>
#include <future>

#include "heliograph/credential_sources.hpp"

namespace heliograph::cli {
namespace {

LogHandler log_to_stderr(bool is_verbose) {
  return [is_verbose](LogLevel level, std::string_view line) {
    if (!is_verbose && level != LogLevel::kError) return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  };
}

Credentials to_credentials(const wire::SigningCredential& key) {
  return {.access_key_id = key.access_key_id,
          .secret_access_key = key.secret_access_key,
          .session_token = key.session_token,
          .expires = std::nullopt};
}

/// What find_service() found, as options; the key of its data directory or environment, else what the AWS SDKs find.
Result<std::string> use_daemon(const ServiceOptions& options, const SdkWishes& wishes, SdkService& found,
                               ChannelClient::Options& client) {
  auto service = find_service(options);
  if (!service && service.error().code == Errc::kResourceNotFound)
    return Error{Errc::kResourceNotFound, service.error().detail + "; --aws is for Amazon's service"};
  if (!service) return service.error();
  if (service->key_problem) return service->no_key();
  client.endpoint = wishes.is_plain && !service->http.empty() ? service->http : service->any();
  client.region = service->region;
  if (service->is_local) client.use_fips = client.use_dualstack = false;  // Of Amazon's endpoints only.
  if (service->key) client.credentials = static_credentials(to_credentials(*service->key));
  const std::string ca = service->trust.ca_file;
  found.said = service->name();
  found.daemon = *std::move(service);
  return ca;
}

Error no_region(const ServiceOptions& options) {
  return {Errc::kInvalidArgument,
          std::string("which service? ") +
              (options.is_aws ? ""
                              : "No heliographd runs with " + std::filesystem::absolute(options.data_dir).string() +
                                    ": start heliographd, name its data directory (--data) or its --endpoint. ") +
              "For Amazon's say --region or set AWS_REGION"};
}

}  // namespace

SdkService::~SdkService() {
  channels.reset();
  if (!loop || has_executor) return;
  const auto done = std::make_shared<std::promise<void>>();
  auto rest = done->get_future();
  loop->post([done]() { done->set_value(); });
  rest.wait_for(std::chrono::seconds(2));
}

ServiceRule choose_rule(const ServiceOptions& options, bool has_data) noexcept {
  if (options.is_aws) return ServiceRule::kSdk;
  if (!options.endpoint.empty()) return ServiceRule::kEndpoint;
  return has_data || options.is_data_given ? ServiceRule::kData : ServiceRule::kSdk;
}

Result<SdkService> open_service(const ServiceOptions& options, const SdkWishes& wishes) {
  SdkService found;
  ChannelClient::Options client;
  std::string ca_file = ca_file_of(options);
  std::error_code problem;
  // One that cannot be looked at is there: find_service() says what keeps from reading it.
  const bool has_data = std::filesystem::exists(options.data_dir / "runtime.json", problem) || problem;
  const auto rule = choose_rule(options, has_data);
  if (rule == ServiceRule::kSdk) {
    client.region = options.region.empty() ? default_region() : options.region;
    if (client.region.empty()) return no_region(options);
  } else {
    auto ca = use_daemon(options, wishes, found, client);
    if (!ca) return ca.error();
    ca_file = *std::move(ca);
  }
  found.trust.ca_file = ca_file;
  auto loop = EventLoop::create(
      {.executor = wishes.executor, .log = log_to_stderr(wishes.is_verbose), .ca_file = std::move(ca_file)});
  if (!loop) return loop.error();
  found.loop = *loop;
  found.has_executor = wishes.executor != nullptr;
  client.loop = *loop;
  if (!client.credentials) client.credentials = default_credentials({.loop = *loop, .profile = {}});
  auto channels = ChannelClient::create(std::move(client));
  if (!channels) return channels.error();
  found.channels = *std::move(channels);
  if (rule == ServiceRule::kSdk) {
    const std::string& endpoint = found.channels->endpoint();
    const bool is_amazon = endpoint.find(".amazonaws.com") != std::string::npos;
    found.said = (is_amazon ? "Amazon Kinesis Video Streams at " : "") + endpoint + " (region " +
                 found.channels->region() + (is_amazon ? ")" : ", by AWS_ENDPOINT_URL…)");
  }
  return found;
}

}  // namespace heliograph::cli
