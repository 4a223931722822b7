// The writing connection of the SQLite store.
#include "store/sqlite_writer.hpp"

#include "store/sqlite_reader.hpp"

namespace heliograph::store {
namespace {

std::string arn_text(const wire::ArnScope& scope, const ChannelKey& key) {
  return wire::to_channel_arn(scope, key.name, key.created_ms);
}

}  // namespace

SqliteWriter::SqliteWriter(std::unique_ptr<SQLite::Database> database, const wire::ArnScope& scope)
    : scope_(scope),
      database_(std::move(database)),
      scope_id_(find_or_add_scope()),
      find_(*database_, "SELECT " + std::string(kChannelColumns) +
                            " FROM channels WHERE scope = ? AND name = ? AND created_ms = ?"),
      create_(*database_,
              "INSERT INTO channels (scope, name, created_ms, type, message_ttl_s, version) VALUES (?, ?, ?, ?, ?, ?)"
              " ON CONFLICT DO NOTHING"),
      newest_deleted_(*database_, "SELECT newest_deleted_ms FROM scopes WHERE id = ?"),
      note_deleted_(*database_, "UPDATE scopes SET newest_deleted_ms = ?2 WHERE id = ?1 AND newest_deleted_ms < ?2"),
      update_(*database_, "UPDATE channels SET message_ttl_s = ?, version = ? WHERE scope = ? AND name = ?"),
      erase_(*database_, "DELETE FROM channels WHERE scope = ? AND name = ?"),
      tag_(*database_,
           "INSERT INTO tags (scope, channel, key, value) VALUES (?, ?, ?, ?)"
           " ON CONFLICT DO UPDATE SET value = excluded.value"),
      untag_(*database_, "DELETE FROM tags WHERE scope = ? AND channel = ? AND key = ?"),
      count_tags_(*database_, "SELECT count(*) FROM tags WHERE scope = ? AND channel = ?"),
      streams_(*database_, scope, scope_id_) {}

std::int64_t SqliteWriter::find_or_add_scope() {
  SQLite::Statement add(*database_,
                        "INSERT INTO scopes (partition, region, account) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  StatementUse(add).bind(scope_.partition, scope_.region, scope_.account).run();
  SQLite::Statement find(*database_, "SELECT id FROM scopes WHERE partition = ? AND region = ? AND account = ?");
  StatementUse use(find);
  static_cast<void>(use.bind(scope_.partition, scope_.region, scope_.account).step());
  return use.number(0);
}

std::size_t SqliteWriter::count_channels() {
  SQLite::Statement count(*database_, "SELECT count(*) FROM channels WHERE scope = ?");
  StatementUse use(count);
  return use.bind(scope_id_).step() ? static_cast<std::size_t>(use.number(0)) : 0;
}

std::optional<Channel> SqliteWriter::find(const ChannelKey& key) {
  StatementUse use(find_);
  if (!use.bind(scope_id_, key.name, key.created_ms).step()) return std::nullopt;
  return to_channel(use, scope_);
}

Result<Channel> SqliteWriter::create(const NewChannel& wanted, std::string_view version, WallTime now) {
  if (wanted.tags.size() > kMaxTags) return too_many_tags(wanted.tags.size());
  WriteTransaction transaction(*database_);
  std::int64_t newest_deleted_ms = 0;
  {
    StatementUse use(newest_deleted_);
    if (use.bind(scope_id_).step()) newest_deleted_ms = use.number(0);
  }
  const ChannelKey key{wanted.name, to_created_ms(now, newest_deleted_ms)};
  const int added = StatementUse(create_)
                        .bind(scope_id_, wanted.name, key.created_ms, static_cast<std::int64_t>(wanted.type),
                              static_cast<std::int64_t>(wanted.message_ttl.count()), version)
                        .run();
  if (added == 0) return name_taken(wanted.name);
  write_tags(wanted.name, wanted.tags);
  transaction.commit();
  return Channel{.name = wanted.name,
                 .arn = ChannelArn(arn_text(scope_, key)),
                 .type = wanted.type,
                 .status = ChannelStatus::kActive,
                 .created = WallTime(std::chrono::milliseconds(key.created_ms)),
                 .message_ttl = wanted.message_ttl,
                 .version = std::string(version)};
}

Result<Channel> SqliteWriter::update(const ChannelKey& key, std::string_view version, std::string_view next_version,
                                     std::chrono::seconds message_ttl) {
  WriteTransaction transaction(*database_);
  auto channel = find(key);
  if (!channel) return not_found(arn_text(scope_, key));
  if (channel->version != version) return stale_version(version);
  StatementUse(update_).bind(static_cast<std::int64_t>(message_ttl.count()), next_version, scope_id_, key.name).run();
  transaction.commit();
  channel->message_ttl = message_ttl;
  channel->version = next_version;
  return *std::move(channel);
}

Result<void> SqliteWriter::erase(const ChannelKey& key, const std::optional<std::string>& version) {
  WriteTransaction transaction(*database_);
  const auto channel = find(key);
  if (!channel) return not_found(arn_text(scope_, key));
  if (version && channel->version != *version) return stale_version(*version);
  StatementUse(note_deleted_).bind(scope_id_, key.created_ms).run();
  StatementUse(erase_).bind(scope_id_, key.name).run();
  transaction.commit();
  return {};
}

Result<void> SqliteWriter::tag(const ChannelKey& key, const Tags& tags) {
  WriteTransaction transaction(*database_);
  if (!find(key)) return not_found(arn_text(scope_, key));
  write_tags(key.name, tags);
  const std::size_t count = count_tags(key.name);
  if (count > kMaxTags) return too_many_tags(count);
  transaction.commit();
  return {};
}

Result<void> SqliteWriter::untag(const ChannelKey& key, const std::vector<std::string>& tag_keys) {
  WriteTransaction transaction(*database_);
  if (!find(key)) return not_found(arn_text(scope_, key));
  for (const auto& tag_key : tag_keys) StatementUse(untag_).bind(scope_id_, key.name, tag_key).run();
  transaction.commit();
  return {};
}

void SqliteWriter::write_tags(std::string_view channel, const Tags& tags) {
  for (const auto& [key, value] : tags) StatementUse(tag_).bind(scope_id_, channel, key, value).run();
}

std::size_t SqliteWriter::count_tags(std::string_view channel) {
  StatementUse use(count_tags_);
  return use.bind(scope_id_, channel).step() ? static_cast<std::size_t>(use.number(0)) : 0;
}

}  // namespace heliograph::store
