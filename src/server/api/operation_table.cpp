// One row per operation of the service models.
#include "server/api/operation_table.hpp"

#include <array>

#include "server/api/access_targets.hpp"

namespace heliograph::server::api {
namespace {

constexpr auto kControlPlane = wire::Surface::kControlPlane;
constexpr auto kSignaling = wire::Surface::kSignaling;
constexpr auto kStorage = wire::Surface::kStorage;

constexpr std::array kOperations{
    OperationRow{Operation::kCreateSignalingChannel, "CreateSignalingChannel", "/createSignalingChannel", kControlPlane,
                 &target_new_channel, &create_channel},
    OperationRow{Operation::kDescribeSignalingChannel, "DescribeSignalingChannel", "/describeSignalingChannel",
                 kControlPlane, &target_named_channel, &describe_channel},
    OperationRow{Operation::kListSignalingChannels, "ListSignalingChannels", "/listSignalingChannels", kControlPlane,
                 &target_everything, &list_channels},
    OperationRow{Operation::kUpdateSignalingChannel, "UpdateSignalingChannel", "/updateSignalingChannel", kControlPlane,
                 &target_channel, &update_channel},
    OperationRow{Operation::kDeleteSignalingChannel, "DeleteSignalingChannel", "/deleteSignalingChannel", kControlPlane,
                 &target_channel, &delete_channel},
    OperationRow{Operation::kGetSignalingChannelEndpoint, "GetSignalingChannelEndpoint", "/getSignalingChannelEndpoint",
                 kControlPlane, &target_channel, &get_endpoint},
    OperationRow{Operation::kTagResource, "TagResource", "/TagResource", kControlPlane, &target_tagged_resource,
                 &tag_resource},
    OperationRow{Operation::kUntagResource, "UntagResource", "/UntagResource", kControlPlane, &target_untagged_resource,
                 &untag_resource},
    OperationRow{Operation::kListTagsForResource, "ListTagsForResource", "/ListTagsForResource", kControlPlane,
                 &target_resource, &list_tags},
    OperationRow{Operation::kDescribeMediaStorageConfiguration, "DescribeMediaStorageConfiguration",
                 "/describeMediaStorageConfiguration", kControlPlane, &target_named_channel, &describe_media_storage},
    OperationRow{Operation::kGetIceServerConfig, "GetIceServerConfig", "/v1/get-ice-server-config", kSignaling,
                 &target_channel, &get_ice_server_config},
    OperationRow{Operation::kSendAlexaOfferToMaster, "SendAlexaOfferToMaster", "/v1/send-alexa-offer-to-master",
                 kSignaling, &target_channel, nullptr, &send_alexa_offer},
    OperationRow{Operation::kCreateStream, "CreateStream", "/createStream", kControlPlane, &target_new_stream,
                 &create_stream},
    OperationRow{Operation::kDescribeStream, "DescribeStream", "/describeStream", kControlPlane, &target_stream,
                 &describe_stream},
    OperationRow{Operation::kListStreams, "ListStreams", "/listStreams", kControlPlane, &target_everything,
                 &list_streams},
    OperationRow{Operation::kUpdateStream, "UpdateStream", "/updateStream", kControlPlane, &target_stream,
                 &update_stream},
    OperationRow{Operation::kDeleteStream, "DeleteStream", "/deleteStream", kControlPlane, &target_stream,
                 &delete_stream},
    OperationRow{Operation::kUpdateDataRetention, "UpdateDataRetention", "/updateDataRetention", kControlPlane,
                 &target_stream, &update_data_retention},
    OperationRow{Operation::kGetDataEndpoint, "GetDataEndpoint", "/getDataEndpoint", kControlPlane, &target_stream,
                 &get_data_endpoint},
    OperationRow{Operation::kTagStream, "TagStream", "/tagStream", kControlPlane, &target_tagged_stream, &tag_stream},
    OperationRow{Operation::kUntagStream, "UntagStream", "/untagStream", kControlPlane, &target_untagged_stream,
                 &untag_stream},
    OperationRow{Operation::kListTagsForStream, "ListTagsForStream", "/listTagsForStream", kControlPlane,
                 &target_stream, &list_stream_tags},
    OperationRow{Operation::kUpdateMediaStorageConfiguration, "UpdateMediaStorageConfiguration",
                 "/updateMediaStorageConfiguration", kControlPlane, &target_channel, &update_media_storage},
    OperationRow{Operation::kDescribeMappedResourceConfiguration, "DescribeMappedResourceConfiguration",
                 "/describeMappedResourceConfiguration", kControlPlane, &target_stream, &describe_mapped_resource},
    OperationRow{Operation::kJoinStorageSession, "JoinStorageSession", "/joinStorageSession", kStorage,
                 &target_storage_channel, &join_storage_session},
    OperationRow{Operation::kJoinStorageSessionAsViewer, "JoinStorageSessionAsViewer", "/joinStorageSessionAsViewer",
                 kStorage, &target_storage_channel, &join_storage_session_as_viewer},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    if (static_cast<std::size_t>(kOperations[i].operation) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "the table is indexed by Operation");

}  // namespace

std::span<const OperationRow> operation_table() noexcept { return kOperations; }

}  // namespace heliograph::server::api
