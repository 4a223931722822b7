// Streams in the SQLite store: the statements that read and write them. Private to src/store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "store/rules.hpp"
#include "store/sqlite_connection.hpp"
#include "store/stream.hpp"

namespace heliograph::store {

/// Threads: those of its connection. Every method may throw SQLite::Exception.
class StreamReader {
 public:
  StreamReader(SQLite::Database& database, const wire::ArnScope& scope, std::int64_t scope_id);

  [[nodiscard]] std::optional<Stream> stream(std::string_view name);
  [[nodiscard]] StreamPage streams(const ChannelQuery& query);

 private:
  const wire::ArnScope& scope_;
  const std::int64_t scope_id_;
  SQLite::Statement stream_;
  SQLite::Statement streams_;
};

/// Each method is one transaction. Threads: those of its connection. Every method may throw SQLite::Exception.
class StreamWriter {
 public:
  StreamWriter(SQLite::Database& database, const wire::ArnScope& scope, std::int64_t scope_id);

  [[nodiscard]] Result<Stream> create(const NewStream& wanted, std::string_view version, WallTime now);
  /// @param next_version  taken when `version` is given.
  [[nodiscard]] Result<Stream> change(const StreamArn& arn, const std::optional<std::string>& version,
                                      std::string_view next_version, const std::function<Result<void>(Stream&)>& edit);
  [[nodiscard]] Result<void> erase(const StreamArn& arn, const std::optional<std::string>& version);

 private:
  [[nodiscard]] std::optional<Stream> find(const StreamArn& arn);

  const wire::ArnScope& scope_;
  const std::int64_t scope_id_;
  SQLite::Database& database_;
  StreamReader reader_;
  SQLite::Statement create_;
  SQLite::Statement newest_deleted_;
  SQLite::Statement note_deleted_;
  SQLite::Statement change_;
  SQLite::Statement erase_;
};

}  // namespace heliograph::store
