// Streams in the SQLite store. A stream is one row; its tags, which are only ever read as a whole, are one text in it.
#include "store/sqlite_streams.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::store {
namespace {

constexpr std::string_view kColumns =
    "name, created_ms, version, device_name, media_type, kms_key_id, retention_h, tags";

Stream to_stream(const StatementUse& row, const wire::ArnScope& scope) {
  const NewStream settings{.name = row.text(0),
                           .device_name = row.text(3),
                           .media_type = row.text(4),
                           .kms_key_id = row.text(5),
                           .retention_hours = static_cast<std::uint32_t>(row.number(6)),
                           .tags = parse_tag_text(row.text(7))};
  return store::to_stream(scope, settings, row.text(2), row.number(1));
}

std::string select(std::string_view condition) {
  return "SELECT " + std::string(kColumns) + " FROM streams WHERE scope = ?1 AND " + std::string(condition);
}

}  // namespace

StreamReader::StreamReader(SQLite::Database& database, const wire::ArnScope& scope, std::int64_t scope_id)
    : scope_(scope),
      scope_id_(scope_id),
      stream_(database, select("name = ?2")),
      streams_(database, select("name >= ?2 AND name < ?3 ORDER BY name LIMIT ?4")) {}

std::optional<Stream> StreamReader::stream(std::string_view name) {
  StatementUse use(stream_);
  if (!use.bind(scope_id_, name).step()) return std::nullopt;
  return to_stream(use, scope_);
}

StreamPage StreamReader::streams(const ChannelQuery& query) {
  const NameRange range = to_name_range(query);
  StatementUse use(streams_);
  use.bind(scope_id_, range.from, range.to, static_cast<std::int64_t>(query.limit) + 1);
  StreamPage page;
  while (use.step()) {
    if (page.streams.size() == query.limit) {
      page.has_more = true;
      break;
    }
    page.streams.push_back(to_stream(use, scope_));
  }
  return page;
}

StreamWriter::StreamWriter(SQLite::Database& database, const wire::ArnScope& scope, std::int64_t scope_id)
    : scope_(scope),
      scope_id_(scope_id),
      database_(database),
      reader_(database, scope, scope_id),
      create_(database, "INSERT INTO streams (scope, " + std::string(kColumns) +
                            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      newest_deleted_(database, "SELECT newest_deleted_ms FROM scopes WHERE id = ?"),
      note_deleted_(database, "UPDATE scopes SET newest_deleted_ms = ?2 WHERE id = ?1 AND newest_deleted_ms < ?2"),
      change_(database,
              "UPDATE streams SET version = ?3, device_name = ?4, media_type = ?5, retention_h = ?6, tags = ?7"
              " WHERE scope = ?1 AND name = ?2"),
      erase_(database, "DELETE FROM streams WHERE scope = ? AND name = ?") {}

std::optional<Stream> StreamWriter::find(const StreamArn& arn) {
  const auto key = to_stream_key(scope_, arn);
  if (!key) return std::nullopt;
  auto stream = reader_.stream(key->name);
  if (stream && stream->arn != arn) stream.reset();
  return stream;
}

Result<Stream> StreamWriter::create(const NewStream& wanted, std::string_view version, WallTime now) {
  if (wanted.tags.size() > kMaxTags) return too_many_tags(wanted.tags.size(), kStream);
  WriteTransaction transaction(database_);
  std::int64_t newest_deleted_ms = 0;
  {
    StatementUse use(newest_deleted_);
    if (use.bind(scope_id_).step()) newest_deleted_ms = use.number(0);
  }
  const std::int64_t created_ms = to_created_ms(now, newest_deleted_ms);
  const int added =
      StatementUse(create_)
          .bind(scope_id_, wanted.name, created_ms, version, wanted.device_name, wanted.media_type, wanted.kms_key_id,
                static_cast<std::int64_t>(wanted.retention_hours), to_tag_text(wanted.tags))
          .run();
  if (added == 0) return name_taken(wanted.name, kStream);
  transaction.commit();
  return store::to_stream(scope_, wanted, version, created_ms);
}

Result<Stream> StreamWriter::change(const StreamArn& arn, const std::optional<std::string>& version,
                                    std::string_view next_version, const std::function<Result<void>(Stream&)>& edit) {
  WriteTransaction transaction(database_);
  auto stream = find(arn);
  if (!stream) return not_found(arn.view(), kStream);
  if (version && stream->version != *version) return stale_version(*version, kStream);
  if (auto edited = edit(*stream); !edited) return edited.error();
  if (stream->tags.size() > kMaxTags) return too_many_tags(stream->tags.size(), kStream);
  if (version) stream->version = next_version;
  StatementUse(change_)
      .bind(scope_id_, stream->name, stream->version, stream->device_name, stream->media_type,
            static_cast<std::int64_t>(stream->retention_hours), to_tag_text(stream->tags))
      .run();
  transaction.commit();
  return *std::move(stream);
}

Result<void> StreamWriter::erase(const StreamArn& arn, const std::optional<std::string>& version) {
  WriteTransaction transaction(database_);
  const auto stream = find(arn);
  if (!stream) return not_found(arn.view(), kStream);
  if (version && stream->version != *version) return stale_version(*version, kStream);
  StatementUse(note_deleted_)
      .bind(scope_id_, static_cast<std::int64_t>(stream->created.time_since_epoch().count()))
      .run();
  StatementUse(erase_).bind(scope_id_, stream->name).run();
  transaction.commit();
  return {};
}

}  // namespace heliograph::store
