// Reading connections of the SQLite store.
#include "store/sqlite_reader.hpp"

#include <utility>

namespace heliograph::store {
namespace {

std::string select_channels(std::string_view condition) {
  return "SELECT " + std::string(kChannelColumns) + " FROM channels WHERE scope = ?1 AND " + std::string(condition);
}

}  // namespace

Channel to_channel(const StatementUse& row, const wire::ArnScope& scope) {
  const std::int64_t created_ms = row.number(1);
  Channel channel;
  channel.name = row.text(0);
  channel.arn = ChannelArn(wire::to_channel_arn(scope, channel.name, created_ms));
  channel.type = row.number(2) == 0 ? ChannelType::kSingleMaster : ChannelType::kFullMesh;
  channel.created = WallTime(std::chrono::milliseconds(created_ms));
  channel.message_ttl = std::chrono::seconds(row.number(3));
  channel.version = row.text(4);
  return channel;
}

SqliteReader::SqliteReader(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout,
                           const wire::ArnScope& scope, std::int64_t scope_id)
    : scope_(scope),
      scope_id_(scope_id),
      database_(open_reader(file, busy_timeout)),
      channel_(*database_, select_channels("name = ?2")),
      // One lower and one upper bound, so that SQLite starts at the page's first row whatever the page.
      channels_(*database_, select_channels("name >= ?2 AND name < ?3 ORDER BY name LIMIT ?4")),
      tags_(*database_,
            "SELECT tags.key, tags.value FROM channels LEFT JOIN tags ON tags.scope = channels.scope"
            " AND tags.channel = channels.name"
            " WHERE channels.scope = ? AND channels.name = ? AND channels.created_ms = ?"),
      streams_(*database_, scope, scope_id) {}

std::optional<Channel> SqliteReader::channel(std::string_view name) {
  StatementUse use(channel_);
  if (!use.bind(scope_id_, name).step()) return std::nullopt;
  return to_channel(use, scope_);
}

ChannelPage SqliteReader::channels(const ChannelQuery& query) {
  const NameRange range = to_name_range(query);
  StatementUse use(channels_);
  use.bind(scope_id_, range.from, range.to, static_cast<std::int64_t>(query.limit) + 1);
  ChannelPage page;
  while (use.step()) {
    if (page.channels.size() == query.limit) {
      page.has_more = true;
      break;
    }
    page.channels.push_back(to_channel(use, scope_));
  }
  return page;
}

std::optional<Tags> SqliteReader::tags(const ChannelKey& key) {
  StatementUse use(tags_);
  use.bind(scope_id_, key.name, key.created_ms);
  std::optional<Tags> found;
  while (use.step()) {
    if (!found) found.emplace();
    if (!use.is_null(0)) found->emplace(use.text(0), use.text(1));
  }
  return found;
}

std::unique_ptr<SqliteReader> ReaderPool::take() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !idle_.empty(); });
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void ReaderPool::give_back(std::unique_ptr<SqliteReader> reader) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
  }
  returned_.notify_one();
}

}  // namespace heliograph::store
