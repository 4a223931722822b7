// Where AWS services are: the host of a service in a region, and who may say otherwise.
#pragma once

#include <string>
#include <string_view>

#include "net/http_url.hpp"
#include "sdk/credentials/environment.hpp"

namespace heliograph::sdk {

/// A region's name: letters, digits and hyphens. Whatever else would make another host of an endpoint.
[[nodiscard]] bool is_region(std::string_view text) noexcept;

struct EndpointQuery {
  std::string service;    ///< "sts", as it stands in the host.
  std::string variable;   ///< "STS", as in AWS_ENDPOINT_URL_STS.
  std::string region;     ///< Empty: the service's global endpoint.
  std::string given{};    ///< By whoever asks; counts before everything.
  std::string profile{};  ///< By a profile (endpoint_url); counts after the variables.
};

/// The service's endpoint: the one given, AWS_ENDPOINT_URL_<service>, AWS_ENDPOINT_URL (both unless
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true), the profile's, else the region's, by AWS_USE_FIPS_ENDPOINT and
/// AWS_USE_DUALSTACK_ENDPOINT. Fails with kInvalidArgument, naming who said what.
[[nodiscard]] Result<net::HttpUrl> find_endpoint(const EndpointQuery& query, const ReadVariable& variable);

}  // namespace heliograph::sdk
