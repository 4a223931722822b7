// Options, then the environment, then AWS's rules. Source of the variables: AWS SDKs and Tools reference,
// "Service-specific endpoints" and "Dual-stack and FIPS endpoints".
#include "sdk/channel/settings.hpp"

#include <utility>

#include "base/for_ever.hpp"
#include "heliograph/endpoint.hpp"
#include "sdk/credentials/environment.hpp"
#include "sdk/credentials/quote.hpp"

namespace heliograph::sdk {
namespace {

using Variable = std::function<std::string(const char*)>;

/// The first that is not empty.
std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return {};
}

Result<net::HttpUrl> parse_endpoint(const char* what, const std::string& text) {
  auto url = net::parse_http_url(text);
  if (!url)
    return Error{url.error().code, std::string("the ") + what + " '" + quote_url(text) + "': " + url.error().detail};
  if (url->target.find('?') != std::string::npos)
    return Error{Errc::kInvalidArgument,
                 std::string("the ") + what + " '" + quote_url(text) + "' must not have a query"};
  while (url->target.ends_with('/')) url->target.pop_back();
  return url;
}

Result<void> check(const ChannelClient::Options& options) {
  const auto wrong = [](const char* why) { return Error{Errc::kInvalidArgument, why}; };
  if (!options.credentials) return wrong("there are no credentials to sign with; set Options::credentials");
  if (options.region.empty())
    return wrong("there is no region; set Options::region, AWS_REGION, or the region of the profile");
  if (options.max_attempts < 1) return wrong("max_attempts must be at least 1");
  const auto is_time = [](std::chrono::milliseconds time) { return time.count() > 0; };
  if (!is_time(options.connect_timeout) || !is_time(options.call_timeout) || !is_time(options.total_timeout))
    return wrong("timeouts must be longer than nothing");
  if (options.retry_base.count() < 0 || options.retry_cap.count() < 0 || options.endpoint_life.count() < 0 ||
      options.ice_grace.count() < 0)
    return wrong("waits and lives must not be negative");
  return {};
}

void bound(ChannelClient::Options& options) {
  for (auto* time : {&options.connect_timeout, &options.call_timeout, &options.total_timeout, &options.retry_base,
                     &options.retry_cap})
    *time = at_most_for_ever(*time);
  for (auto* time : {&options.endpoint_life, &options.ice_grace}) *time = at_most_for_ever(*time);
}

Result<void> find_control_plane(ChannelSettings& settings) {
  ChannelClient::Options& options = settings.options;
  const EndpointChoice choice{options.region, *options.use_fips, *options.use_dualstack};
  if (options.endpoint.empty()) {
    auto endpoint = control_plane_endpoint(choice);
    if (!endpoint) return endpoint.error();
    options.endpoint = *std::move(endpoint);
    auto stun = stun_uri(choice);
    if (!stun) return stun.error();
    settings.stun_uri = *std::move(stun);
  } else if (choice.fips || choice.dualstack) {
    // As the SDKs' rules: who asks for FIPS must not be served by something else without a word.
    return Error{Errc::kInvalidArgument, std::string(choice.fips ? "FIPS" : "dual-stack") +
                                             " and the custom endpoint '" + quote_url(options.endpoint) +
                                             "' do not go together; leave one of them out"};
  }
  auto url = parse_endpoint("endpoint", options.endpoint);
  if (!url) return url.error();
  settings.control_plane = *std::move(url);
  return {};
}

Result<std::optional<net::HttpUrl>> find_other(const char* what, const std::string& text) {
  if (text.empty()) return std::optional<net::HttpUrl>();
  auto url = parse_endpoint(what, text);
  if (!url) return url.error();
  return std::optional(*std::move(url));
}

}  // namespace

Result<ChannelSettings> to_settings(ChannelClient::Options options, const Variable& variable,
                                    const Result<ProfileEndpoints>& profile) {
  const ProfileEndpoints said = profile.value_or(ProfileEndpoints{});
  // A variable that is set counts before the profile, whatever it says.
  const auto setting = [&](const char* name, bool of_profile) {
    const std::string text = variable(name);
    return text.empty() ? of_profile : is_true(text);
  };
  const bool is_plain = setting("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", said.are_ignored);
  const auto configured = [&](const std::string& text) { return is_plain ? std::string{} : text; };
  const auto configured_by = [&](const char* name) { return configured(variable(name)); };
  options.region = first_of({options.region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION")});
  options.endpoint =
      first_of({options.endpoint, configured_by("AWS_ENDPOINT_URL_KINESIS_VIDEO"), configured_by("AWS_ENDPOINT_URL")});
  if (options.endpoint.empty() && !profile) return profile.error();
  options.endpoint = first_of({options.endpoint, configured(said.control_plane)});
  options.signaling_endpoint =
      first_of({options.signaling_endpoint, configured_by("AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING"),
                configured(said.signaling)});
  options.storage_endpoint =
      first_of({options.storage_endpoint, configured_by("AWS_ENDPOINT_URL_KINESIS_VIDEO_WEBRTC_STORAGE"),
                configured(said.storage)});
  if (!options.use_fips) options.use_fips = setting("AWS_USE_FIPS_ENDPOINT", said.use_fips);
  if (!options.use_dualstack) options.use_dualstack = setting("AWS_USE_DUALSTACK_ENDPOINT", said.use_dualstack);
  if (const auto checked = check(options); !checked) return checked.error();
  bound(options);

  ChannelSettings settings;
  settings.options = std::move(options);
  if (const auto found = find_control_plane(settings); !found) return found.error();
  auto signaling = find_other("signaling endpoint", settings.options.signaling_endpoint);
  if (!signaling) return signaling.error();
  settings.signaling = *std::move(signaling);
  auto storage = find_other("storage endpoint", settings.options.storage_endpoint);
  if (!storage) return storage.error();
  settings.storage = *std::move(storage);
  return settings;
}

net::HttpUrl with_path(net::HttpUrl base, std::string_view path) {
  while (base.target.ends_with('/')) base.target.pop_back();
  base.target += path;
  return base;
}

}  // namespace heliograph::sdk
