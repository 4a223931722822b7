// Members are named by the service models of kinesisvideo and kinesis-video-signaling.
#include "sdk/channel/channel_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "base/for_ever.hpp"

namespace heliograph {
namespace {

constexpr std::array<std::string_view, 2> kTypes{"SINGLE_MASTER", "FULL_MESH"};
constexpr std::array<std::string_view, 4> kStatuses{"CREATING", "ACTIVE", "UPDATING", "DELETING"};
constexpr std::array<std::string_view, 3> kProtocols{"WSS", "HTTPS", "WEBRTC"};

template <class T, std::size_t N>
std::optional<T> choice(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end()) return std::nullopt;
  return static_cast<T>(at - names.begin());
}

}  // namespace

std::string_view to_string(ChannelType type) noexcept { return kTypes[static_cast<std::size_t>(type)]; }
std::string_view to_string(ChannelStatus status) noexcept { return kStatuses[static_cast<std::size_t>(status)]; }

namespace sdk {
namespace {

namespace json = boost::json;

Error corrupt(const char* what) { return {Errc::kCorrupt, std::string("the service's answer has no ") + what}; }

const json::object* object_in(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_in(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_array();
}

/// Integers, decimals and exponents, which the real service writes.
double number_in(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  const double number = value->to_number<double>();
  return std::isfinite(number) && std::abs(number) < 1e12 ? number : 0;
}

Result<ChannelInfo> read_channel(const json::object& object) {
  ChannelInfo info;
  info.name = optional_text(object, "ChannelName");
  info.arn = optional_text(object, "ChannelARN");
  if (info.name.empty() || info.arn.empty()) return corrupt("ChannelName or ChannelARN");
  const auto status = choice<ChannelStatus>(kStatuses, optional_text(object, "ChannelStatus"));
  if (!status) return corrupt("ChannelStatus that is known");
  info.status = *status;
  info.type = choice<ChannelType>(kTypes, optional_text(object, "ChannelType")).value_or(ChannelType::kSingleMaster);
  info.created = std::chrono::sys_time<std::chrono::milliseconds>(
      std::chrono::milliseconds(std::llround(number_in(object, "CreationTime") * 1000)));
  if (const auto* single = object_in(object, "SingleMasterConfiguration"))
    info.message_ttl = std::chrono::seconds(std::llround(number_in(*single, "MessageTtlSeconds")));
  info.version = optional_text(object, "Version");
  return info;
}

}  // namespace

Result<ChannelInfo> to_channel_info(const json::object& answer) {
  const auto* info = object_in(answer, "ChannelInfo");
  if (info == nullptr) return corrupt("ChannelInfo");
  return read_channel(*info);
}

Result<ChannelPage> to_channel_page(const json::object& answer) {
  const auto* list = array_in(answer, "ChannelInfoList");
  if (list == nullptr) return corrupt("ChannelInfoList");
  ChannelPage page;
  for (const json::value& value : *list) {
    if (!value.is_object()) return corrupt("object in ChannelInfoList");
    auto channel = read_channel(value.get_object());
    if (!channel) return channel.error();
    page.channels.push_back(*std::move(channel));
  }
  page.next_token = optional_text(answer, "NextToken");
  return page;
}

Result<ChannelEndpoints> to_endpoints(const json::object& answer) {
  const auto* list = array_in(answer, "ResourceEndpointList");
  if (list == nullptr) return corrupt("ResourceEndpointList");
  ChannelEndpoints endpoints;
  const std::array<std::string*, 3> places{&endpoints.wss, &endpoints.https, &endpoints.webrtc};
  for (const json::value& value : *list) {
    if (!value.is_object()) continue;
    const auto protocol = choice<std::size_t>(kProtocols, optional_text(value.get_object(), "Protocol"));
    if (protocol) *places[*protocol] = optional_text(value.get_object(), "ResourceEndpoint");
  }
  return endpoints;
}

Result<std::vector<IceServer>> to_ice_servers(const json::object& answer) {
  const auto* list = array_in(answer, "IceServerList");
  if (list == nullptr) return corrupt("IceServerList");
  std::vector<IceServer> servers;
  for (const json::value& value : *list) {
    const auto* entry = value.if_object();
    if (entry == nullptr) continue;
    IceServer server;
    if (const auto* uris = array_in(*entry, "Uris")) {
      for (const json::value& uri : *uris)
        if (uri.is_string()) server.uris.emplace_back(uri.get_string());
    }
    if (server.uris.empty()) continue;
    server.username = optional_text(*entry, "Username");
    server.password = Secret(optional_text(*entry, "Password"));
    server.ttl =
        at_most_for_ever(std::chrono::seconds(std::max<std::int64_t>(std::llround(number_in(*entry, "Ttl")), 0)));
    servers.push_back(std::move(server));
  }
  return servers;
}

Result<MediaStorage> to_media_storage(const json::object& answer) {
  const auto* configuration = object_in(answer, "MediaStorageConfiguration");
  if (configuration == nullptr) return corrupt("MediaStorageConfiguration");
  return MediaStorage{optional_text(*configuration, "Status") == "ENABLED", optional_text(*configuration, "StreamARN")};
}

Tags to_tags(const json::object& answer) {
  Tags tags;
  const auto* object = object_in(answer, "Tags");
  if (object == nullptr) return tags;
  for (const auto& [key, value] : *object)
    if (value.is_string()) tags.insert_or_assign(std::string(key), std::string(value.get_string()));
  return tags;
}

Result<std::string> to_text(const json::object& answer, const char* name) {
  std::string text = optional_text(answer, name);
  if (text.empty()) return corrupt(name);
  return text;
}

std::string optional_text(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

json::object to_json(const NewChannel& channel) {
  json::object body{{"ChannelName", channel.name}, {"ChannelType", to_string(channel.type)}};
  if (channel.message_ttl)
    body["SingleMasterConfiguration"] = json::object{{"MessageTtlSeconds", channel.message_ttl->count()}};
  if (!channel.tags.empty()) body["Tags"] = to_json(channel.tags);
  return body;
}

json::object to_json(const ChannelQuery& query) {
  json::object body;
  if (query.page_size != 0) body["MaxResults"] = query.page_size;
  if (!query.next_token.empty()) body["NextToken"] = query.next_token;
  if (!query.name_prefix.empty()) {
    body["ChannelNameCondition"] =
        json::object{{"ComparisonOperator", "BEGINS_WITH"}, {"ComparisonValue", query.name_prefix}};
  }
  return body;
}

json::array to_json(const Tags& tags) {
  json::array list;
  for (const auto& [key, value] : tags) list.push_back(json::object{{"Key", key}, {"Value", value}});
  return list;
}

json::array to_json(const std::vector<ChannelProtocol>& protocols) {
  json::array list;
  for (const ChannelProtocol protocol : protocols) list.emplace_back(kProtocols[static_cast<std::size_t>(protocol)]);
  return list;
}

}  // namespace sdk
}  // namespace heliograph
