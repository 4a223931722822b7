// Streams: their settings can be made, listed, changed and removed, so that set-up scripts run. There is no media.
#include <array>
#include <span>

#include "server/api/channel_json.hpp"
#include "server/api/host_header.hpp"
#include "server/api/list_request.hpp"
#include "server/api/page_token.hpp"
#include "server/api/request_reader.hpp"
#include "server/api/stream_target.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::api {
namespace {

// "DataRetentionInHours: 0 to 87600", ten years (developer guide, data retention).
constexpr std::int64_t kMaxRetention = 87'600;
constexpr std::size_t kDefaultPage = 10'000;
constexpr std::array<std::string_view, 2> kChanges{"INCREASE_DATA_RETENTION", "DECREASE_DATA_RETENTION"};
constexpr std::array<std::string_view, 8> kApis{
    "PUT_MEDIA",
    "GET_MEDIA",
    "LIST_FRAGMENTS",
    "GET_MEDIA_FOR_FRAGMENT_LIST",
    "GET_HLS_STREAMING_SESSION_URL",
    "GET_DASH_STREAMING_SESSION_URL",
    "GET_CLIP",
    "GET_IMAGES",
};

// GetDataEndpoint's APIName is required: a missing one is told like a wrong one.
void require_choice(RequestReader& reader, std::string_view member, std::span<const std::string_view> choices) {
  if (!reader.optional_choice(member, choices)) reader.reject(member, "is required");
}

Result<std::string> empty_or(const Result<store::Stream>& changed) {
  if (!changed) return changed.error();
  return std::string("{}");
}

}  // namespace

Result<std::string> create_stream(const Request& request) {
  RequestReader reader(request.body);
  store::NewStream wanted;
  wanted.name = reader.text("StreamName", kName);
  wanted.device_name = reader.optional_text("DeviceName", kDeviceName).value_or(std::string());
  wanted.media_type = reader.optional_text("MediaType", kMediaType).value_or(std::string());
  wanted.kms_key_id = reader.optional_text("KmsKeyId", kKmsKeyId).value_or(std::string());
  wanted.retention_hours =
      static_cast<std::uint32_t>(reader.optional_number("DataRetentionInHours", 0, kMaxRetention).value_or(0));
  wanted.tags = reader.tag_map("Tags", 0);
  if (reader.error()) return *reader.error();

  const auto stream = request.parts.store.create_stream(wanted, request.context.now);
  if (!stream) return stream.error();
  std::string out = "{\"StreamARN\":";
  wire::append_json_string(out, stream->arn.view());
  out += '}';
  return out;
}

Result<std::string> describe_stream(const Request& request) {
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  std::string out = "{\"StreamInfo\":";
  append_stream_info(out, *stream);
  out += '}';
  return out;
}

Result<std::string> list_streams(const Request& request) {
  RequestReader reader(request.body);
  const store::ChannelQuery query = read_list_request(reader, "StreamNameCondition", kDefaultPage);
  if (reader.error()) return *reader.error();

  const auto page = request.parts.store.list_streams(query);
  if (!page) return page.error();
  std::string out = "{\"StreamInfoList\":[";
  for (const auto& stream : page->streams) {
    if (out.back() != '[') out += ',';
    append_stream_info(out, stream);
  }
  out += ']';
  if (page->has_more) {
    out += ",\"NextToken\":";
    wire::append_json_string(out, to_page_token(page->streams.back().name));
  }
  out += '}';
  return out;
}

Result<std::string> update_stream(const Request& request) {
  RequestReader reader(request.body);
  const std::string version = reader.text("CurrentVersion", kVersion);
  const auto device_name = reader.optional_text("DeviceName", kDeviceName);
  const auto media_type = reader.optional_text("MediaType", kMediaType);
  if (reader.error()) return *reader.error();
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  return empty_or(request.parts.store.change_stream(stream->arn, version, [&](store::Stream& changed) -> Result<void> {
    if (device_name) changed.device_name = *device_name;
    if (media_type) changed.media_type = *media_type;
    return {};
  }));
}

Result<std::string> update_data_retention(const Request& request) {
  RequestReader reader(request.body);
  const std::string version = reader.text("CurrentVersion", kVersion);
  const auto change = reader.optional_choice("Operation", kChanges);
  if (!change) reader.reject("Operation", "is required");
  const auto hours = reader.optional_number("DataRetentionChangeInHours", 1, kMaxRetention);
  if (!hours) reader.reject("DataRetentionChangeInHours", "is required");
  if (reader.error()) return *reader.error();
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();

  const std::int64_t by = *change == 0 ? *hours : -*hours;
  return empty_or(request.parts.store.change_stream(stream->arn, version, [by](store::Stream& changed) -> Result<void> {
    const std::int64_t now = static_cast<std::int64_t>(changed.retention_hours) + by;
    if (now < 0 || now > kMaxRetention) {
      return Error{Errc::kInvalidArgument, "DataRetentionChangeInHours would leave the stream with " +
                                               std::to_string(now) + " hours; it must be 0 to " +
                                               std::to_string(kMaxRetention)};
    }
    changed.retention_hours = static_cast<std::uint32_t>(now);
    return {};
  }));
}

Result<std::string> delete_stream(const Request& request) {
  RequestReader reader(request.body);
  const StreamArn arn(reader.text("StreamARN", kArn));
  const auto version = reader.optional_text("CurrentVersion", kVersion);
  if (reader.error()) return *reader.error();

  const auto deleted = request.parts.store.delete_stream(arn, version);
  if (!deleted) return deleted.error();
  return std::string("{}");
}

Result<std::string> get_data_endpoint(const Request& request) {
  RequestReader reader(request.body);
  require_choice(reader, "APIName", kApis);
  if (reader.error()) return *reader.error();
  const auto host = parse_host_header(request.context.host);
  if (!host) return Error{Errc::kBadRequest, "The Host header must be a host name or address"};
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  std::string out = "{\"DataEndpoint\":";
  wire::append_json_string(out, (request.context.tls ? "https://" : "http://") + std::string(host->authority));
  out += '}';
  return out;
}

Result<std::string> tag_stream(const Request& request) {
  RequestReader reader(request.body);
  const store::Tags tags = reader.tag_map("Tags", 1);
  if (reader.error()) return *reader.error();
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  return empty_or(request.parts.store.change_stream(stream->arn, {}, [&](store::Stream& changed) -> Result<void> {
    for (const auto& [key, value] : tags) changed.tags.insert_or_assign(key, value);
    return {};
  }));
}

Result<std::string> untag_stream(const Request& request) {
  RequestReader reader(request.body);
  const auto keys = reader.texts("TagKeyList", kTagKey, 1, store::kMaxTags);
  if (reader.error()) return *reader.error();
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  return empty_or(request.parts.store.change_stream(stream->arn, {}, [&](store::Stream& changed) -> Result<void> {
    for (const auto& key : keys) changed.tags.erase(key);
    return {};
  }));
}

Result<std::string> list_stream_tags(const Request& request) {
  RequestReader reader(request.body);
  refuse_page_token(reader);
  if (reader.error()) return *reader.error();
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  std::string out;
  append_tags(out, stream->tags);
  return out;
}

}  // namespace heliograph::server::api
