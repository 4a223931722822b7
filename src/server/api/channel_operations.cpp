// Create, describe, list, update and delete signaling channels.
#include <array>

#include "server/api/channel_json.hpp"
#include "server/api/channel_target.hpp"
#include "server/api/list_request.hpp"
#include "server/api/page_token.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::array<std::string_view, 2> kChannelTypes{"SINGLE_MASTER", "FULL_MESH"};

constexpr std::int64_t kMinTtl = 5;
constexpr std::int64_t kMaxTtl = 120;
constexpr std::size_t kDefaultPage = 500;

// SingleMasterConfiguration{MessageTtlSeconds}, either of which may be absent.
std::optional<std::chrono::seconds> read_message_ttl(RequestReader& reader) {
  std::optional<std::int64_t> ttl;
  reader.object("SingleMasterConfiguration", [&](RequestReader& configuration) {
    ttl = configuration.optional_number("MessageTtlSeconds", kMinTtl, kMaxTtl);
  });
  if (!ttl) return std::nullopt;
  return std::chrono::seconds(*ttl);
}

}  // namespace

Result<std::string> create_channel(const Request& request) {
  RequestReader reader(request.body);
  store::NewChannel wanted;
  wanted.name = reader.text("ChannelName", kName);
  const std::size_t type = reader.optional_choice("ChannelType", kChannelTypes).value_or(0);
  if (type != 0) wanted.type = store::ChannelType::kFullMesh;
  // "Currently, SINGLE_MASTER is the only supported channel type" (API reference, CreateSignalingChannel).
  if (type != 0 && !request.config.full_mesh)
    reader.reject("ChannelType", "must be SINGLE_MASTER, the only type that is supported (--limit full-mesh=1)");
  wanted.message_ttl = read_message_ttl(reader).value_or(wanted.message_ttl);
  wanted.tags = reader.tags("Tags", 0);
  if (reader.error()) return *reader.error();

  const std::size_t most = request.config.max_channels;
  if (most != 0 && request.parts.store.channel_count() >= most) {
    return Error{Errc::kAccountChannelLimitExceeded,
                 "This service keeps at most " + std::to_string(most) + " channels; delete some that are not used"};
  }
  const auto channel = request.parts.store.create_channel(wanted, request.context.now);
  if (!channel) return channel.error();
  std::string out = "{\"ChannelARN\":";
  wire::append_json_string(out, channel->arn.view());
  out += '}';
  return out;
}

Result<std::string> describe_channel(const Request& request) {
  const auto channel = find_named_channel(request);
  if (!channel) return channel.error();
  std::string out = "{\"ChannelInfo\":";
  append_channel_info(out, *channel);
  out += '}';
  return out;
}

Result<std::string> list_channels(const Request& request) {
  RequestReader reader(request.body);
  const store::ChannelQuery query = read_list_request(reader, "ChannelNameCondition", kDefaultPage);
  if (reader.error()) return *reader.error();

  const auto page = request.parts.store.list_channels(query);
  if (!page) return page.error();
  std::string out = "{\"ChannelInfoList\":[";
  for (const auto& channel : page->channels) {
    if (out.back() != '[') out += ',';
    append_channel_info(out, channel);
  }
  out += ']';
  if (page->has_more) {
    out += ",\"NextToken\":";
    wire::append_json_string(out, to_page_token(page->channels.back().name));
  }
  out += '}';
  return out;
}

Result<std::string> update_channel(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ChannelARN");
  const std::string version = reader.text("CurrentVersion", kVersion);
  const auto ttl = read_message_ttl(reader);
  // "required for channels with the SINGLE_MASTER channel type" (API reference, UpdateSignalingChannel).
  if (!ttl) reader.reject("SingleMasterConfiguration.MessageTtlSeconds", "is required");
  if (reader.error()) return *reader.error();

  const auto channel = request.parts.store.update_channel(arn, version, *ttl);
  if (!channel) return channel.error();
  request.parts.events.on_ttl_changed(channel->arn, channel->message_ttl);
  return std::string("{}");
}

Result<std::string> delete_channel(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ChannelARN");
  const auto version = reader.optional_text("CurrentVersion", kVersion);
  if (reader.error()) return *reader.error();

  const auto deleted = request.parts.store.delete_channel(arn, version);
  if (!deleted) return deleted.error();
  request.parts.events.on_deleted(arn);
  return std::string("{}");
}

}  // namespace heliograph::server::api
