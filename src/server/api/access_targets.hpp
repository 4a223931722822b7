// What each operation is about, as policies see it: read from the request before anything is done.
#pragma once

#include "heliograph/result.hpp"
#include "server/api/operations.hpp"
#include "server/authorizer.hpp"

namespace heliograph::server::api {

/// CreateSignalingChannel: a channel that does not exist yet, and its tags.
[[nodiscard]] Result<AccessTarget> target_new_channel(const Request& request);
/// ListSignalingChannels: "*", since the action has no resource of its own.
[[nodiscard]] Result<AccessTarget> target_everything(const Request& request);
/// ChannelName or ChannelARN. A name that no channel has is a channel that does not exist yet, so that only those who
/// may act on it learn that it is not there.
[[nodiscard]] Result<AccessTarget> target_named_channel(const Request& request);
/// ChannelARN.
[[nodiscard]] Result<AccessTarget> target_channel(const Request& request);
/// ResourceARN.
[[nodiscard]] Result<AccessTarget> target_resource(const Request& request);
/// TagResource: ResourceARN and Tags.
[[nodiscard]] Result<AccessTarget> target_tagged_resource(const Request& request);
/// UntagResource: ResourceARN and TagKeyList.
[[nodiscard]] Result<AccessTarget> target_untagged_resource(const Request& request);
/// The storage operations' channelArn.
[[nodiscard]] Result<AccessTarget> target_storage_channel(const Request& request);

/// CreateStream: a stream that does not exist yet, and its tags.
[[nodiscard]] Result<AccessTarget> target_new_stream(const Request& request);
/// StreamName or StreamARN, as target_named_channel has it.
[[nodiscard]] Result<AccessTarget> target_stream(const Request& request);
/// TagStream: the stream and Tags.
[[nodiscard]] Result<AccessTarget> target_tagged_stream(const Request& request);
/// UntagStream: the stream and TagKeyList.
[[nodiscard]] Result<AccessTarget> target_untagged_stream(const Request& request);

}  // namespace heliograph::server::api
