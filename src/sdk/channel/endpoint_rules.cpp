// The endpoint rules, as a table of partitions. Source: the AWS SDKs' rule set of `kinesisvideo` (their
// partitions.json); STUN: the C SDK's ChannelInfo.h and the JavaScript SDK's FipsUtils.
#include <algorithm>
#include <array>

#include "heliograph/endpoint.hpp"
#include "wire/arn.hpp"

namespace heliograph {
namespace {

struct Partition {
  std::string_view name;
  std::string_view suffix;
  std::string_view dualstack_suffix;
};
constexpr std::array kPartitions{
    Partition{"aws", "amazonaws.com", "api.aws"},
    Partition{"aws-us-gov", "amazonaws.com", "api.aws"},
    Partition{"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    Partition{"aws-iso", "c2s.ic.gov", "api.aws.ic.gov"},
    Partition{"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"},
    Partition{"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"},
};

bool is_region_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

/// "kinesisvideo-fips.us-gov-west-1.amazonaws.com"
Result<std::string> host_of(const EndpointChoice& choice) {
  // The SDKs' rules ask for a valid host label: a region goes into names that credentials are sent to.
  const std::string& region = choice.region;
  if (region.empty() || region.size() > 63 || !std::all_of(region.begin(), region.end(), is_region_character) ||
      region.front() == '-' || region.back() == '-') {
    return Error{Errc::kInvalidArgument, "'" + region.substr(0, 100) + "' is no region; write one like us-west-2"};
  }
  const auto* const partition =
      std::find_if(kPartitions.begin(), kPartitions.end(),
                   [name = partition_of_region(region)](const Partition& each) { return each.name == name; });
  std::string host = choice.fips ? "kinesisvideo-fips." : "kinesisvideo.";
  host += region;
  host += '.';
  return host.append(choice.dualstack ? partition->dualstack_suffix : partition->suffix);
}

}  // namespace

std::string_view partition_of_region(std::string_view region) noexcept { return wire::partition_of(region); }

Result<std::string> control_plane_endpoint(const EndpointChoice& choice) {
  const auto host = host_of(choice);
  if (!host) return host.error();
  return "https://" + *host;
}

Result<std::string> stun_uri(const EndpointChoice& choice) {
  const auto host = host_of(choice);
  if (!host) return host.error();
  // FIPS speaks TLS only.
  return (choice.fips ? "stuns:stun." : "stun:stun.") + *host + ":443";
}

}  // namespace heliograph
