// SqliteStore: a writer under a lock, a pool of readers.
#include "store/sqlite_store.hpp"

#include <algorithm>
#include <utility>

#include "store/rules.hpp"
#include "store/sqlite_reader.hpp"
#include "store/sqlite_schema.hpp"
#include "store/sqlite_writer.hpp"

namespace heliograph::store {

SqliteStore::SqliteStore(SqliteOptions options, Rng& rng) : options_(std::move(options)), rng_(rng) {}
SqliteStore::~SqliteStore() = default;

template <class Work>
auto SqliteStore::write(Work&& work) -> decltype(work(std::declval<SqliteWriter&>())) {
  const std::lock_guard lock(write_mutex_);
  return guarded(options_.file, [&] { return work(*writer_); });
}

template <class Work>
auto SqliteStore::read(Work&& work) const {
  return guarded(options_.file, [&] { return readers_->with(work); });
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteOptions options, Rng& rng) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(options), rng));
  if (auto made = make_private_file(store->options_.file); !made) return std::move(made).error();
  auto started = guarded(store->options_.file, [&] { return store->start(); });
  if (!started) return std::move(started).error();
  return store;
}

Result<void> SqliteStore::start() {
  auto database = open_writer(options_.file, options_.busy_timeout);
  if (auto migrated = migrate(*database); !migrated) {
    Error error = std::move(migrated).error();
    error.detail = options_.file.string().append(": ").append(error.detail);
    return error;
  }
  writer_ = std::make_unique<SqliteWriter>(std::move(database), options_.scope);
  count_ = writer_->count_channels();

  std::vector<std::unique_ptr<SqliteReader>> readers;
  for (unsigned i = 0; i < std::max(options_.readers, 1U); ++i) {
    readers.push_back(
        std::make_unique<SqliteReader>(options_.file, options_.busy_timeout, options_.scope, writer_->scope_id()));
  }
  readers_ = std::make_unique<ReaderPool>(std::move(readers));
  return {};
}

Result<void> SqliteStore::check_integrity() const {
  return guarded(options_.file, [&]() -> Result<void> {
    const auto database = open_reader(options_.file, options_.busy_timeout);
    const std::string verdict = database->execAndGet("PRAGMA integrity_check").getString();
    if (verdict != "ok") return Error{Errc::kCorrupt, "the database is damaged: " + verdict};
    SQLite::Statement orphans(*database, "PRAGMA foreign_key_check");
    if (orphans.executeStep()) return Error{Errc::kCorrupt, "the database is damaged: tags without a channel"};
    return {};
  });
}

Result<Channel> SqliteStore::create_channel(const NewChannel& wanted, WallTime now) {
  const std::string version = make_version(rng_);
  auto created = write([&](SqliteWriter& writer) { return writer.create(wanted, version, now); });
  if (created) ++count_;
  return created;
}

Result<Channel> SqliteStore::channel_by_name(std::string_view name) const {
  return read([&](SqliteReader& reader) -> Result<Channel> {
    auto channel = reader.channel(name);
    if (!channel) return not_found(name);
    return *std::move(channel);
  });
}

Result<Channel> SqliteStore::channel_by_arn(const ChannelArn& arn) const {
  const auto key = to_channel_key(options_.scope, arn);
  if (!key) return not_found(arn.view());
  const auto ticket = memory_.begin_read(arn);
  auto found = read([&](SqliteReader& reader) -> Result<Channel> {
    auto channel = reader.channel(key->name);
    if (!channel || channel->arn != arn) return not_found(arn.view());
    return *std::move(channel);
  });
  if (found) memory_.remember(*found, ticket);
  return found;
}

Result<ChannelPage> SqliteStore::list_channels(const ChannelQuery& query) const {
  return read([&](SqliteReader& reader) -> Result<ChannelPage> { return reader.channels(query); });
}

Result<Channel> SqliteStore::update_channel(const ChannelArn& arn, std::string_view version,
                                            std::chrono::seconds message_ttl) {
  const auto key = to_channel_key(options_.scope, arn);
  if (!key) return not_found(arn.view());
  const std::string next_version = make_version(rng_);
  auto updated = write([&](SqliteWriter& writer) { return writer.update(*key, version, next_version, message_ttl); });
  memory_.forget(arn);
  return updated;
}

Result<void> SqliteStore::delete_channel(const ChannelArn& arn, const std::optional<std::string>& version) {
  const auto key = to_channel_key(options_.scope, arn);
  if (!key) return not_found(arn.view());
  auto erased = write([&](SqliteWriter& writer) { return writer.erase(*key, version); });
  if (erased) --count_;
  memory_.forget(arn);
  return erased;
}

Result<void> SqliteStore::tag_channel(const ChannelArn& arn, const Tags& tags) {
  const auto key = to_channel_key(options_.scope, arn);
  if (!key) return not_found(arn.view());
  return write([&](SqliteWriter& writer) { return writer.tag(*key, tags); });
}

Result<void> SqliteStore::untag_channel(const ChannelArn& arn, const std::vector<std::string>& keys) {
  const auto key = to_channel_key(options_.scope, arn);
  if (!key) return not_found(arn.view());
  return write([&](SqliteWriter& writer) { return writer.untag(*key, keys); });
}

Result<Tags> SqliteStore::channel_tags(const ChannelArn& arn) const {
  const auto key = to_channel_key(options_.scope, arn);
  if (!key) return not_found(arn.view());
  return read([&](SqliteReader& reader) -> Result<Tags> {
    auto tags = reader.tags(*key);
    if (!tags) return not_found(arn.view());
    return *std::move(tags);
  });
}

Result<Stream> SqliteStore::create_stream(const NewStream& wanted, WallTime now) {
  const std::string version = make_version(rng_);
  return write([&](SqliteWriter& writer) { return writer.streams().create(wanted, version, now); });
}

Result<Stream> SqliteStore::stream_by_name(std::string_view name) const {
  return read([&](SqliteReader& reader) -> Result<Stream> {
    auto stream = reader.streams().stream(name);
    if (!stream) return not_found(name, kStream);
    return *std::move(stream);
  });
}

Result<Stream> SqliteStore::stream_by_arn(const StreamArn& arn) const {
  const auto key = to_stream_key(options_.scope, arn);
  if (!key) return not_found(arn.view(), kStream);
  auto stream = stream_by_name(key->name);
  if (stream ? stream->arn != arn : stream.error().code == Errc::kResourceNotFound)
    return not_found(arn.view(), kStream);
  return stream;
}

Result<StreamPage> SqliteStore::list_streams(const ChannelQuery& query) const {
  return read([&](SqliteReader& reader) -> Result<StreamPage> { return reader.streams().streams(query); });
}

Result<Stream> SqliteStore::change_stream(const StreamArn& arn, const std::optional<std::string>& version,
                                          const std::function<Result<void>(Stream&)>& edit) {
  const std::string next_version = make_version(rng_);
  return write([&](SqliteWriter& writer) { return writer.streams().change(arn, version, next_version, edit); });
}

Result<void> SqliteStore::delete_stream(const StreamArn& arn, const std::optional<std::string>& version) {
  return write([&](SqliteWriter& writer) { return writer.streams().erase(arn, version); });
}

}  // namespace heliograph::store
