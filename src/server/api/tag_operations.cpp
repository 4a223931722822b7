// Tags of a resource. They go in as a list of {Key, Value} and come out as a map, which is how the service has it.
#include "server/api/channel_json.hpp"
#include "server/api/channel_target.hpp"
#include "server/api/list_request.hpp"

namespace heliograph::server::api {

Result<std::string> tag_resource(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ResourceARN");
  const store::Tags tags = reader.tags("Tags", 1);
  if (reader.error()) return *reader.error();

  const auto tagged = request.parts.store.tag_channel(arn, tags);
  if (!tagged) return tagged.error();
  return std::string("{}");
}

Result<std::string> untag_resource(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ResourceARN");
  const auto keys = reader.texts("TagKeyList", kTagKey, 1, store::kMaxTags);
  if (reader.error()) return *reader.error();

  const auto untagged = request.parts.store.untag_channel(arn, keys);
  if (!untagged) return untagged.error();
  return std::string("{}");
}

Result<std::string> list_tags(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ResourceARN");
  refuse_page_token(reader);
  if (reader.error()) return *reader.error();

  const auto tags = request.parts.store.channel_tags(arn);
  if (!tags) return tags.error();
  std::string out;
  append_tags(out, *tags);
  return out;
}

}  // namespace heliograph::server::api
