// The endpoint rules. Source: the AWS SDKs' rule set of `kinesisvideo`; STUN: the C SDK's ChannelInfo.h and the
// JavaScript SDK's FipsUtils.
#include <algorithm>

#include "heliograph/endpoint.hpp"
#include "wire/partition.hpp"

namespace heliograph {
namespace {

bool is_region_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

/// "kinesisvideo-fips.us-gov-west-1.amazonaws.com"
Result<std::string> host_of(const EndpointChoice& choice) {
  // The SDKs' rules ask for a valid host label: a region goes into names that credentials are sent to.
  const std::string& region = choice.region;
  if (region.empty() || region.size() > 63 || !std::all_of(region.begin(), region.end(), is_region_character) ||
      region.front() == '-' || region.back() == '-') {
    return Error{Errc::kInvalidArgument, "'" + region.substr(0, 100) + "' is no region; write one like us-west-2"};
  }
  const wire::Partition& partition = wire::find_partition(region);
  std::string host = choice.fips ? "kinesisvideo-fips." : "kinesisvideo.";
  host += region;
  host += '.';
  return host.append(choice.dualstack ? partition.dual_stack_suffix : partition.suffix);
}

}  // namespace

std::string_view partition_of_region(std::string_view region) noexcept { return wire::find_partition(region).name; }

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
