// Only the members that name the target are read here; the operation reads them again with all others.
#include "server/api/access_targets.hpp"

#include "server/api/channel_target.hpp"

namespace heliograph::server::api {
namespace {

AccessTarget with_tags(std::string resource, store::Tags tags) {
  AccessTarget target{std::move(resource), std::move(tags), {}};
  for (const auto& tag : target.request_tags) target.tag_keys.push_back(tag.first);
  return target;
}

constexpr std::string_view kChannelKind = "channel";
constexpr std::string_view kStreamKind = "stream";

Result<AccessTarget> target_arn(const Request& request, std::string_view member) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, member);
  if (reader.error()) return *reader.error();
  return AccessTarget{arn.str()};
}

/// The members by which a request names a thing, and the thing's kind in its ARN.
struct NameMembers {
  std::string_view name;
  std::string_view arn;
  std::string_view kind;
};

/// By ARN as it is; by name, what `find` finds, or a thing that does not exist yet.
template <class Find>
Result<AccessTarget> target_named(const Request& request, const NameMembers& members, Find&& find) {
  RequestReader reader(request.body);
  const auto name = reader.optional_text(members.name, kName);
  const auto arn = reader.optional_text(members.arn, kArn);
  if (reader.error()) return *reader.error();
  if (arn) return AccessTarget{*arn};
  if (!name)
    return Error{Errc::kInvalidArgument,
                 std::string(members.name) + " or " + std::string(members.arn) + " is required"};
  const auto found = find(*name);
  if (found) return AccessTarget{found->arn.str()};
  if (found.error().code != Errc::kResourceNotFound) return found.error();
  return AccessTarget{unmade_arn(request.parts.store.scope(), members.kind, *name)};
}

}  // namespace

Result<AccessTarget> target_new_channel(const Request& request) {
  RequestReader reader(request.body);
  const std::string name = reader.text("ChannelName", kName);
  store::Tags tags = reader.tags("Tags", 0);
  if (reader.error()) return *reader.error();
  return with_tags(unmade_arn(request.parts.store.scope(), kChannelKind, name), std::move(tags));
}

Result<AccessTarget> target_everything(const Request&) { return AccessTarget{"*"}; }

Result<AccessTarget> target_named_channel(const Request& request) {
  return target_named(request, {"ChannelName", "ChannelARN", kChannelKind},
                      [&](const std::string& name) { return request.parts.store.channel_by_name(name); });
}

Result<AccessTarget> target_channel(const Request& request) { return target_arn(request, "ChannelARN"); }

Result<AccessTarget> target_resource(const Request& request) { return target_arn(request, "ResourceARN"); }

Result<AccessTarget> target_tagged_resource(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ResourceARN");
  store::Tags tags = reader.tags("Tags", 1);
  if (reader.error()) return *reader.error();
  return with_tags(arn.str(), std::move(tags));
}

Result<AccessTarget> target_untagged_resource(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ResourceARN");
  auto keys = reader.texts("TagKeyList", kTagKey, 1, store::kMaxTags);
  if (reader.error()) return *reader.error();
  return AccessTarget{arn.str(), {}, std::move(keys)};
}

Result<AccessTarget> target_storage_channel(const Request& request) { return target_arn(request, "channelArn"); }

Result<AccessTarget> target_new_stream(const Request& request) {
  RequestReader reader(request.body);
  const std::string name = reader.text("StreamName", kName);
  store::Tags tags = reader.tag_map("Tags", 0);
  if (reader.error()) return *reader.error();
  return with_tags(unmade_arn(request.parts.store.scope(), kStreamKind, name), std::move(tags));
}

Result<AccessTarget> target_stream(const Request& request) {
  return target_named(request, {"StreamName", "StreamARN", kStreamKind},
                      [&](const std::string& name) { return request.parts.store.stream_by_name(name); });
}

Result<AccessTarget> target_tagged_stream(const Request& request) {
  auto target = target_stream(request);
  if (!target) return target;
  RequestReader reader(request.body);
  store::Tags tags = reader.tag_map("Tags", 1);
  if (reader.error()) return *reader.error();
  return with_tags(std::move(target->resource), std::move(tags));
}

Result<AccessTarget> target_untagged_stream(const Request& request) {
  auto target = target_stream(request);
  if (!target) return target;
  RequestReader reader(request.body);
  target->tag_keys = reader.texts("TagKeyList", kTagKey, 1, store::kMaxTags);
  if (reader.error()) return *reader.error();
  return target;
}

}  // namespace heliograph::server::api
