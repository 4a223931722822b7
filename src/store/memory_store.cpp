// MemoryStore: ordered maps under one lock.
#include "store/memory_store.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "store/rules.hpp"

namespace heliograph::store {

MemoryStore::MemoryStore(wire::ArnScope scope, Rng& rng) : scope_(std::move(scope)), rng_(rng) {}

MemoryStore::Entries::const_iterator MemoryStore::find(const ChannelArn& arn) const {
  const auto key = to_channel_key(scope_, arn);
  if (!key) return entries_.end();
  const auto at = entries_.find(key->name);
  const bool same = at != entries_.end() && at->second.channel.arn == arn;
  return same ? at : entries_.end();
}

MemoryStore::Entries::iterator MemoryStore::find(const ChannelArn& arn) {
  const auto at = std::as_const(*this).find(arn);
  return entries_.erase(at, at);  // Removes nothing; the standard way to lose the const.
}

Result<Channel> MemoryStore::create_channel(const NewChannel& wanted, WallTime now) {
  if (wanted.tags.size() > kMaxTags) return too_many_tags(wanted.tags.size());
  const std::unique_lock lock(mutex_);
  if (entries_.contains(wanted.name)) return name_taken(wanted.name);

  const std::int64_t created_ms = to_created_ms(now, newest_deleted_ms_);
  Channel channel{.name = wanted.name,
                  .arn = ChannelArn(wire::to_channel_arn(scope_, wanted.name, created_ms)),
                  .type = wanted.type,
                  .status = ChannelStatus::kActive,
                  .created = WallTime(std::chrono::milliseconds(created_ms)),
                  .message_ttl = wanted.message_ttl,
                  .version = make_version(rng_)};
  entries_.emplace(wanted.name, Entry{channel, wanted.tags});
  return channel;
}

Result<Channel> MemoryStore::channel_by_name(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto at = entries_.find(name);
  if (at == entries_.end()) return not_found(name);
  return at->second.channel;
}

Result<Channel> MemoryStore::channel_by_arn(const ChannelArn& arn) const {
  const std::shared_lock lock(mutex_);
  const auto at = find(arn);
  if (at == entries_.end()) return not_found(arn.view());
  return at->second.channel;
}

std::optional<Channel> MemoryStore::recall_channel(const ChannelArn& arn) const {
  auto channel = channel_by_arn(arn);
  if (!channel) return std::nullopt;
  return *std::move(channel);
}

Result<ChannelPage> MemoryStore::list_channels(const ChannelQuery& query) const {
  const std::shared_lock lock(mutex_);
  auto at = query.after < query.name_prefix ? entries_.lower_bound(query.name_prefix)
            : query.after.empty()           ? entries_.begin()
                                            : entries_.upper_bound(query.after);
  const auto matches = [&] { return at != entries_.end() && at->first.starts_with(query.name_prefix); };

  ChannelPage page;
  for (; matches() && page.channels.size() < query.limit; ++at) page.channels.push_back(at->second.channel);
  page.has_more = matches();
  return page;
}

Result<Channel> MemoryStore::update_channel(const ChannelArn& arn, std::string_view version,
                                            std::chrono::seconds message_ttl) {
  const std::unique_lock lock(mutex_);
  const auto at = find(arn);
  if (at == entries_.end()) return not_found(arn.view());
  Channel& channel = at->second.channel;
  if (channel.version != version) return stale_version(version);
  channel.message_ttl = message_ttl;
  channel.version = make_version(rng_);
  return channel;
}

Result<void> MemoryStore::delete_channel(const ChannelArn& arn, const std::optional<std::string>& version) {
  const std::unique_lock lock(mutex_);
  const auto at = find(arn);
  if (at == entries_.end()) return not_found(arn.view());
  const Channel& channel = at->second.channel;
  if (version && channel.version != *version) return stale_version(*version);
  newest_deleted_ms_ =
      std::max(newest_deleted_ms_, static_cast<std::int64_t>(channel.created.time_since_epoch().count()));
  entries_.erase(at);
  return {};
}

Result<void> MemoryStore::tag_channel(const ChannelArn& arn, const Tags& tags) {
  const std::unique_lock lock(mutex_);
  const auto at = find(arn);
  if (at == entries_.end()) return not_found(arn.view());
  Tags merged = at->second.tags;
  for (const auto& [key, value] : tags) merged.insert_or_assign(key, value);
  if (merged.size() > kMaxTags) return too_many_tags(merged.size());
  at->second.tags = std::move(merged);
  return {};
}

Result<void> MemoryStore::untag_channel(const ChannelArn& arn, const std::vector<std::string>& keys) {
  const std::unique_lock lock(mutex_);
  const auto at = find(arn);
  if (at == entries_.end()) return not_found(arn.view());
  for (const auto& key : keys) at->second.tags.erase(key);
  return {};
}

Result<Tags> MemoryStore::channel_tags(const ChannelArn& arn) const {
  const std::shared_lock lock(mutex_);
  const auto at = find(arn);
  if (at == entries_.end()) return not_found(arn.view());
  return at->second.tags;
}

std::size_t MemoryStore::channel_count() const noexcept {
  const std::shared_lock lock(mutex_);
  return entries_.size();
}

}  // namespace heliograph::store
