// Where the service is: host names per region, partition, FIPS and dual-stack.
#pragma once

#include <string>
#include <string_view>

#include "heliograph/export.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

/// Which of a region's endpoints. Sources: the AWS SDKs' endpoint rules of `kinesisvideo`; the C SDK's ChannelInfo.h.
struct EndpointChoice {
  std::string region{};    ///< "us-west-2"
  bool fips = false;       ///< With validated cryptography (FIPS 140); few regions have such endpoints.
  bool dualstack = false;  ///< IPv4 and IPv6; signaling endpoints and relays found through it are dual-stack, too.
};

/// "https://kinesisvideo.us-west-2.amazonaws.com". Fails with kInvalidArgument when the region is none, or its
/// partition has no such endpoint.
[[nodiscard]] HELIOGRAPH_API Result<std::string> control_plane_endpoint(const EndpointChoice& choice);

/// The STUN server of a region: "stun:stun.kinesisvideo.us-west-2.amazonaws.com:443", with FIPS
/// "stuns:stun.kinesisvideo-fips.…:443". Fails as control_plane_endpoint().
[[nodiscard]] HELIOGRAPH_API Result<std::string> stun_uri(const EndpointChoice& choice);

/// "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"; unknown regions are in
/// "aws".
[[nodiscard]] HELIOGRAPH_API std::string_view partition_of_region(std::string_view region) noexcept;

}  // namespace heliograph
