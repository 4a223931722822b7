// The stream that a request means, and its JSON.
#include "server/api/stream_target.hpp"

#include "server/api/channel_json.hpp"
#include "server/api/request_reader.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::api {
namespace {

void append_if_given(std::string& out, std::string_view member, const std::string& value) {
  if (value.empty()) return;
  out += '"';
  out += member;
  out += "\":";
  wire::append_json_string(out, value);
  out += ',';
}

}  // namespace

Result<store::Stream> find_named_stream(const Request& request) {
  RequestReader reader(request.body);
  const auto name = reader.optional_text("StreamName", kName);
  const auto arn = reader.optional_text("StreamARN", kArn);
  if (reader.error()) return *reader.error();
  if (!name && !arn) return Error{Errc::kInvalidArgument, "StreamName or StreamARN is required"};

  if (!arn) return request.parts.store.stream_by_name(*name);
  auto stream = request.parts.store.stream_by_arn(StreamArn(*arn));
  if (stream && name && stream->name != *name) {
    return Error{Errc::kInvalidArgument, "StreamName and StreamARN name different streams; give only one of them"};
  }
  return stream;
}

void append_stream_info(std::string& out, const store::Stream& stream) {
  out += '{';
  append_if_given(out, "DeviceName", stream.device_name);
  append_if_given(out, "MediaType", stream.media_type);
  append_if_given(out, "KmsKeyId", stream.kms_key_id);
  out += "\"StreamName\":";
  wire::append_json_string(out, stream.name);
  out += ",\"StreamARN\":";
  wire::append_json_string(out, stream.arn.view());
  out += ",\"Version\":";
  wire::append_json_string(out, stream.version);
  out += ",\"Status\":\"ACTIVE\",\"CreationTime\":";
  append_epoch_seconds(out, stream.created);
  out += ",\"DataRetentionInHours\":" + std::to_string(stream.retention_hours) + '}';
}

}  // namespace heliograph::server::api
