// Media storage: there is none, and every channel says so.
#include "server/api/channel_target.hpp"

namespace heliograph::server::api {

Result<std::string> describe_media_storage(const Request& request) {
  const auto channel = find_named_channel(request);
  if (!channel) return channel.error();
  // StreamARN is null and not left out: the JS page compares it with null (with SDK v2), the C SDK takes either.
  return std::string("{\"MediaStorageConfiguration\":{\"Status\":\"DISABLED\",\"StreamARN\":null}}");
}

}  // namespace heliograph::server::api
