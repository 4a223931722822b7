// The channel that a request means, by ARN or by name.
#pragma once

#include "heliograph/result.hpp"
#include "server/api/operations.hpp"
#include "server/api/request_reader.hpp"
#include "store/channel.hpp"

namespace heliograph::server::api {

/// Reads a required ARN member ("ChannelARN", "ResourceARN"). Empty if it is missing or malformed; then
/// reader.error() is set.
[[nodiscard]] inline ChannelArn read_arn(RequestReader& reader, std::string_view member) {
  return ChannelArn(reader.text(member, kArn));
}

/// Reads "ChannelName or ChannelARN" and finds that channel. With both, they must agree. Fails with kInvalidArgument,
/// and as the store does.
[[nodiscard]] Result<store::Channel> find_named_channel(const Request& request);

}  // namespace heliograph::server::api
