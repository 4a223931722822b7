// The documented quotas on calls.
#include "server/call_limits.hpp"

namespace heliograph::server {

CallLimits aws_call_limits(std::string_view region) {
  CallLimits limits;
  limits.of(Operation::kCreateSignalingChannel) = {.account = 50, .channel = 0};
  limits.of(Operation::kDescribeSignalingChannel) = {.account = 300, .channel = 5};
  limits.of(Operation::kListSignalingChannels) = {.account = 50, .channel = 0};
  limits.of(Operation::kUpdateSignalingChannel) = {.account = 50, .channel = 5};
  limits.of(Operation::kDeleteSignalingChannel) = {.account = 50, .channel = 5};
  limits.of(Operation::kGetSignalingChannelEndpoint) = {.account = 300, .channel = 0};
  limits.of(Operation::kTagResource) = {.account = 50, .channel = 5};
  limits.of(Operation::kUntagResource) = {.account = 50, .channel = 5};
  limits.of(Operation::kListTagsForResource) = {.account = 50, .channel = 5};
  limits.of(Operation::kDescribeMediaStorageConfiguration) = {.account = 50, .channel = 5};
  limits.of(Operation::kUpdateMediaStorageConfiguration) = {.account = 10, .channel = 5};
  limits.of(Operation::kJoinStorageSession) = {.account = 50, .channel = 2};
  limits.of(Operation::kJoinStorageSessionAsViewer) = {.account = 50, .channel = 2};
  limits.of(Operation::kGetIceServerConfig) = {.account = 100, .channel = 5};
  limits.of(Operation::kSendAlexaOfferToMaster) = {.account = 100, .channel = 5};
  limits.master_connects = 3;
  limits.viewer_connects = 3;
  limits.max_channels = region == "us-east-1" || region == "us-west-2" ? 10'000 : 5'000;
  limits.full_mesh = 0;
  return limits;
}

}  // namespace heliograph::server
