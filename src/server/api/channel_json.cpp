// Channels as the service's JSON shows them.
#include "server/api/channel_json.hpp"

#include "wire/json_text.hpp"

namespace heliograph::server::api {

void append_channel_info(std::string& out, const store::Channel& channel) {
  out += "{\"ChannelName\":";
  wire::append_json_string(out, channel.name);
  out += ",\"ChannelARN\":";
  wire::append_json_string(out, channel.arn.view());
  out += ",\"ChannelType\":";
  wire::append_json_string(out, store::to_string(channel.type));
  out += ",\"ChannelStatus\":";
  wire::append_json_string(out, store::to_string(channel.status));
  out += ",\"CreationTime\":";
  append_epoch_seconds(out, channel.created);
  out += ",\"SingleMasterConfiguration\":{\"MessageTtlSeconds\":";
  out += std::to_string(channel.message_ttl.count());
  out += "},\"Version\":";
  wire::append_json_string(out, channel.version);
  out += '}';
}

void append_tags(std::string& out, const store::Tags& tags) {
  out += "{\"Tags\":{";
  for (const auto& [key, value] : tags) {
    if (out.back() != '{') out += ',';
    wire::append_json_string(out, key);
    out += ':';
    wire::append_json_string(out, value);
  }
  out += "}}";
}

void append_epoch_seconds(std::string& out, WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::string fraction = std::to_string((time - seconds).count());
  out += std::to_string(seconds.time_since_epoch().count());
  out += '.';
  out.append(3 - fraction.size(), '0');
  out += fraction;
}

}  // namespace heliograph::server::api
