// Channels, endpoints and relays: JSON of the service ⇄ the SDK's structs.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "heliograph/channel.hpp"
#include "heliograph/result.hpp"

namespace heliograph::sdk {

// Members that are not known, or null, are passed over; what is needed and missing makes kCorrupt.

[[nodiscard]] Result<ChannelInfo> to_channel_info(const boost::json::object& answer);  ///< DescribeSignalingChannel's.
[[nodiscard]] Result<ChannelPage> to_channel_page(const boost::json::object& answer);
[[nodiscard]] Result<ChannelEndpoints> to_endpoints(const boost::json::object& answer);
[[nodiscard]] Result<std::vector<IceServer>> to_ice_servers(const boost::json::object& answer);
[[nodiscard]] Result<MediaStorage> to_media_storage(const boost::json::object& answer);
/// The tags of one page of ListTagsForResource.
[[nodiscard]] Tags to_tags(const boost::json::object& answer);
/// A member that must be a text and not empty.
[[nodiscard]] Result<std::string> to_text(const boost::json::object& answer, const char* name);
/// A member that may be missing.
[[nodiscard]] std::string optional_text(const boost::json::object& object, const char* name);

[[nodiscard]] boost::json::object to_json(const NewChannel& channel);
[[nodiscard]] boost::json::object to_json(const ChannelQuery& query);
/// [{"Key": …, "Value": …}]
[[nodiscard]] boost::json::array to_json(const Tags& tags);
[[nodiscard]] boost::json::array to_json(const std::vector<ChannelProtocol>& protocols);

}  // namespace heliograph::sdk
