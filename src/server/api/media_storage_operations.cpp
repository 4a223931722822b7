// Media storage: there is none. Every channel says so, and who asks for it is told why not.
#include <array>

#include "server/api/channel_target.hpp"
#include "server/api/stream_target.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::array<std::string_view, 2> kStatuses{"ENABLED", "DISABLED"};

constexpr std::string_view kNotOffered =
    "this service does not ingest media; master and viewers connect with each other";

// As the real service answers for a channel that no stream is mapped to: "400 InvalidArgumentException" (developer
// guide, ingestion). A channel that is not there comes first.
Error no_storage(const Request& request, const ChannelArn& arn) {
  const auto channel = request.parts.store.channel_by_arn(arn);
  if (!channel) return channel.error();
  return {Errc::kInvalidArgument, "No stream is mapped to the channel, and none can be: " + std::string(kNotOffered)};
}

}  // namespace

Result<std::string> describe_media_storage(const Request& request) {
  const auto channel = find_named_channel(request);
  if (!channel) return channel.error();
  // StreamARN is null and not left out: the JS page compares it with null (with SDK v2), the C SDK takes either.
  return std::string("{\"MediaStorageConfiguration\":{\"Status\":\"DISABLED\",\"StreamARN\":null}}");
}

Result<std::string> update_media_storage(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ChannelARN");
  const bool given = reader.object("MediaStorageConfiguration", [](RequestReader& configuration) {
    const auto status = configuration.optional_choice("Status", kStatuses);
    if (!status) configuration.reject("Status", "is required");
    const auto stream = configuration.optional_text("StreamARN", kArn);
    if (!status || *status != 0) return;
    if (!stream) configuration.reject("StreamARN", "is required with the status ENABLED");
    configuration.reject("Status", "must be DISABLED: " + std::string(kNotOffered));
  });
  if (!given) reader.reject("MediaStorageConfiguration", "is required");
  if (reader.error()) return *reader.error();

  const auto channel = request.parts.store.channel_by_arn(arn);
  if (!channel) return channel.error();
  return std::string("{}");
}

Result<std::string> describe_mapped_resource(const Request& request) {
  RequestReader reader(request.body);
  static_cast<void>(reader.optional_number("MaxResults", 1, 10));
  if (reader.error()) return *reader.error();
  const auto stream = find_named_stream(request);
  if (!stream) return stream.error();
  return std::string("{\"MappedResourceConfigurationList\":[]}");
}

Result<std::string> join_storage_session(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "channelArn");
  // The C SDK's viewers join here too, and give their id.
  static_cast<void>(reader.optional_text("clientId", kName));
  if (reader.error()) return *reader.error();
  return no_storage(request, arn);
}

Result<std::string> join_storage_session_as_viewer(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "channelArn");
  static_cast<void>(reader.text("clientId", kName));
  if (reader.error()) return *reader.error();
  return no_storage(request, arn);
}

}  // namespace heliograph::server::api
