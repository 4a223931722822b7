// Naming hosts.
#include "sdk/credentials/aws_endpoint.hpp"

#include <algorithm>

#include "sdk/credentials/quote.hpp"
#include "wire/partition.hpp"

namespace heliograph::sdk {
namespace {

Result<net::HttpUrl> parse_named(const std::string& text, const std::string& who) {
  auto url = net::parse_http_url(text);
  if (!url) return Error{Errc::kInvalidArgument, who + ": " + url.error().detail};
  return url;
}

std::string host_of(const EndpointQuery& query, const ReadVariable& variable) {
  if (query.region.empty()) return query.service + ".amazonaws.com";
  const wire::Partition& partition = wire::find_partition(query.region);
  const bool dual_stack = is_true(variable("AWS_USE_DUALSTACK_ENDPOINT"));
  std::string name = query.service;
  // In GovCloud the ordinary endpoints of STS are the validated ones.
  if (is_true(variable("AWS_USE_FIPS_ENDPOINT")) && !(query.service == "sts" && query.region.starts_with("us-gov-")))
    name += "-fips";
  return name + "." + query.region + "." + std::string(dual_stack ? partition.dual_stack_suffix : partition.suffix);
}

}  // namespace

bool is_region(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Result<net::HttpUrl> find_endpoint(const EndpointQuery& query, const ReadVariable& variable) {
  if (!query.given.empty()) return parse_named(query.given, "the endpoint");
  if (!is_true(variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
    for (const std::string& name : {"AWS_ENDPOINT_URL_" + query.variable, std::string("AWS_ENDPOINT_URL")}) {
      const std::string text = variable(name.c_str());
      if (!text.empty()) return parse_named(text, name);
    }
    if (!query.profile.empty()) return parse_named(query.profile, "the profile's endpoint_url");
  }
  if (!query.region.empty() && !is_region(query.region))
    return Error{Errc::kInvalidArgument, "the region is none: " + quote(query.region)};
  return net::parse_http_url("https://" + host_of(query, variable) + "/");
}

}  // namespace heliograph::sdk
