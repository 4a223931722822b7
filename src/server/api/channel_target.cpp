// The channel that a request means.
#include "server/api/channel_target.hpp"

namespace heliograph::server::api {

Result<store::Channel> find_named_channel(const Request& request) {
  RequestReader reader(request.body);
  const auto name = reader.optional_text("ChannelName", kName);
  const auto arn = reader.optional_text("ChannelARN", kArn);
  if (reader.error()) return *reader.error();
  if (!name && !arn) return Error{Errc::kInvalidArgument, "ChannelName or ChannelARN is required"};

  if (!arn) return request.parts.store.channel_by_name(*name);
  auto channel = request.parts.store.channel_by_arn(ChannelArn(*arn));
  if (channel && name && channel->name != *name) {
    return Error{Errc::kInvalidArgument, "ChannelName and ChannelARN name different channels; give only one of them"};
  }
  return channel;
}

}  // namespace heliograph::server::api
