// The SQLite schema as numbered steps, and the walk from any older one to the newest.
#include "store/sqlite_schema.hpp"

#include <array>
#include <string>

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

namespace heliograph::store {
namespace {

constexpr std::array<std::string_view, 5> kSteps = {
    // 1: Channels. Names are compared as bytes, so that pages come in the same order as in memory. `created_ms` is the
    // end of the ARN; the rest of the ARN follows from the scope and the name. `newest_deleted_ms` keeps ARNs unique.
    R"sql(
      CREATE TABLE scopes (
        id INTEGER PRIMARY KEY,
        partition TEXT NOT NULL,
        region TEXT NOT NULL,
        account TEXT NOT NULL,
        newest_deleted_ms INTEGER NOT NULL DEFAULT 0,
        UNIQUE (partition, region, account)
      ) STRICT;
      CREATE TABLE channels (
        scope INTEGER NOT NULL REFERENCES scopes (id),
        name TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        type INTEGER NOT NULL,
        message_ttl_s INTEGER NOT NULL,
        version TEXT NOT NULL,
        PRIMARY KEY (scope, name)
      ) STRICT, WITHOUT ROWID;
    )sql",
    // 2: Tags.
    R"sql(
      CREATE TABLE tags (
        scope INTEGER NOT NULL,
        channel TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (scope, channel, key),
        FOREIGN KEY (scope, channel) REFERENCES channels (scope, name) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
    )sql",
    // 3: Settings of other parts of the service; no part has any yet, and a step that was taken stays.
    R"sql(
      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
    )sql",
    // 4: Streams: settings without media. Empty texts were not given. `tags` is key and value by turns, each with a
    // line
    // feed behind it, which neither can hold.
    R"sql(
      CREATE TABLE streams (
        scope INTEGER NOT NULL REFERENCES scopes (id),
        name TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        version TEXT NOT NULL,
        device_name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        kms_key_id TEXT NOT NULL,
        retention_h INTEGER NOT NULL,
        tags TEXT NOT NULL,
        PRIMARY KEY (scope, name)
      ) STRICT, WITHOUT ROWID;
    )sql",
    // 5: Users and roles: of the data directory, whatever its account and region. `position` keeps the order in which
    // they were given; `sealed_secret` is nothing without the master key. Tags as in step 4.
    R"sql(
      CREATE TABLE users (
        name TEXT PRIMARY KEY,
        id TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        tags TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE user_keys (
        id TEXT PRIMARY KEY,
        user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        sealed_secret TEXT NOT NULL,
        created_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX user_keys_of_user ON user_keys (user);
      CREATE TABLE user_policies (
        user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (user, position)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roles (
        name TEXT PRIMARY KEY,
        id TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        trust TEXT NOT NULL,
        tags TEXT NOT NULL,
        max_session_s INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE role_policies (
        role TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (role, position)
      ) STRICT, WITHOUT ROWID;
    )sql",
};

int pragma_number(SQLite::Database& database, const char* pragma) { return database.execAndGet(pragma).getInt(); }

bool has_tables(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0;
}

}  // namespace

std::span<const std::string_view> schema_steps() noexcept { return kSteps; }

std::size_t schema_version(SQLite::Database& database) {
  if (!database.tableExists("schema_steps")) return 0;
  return static_cast<std::size_t>(database.execAndGet("SELECT coalesce(max(number), 0) FROM schema_steps").getInt64());
}

Result<void> migrate(SQLite::Database& database, std::size_t target) {
  const int application = pragma_number(database, "PRAGMA application_id");
  if (application != kApplicationId && (application != 0 || has_tables(database))) {
    return Error{Errc::kCorrupt, "this SQLite file was made by another program; name another file or directory"};
  }
  if (application == 0) database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));

  const std::size_t found = schema_version(database);
  if (found > kSteps.size()) {
    return Error{Errc::kCorrupt, "the data was written by a newer Heliograph (schema " + std::to_string(found) +
                                     ", this one knows " + std::to_string(kSteps.size()) +
                                     "); run the newer version, or restore a backup made with this one"};
  }
  database.exec("CREATE TABLE IF NOT EXISTS schema_steps (number INTEGER PRIMARY KEY) STRICT");
  for (std::size_t step = found; step < target; ++step) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(std::string(kSteps[step]));
    database.exec("INSERT INTO schema_steps (number) VALUES (" + std::to_string(step + 1) + ")");
    transaction.commit();
  }
  return {};
}

}  // namespace heliograph::store
