// The writing connection of the SQLite store: each method is one transaction. Private to src/store.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "store/channel.hpp"
#include "store/rules.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_streams.hpp"

namespace heliograph::store {

/// Threads: one at a time. Every method may throw SQLite::Exception; whatever it had begun is then rolled back.
class SqliteWriter {
 public:
  /// The schema is up to date.
  SqliteWriter(std::unique_ptr<SQLite::Database> database, const wire::ArnScope& scope);

  [[nodiscard]] std::int64_t scope_id() const noexcept { return scope_id_; }
  [[nodiscard]] std::size_t count_channels();

  [[nodiscard]] Result<Channel> create(const NewChannel& wanted, std::string_view version, WallTime now);
  [[nodiscard]] Result<Channel> update(const ChannelKey& key, std::string_view version, std::string_view next_version,
                                       std::chrono::seconds message_ttl);
  [[nodiscard]] Result<void> erase(const ChannelKey& key, const std::optional<std::string>& version);
  [[nodiscard]] Result<void> tag(const ChannelKey& key, const Tags& tags);
  [[nodiscard]] Result<void> untag(const ChannelKey& key, const std::vector<std::string>& tag_keys);
  [[nodiscard]] StreamWriter& streams() noexcept { return streams_; }

 private:
  [[nodiscard]] std::int64_t find_or_add_scope();
  [[nodiscard]] std::optional<Channel> find(const ChannelKey& key);
  void write_tags(std::string_view channel, const Tags& tags);
  [[nodiscard]] std::size_t count_tags(std::string_view channel);

  const wire::ArnScope& scope_;
  std::unique_ptr<SQLite::Database> database_;
  const std::int64_t scope_id_;
  SQLite::Statement find_;
  SQLite::Statement create_;
  SQLite::Statement newest_deleted_;
  SQLite::Statement note_deleted_;
  SQLite::Statement update_;
  SQLite::Statement erase_;
  SQLite::Statement tag_;
  SQLite::Statement untag_;
  SQLite::Statement count_tags_;
  StreamWriter streams_;
};

}  // namespace heliograph::store
