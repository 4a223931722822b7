// MemoryStore: streams.
#include <algorithm>
#include <mutex>
#include <utility>

#include "store/memory_store.hpp"
#include "store/rules.hpp"

namespace heliograph::store {

Stream* MemoryStore::find_stream(const StreamArn& arn) {
  const auto key = to_stream_key(scope_, arn);
  if (!key) return nullptr;
  const auto at = streams_.find(key->name);
  return at != streams_.end() && at->second.arn == arn ? &at->second : nullptr;
}

Result<Stream> MemoryStore::create_stream(const NewStream& wanted, WallTime now) {
  if (wanted.tags.size() > kMaxTags) return too_many_tags(wanted.tags.size(), kStream);
  const std::unique_lock lock(mutex_);
  if (streams_.contains(wanted.name)) return name_taken(wanted.name, kStream);
  Stream stream = to_stream(scope_, wanted, make_version(rng_), to_created_ms(now, newest_deleted_ms_));
  streams_.emplace(wanted.name, stream);
  return stream;
}

Result<Stream> MemoryStore::stream_by_name(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto at = streams_.find(name);
  if (at == streams_.end()) return not_found(name, kStream);
  return at->second;
}

Result<Stream> MemoryStore::stream_by_arn(const StreamArn& arn) const {
  const auto key = to_stream_key(scope_, arn);
  if (!key) return not_found(arn.view(), kStream);
  auto stream = stream_by_name(key->name);
  if (!stream || stream->arn != arn) return not_found(arn.view(), kStream);
  return stream;
}

Result<StreamPage> MemoryStore::list_streams(const ChannelQuery& query) const {
  const std::shared_lock lock(mutex_);
  auto at = query.after < query.name_prefix ? streams_.lower_bound(query.name_prefix)
            : query.after.empty()           ? streams_.begin()
                                            : streams_.upper_bound(query.after);
  const auto matches = [&] { return at != streams_.end() && at->first.starts_with(query.name_prefix); };

  StreamPage page;
  for (; matches() && page.streams.size() < query.limit; ++at) page.streams.push_back(at->second);
  page.has_more = matches();
  return page;
}

Result<Stream> MemoryStore::change_stream(const StreamArn& arn, const std::optional<std::string>& version,
                                          const std::function<Result<void>(Stream&)>& edit) {
  const std::unique_lock lock(mutex_);
  Stream* stream = find_stream(arn);
  if (stream == nullptr) return not_found(arn.view(), kStream);
  if (version && stream->version != *version) return stale_version(*version, kStream);
  Stream changed = *stream;
  if (auto edited = edit(changed); !edited) return edited.error();
  if (changed.tags.size() > kMaxTags) return too_many_tags(changed.tags.size(), kStream);
  if (version) changed.version = make_version(rng_);
  *stream = changed;
  return changed;
}

Result<void> MemoryStore::delete_stream(const StreamArn& arn, const std::optional<std::string>& version) {
  const std::unique_lock lock(mutex_);
  const Stream* stream = find_stream(arn);
  if (stream == nullptr) return not_found(arn.view(), kStream);
  if (version && stream->version != *version) return stale_version(*version, kStream);
  newest_deleted_ms_ =
      std::max(newest_deleted_ms_, static_cast<std::int64_t>(stream->created.time_since_epoch().count()));
  streams_.erase(std::string(stream->name));
  return {};
}

}  // namespace heliograph::store
