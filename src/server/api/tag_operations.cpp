// Tags of a resource. They go in as a list of {Key, Value} and come out as a map, which is how the service has it.
#include "server/api/channel_target.hpp"
#include "wire/json_text.hpp"

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
  // All tags fit in one page, so no token was ever given out; an empty one is what some clients send first.
  if (const auto token = reader.optional_text("NextToken", kNextToken); token && !token->empty()) {
    reader.reject("NextToken", "must be the NextToken of an earlier answer, and there was none");
  }
  if (reader.error()) return *reader.error();

  const auto tags = request.parts.store.channel_tags(arn);
  if (!tags) return tags.error();
  std::string out = "{\"Tags\":{";
  for (const auto& [key, value] : *tags) {
    if (out.back() != '{') out += ',';
    wire::append_json_string(out, key);
    out += ':';
    wire::append_json_string(out, value);
  }
  out += "}}";
  return out;
}

}  // namespace heliograph::server::api
