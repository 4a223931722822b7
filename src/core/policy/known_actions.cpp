// A list, and patterns held against it.
#include "core/policy/known_actions.hpp"

#include <algorithm>
#include <array>

#include "core/policy/pattern.hpp"

namespace heliograph::core {
namespace {

constexpr std::string_view kPrefix = "kinesisvideo:";

// Service Authorization Reference, "Actions defined by Amazon Kinesis Video Streams".
constexpr std::array<std::string_view, 46> kActions{
    "ConnectAsMaster",
    "ConnectAsViewer",
    "CreateSignalingChannel",
    "CreateStream",
    "DeleteEdgeConfiguration",
    "DeleteSignalingChannel",
    "DeleteStream",
    "DescribeEdgeConfiguration",
    "DescribeImageGenerationConfiguration",
    "DescribeMappedResourceConfiguration",
    "DescribeMediaStorageConfiguration",
    "DescribeNotificationConfiguration",
    "DescribeSignalingChannel",
    "DescribeStream",
    "DescribeStreamStorageConfiguration",
    "GetClip",
    "GetDASHStreamingSessionURL",
    "GetDataEndpoint",
    "GetHLSStreamingSessionURL",
    "GetIceServerConfig",
    "GetImages",
    "GetMedia",
    "GetMediaForFragmentList",
    "GetSignalingChannelEndpoint",
    "JoinStorageSession",
    "JoinStorageSessionAsViewer",
    "ListEdgeAgentConfigurations",
    "ListFragments",
    "ListSignalingChannels",
    "ListStreams",
    "ListTagsForResource",
    "ListTagsForStream",
    "PutMedia",
    "SendAlexaOfferToMaster",
    "StartEdgeConfigurationUpdate",
    "TagResource",
    "TagStream",
    "UntagResource",
    "UntagStream",
    "UpdateDataRetention",
    "UpdateImageGenerationConfiguration",
    "UpdateMediaStorageConfiguration",
    "UpdateNotificationConfiguration",
    "UpdateSignalingChannel",
    "UpdateStream",
    "UpdateStreamStorageConfiguration",
};

}  // namespace

bool is_known_action(std::string_view written) {
  const bool is_ours =
      written.size() > kPrefix.size() && std::equal(kPrefix.begin(), kPrefix.end(), written.begin(),
                                                    [](char ours, char theirs) { return ours == fold_case(theirs); });
  if (!is_ours) return true;
  const auto pattern =
      Pattern::parse(written.substr(kPrefix.size()), {.wildcards = true, .variables = false, .ignores_case = true});
  return pattern && std::any_of(kActions.begin(), kActions.end(), [&pattern](std::string_view action) {
           return pattern->match(action, {}) == Match::kYes;
         });
}

std::vector<std::string> unknown_actions(const wire::PolicyDocument& document) {
  std::vector<std::string> unknown;
  for (const wire::PolicyStatement& statement : document.statements)
    for (const std::string& action : statement.actions)
      if (!is_known_action(action) && std::find(unknown.begin(), unknown.end(), action) == unknown.end())
        unknown.push_back(action);
  return unknown;
}

}  // namespace heliograph::core
