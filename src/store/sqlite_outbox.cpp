// The outbox's one table.
#include "store/sqlite_outbox.hpp"

#include <utility>

#include "store/sqlite_connection.hpp"

namespace heliograph::store {
namespace {

constexpr std::chrono::milliseconds kBusyTimeout{5000};
constexpr int kApplicationId = 0x48454C45;  // "HELE"
constexpr int kVersion = 1;

// AUTOINCREMENT: a number is not used again when the last entry has gone.
constexpr const char* kSchema = R"sql(
  CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT
)sql";

Result<void> prepare(SQLite::Database& database, const std::filesystem::path& file) {
  const int application = database.execAndGet("PRAGMA application_id").getInt();
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  if (application == kApplicationId && version == kVersion) return {};
  if (application != 0 || version != 0 || database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0)
    return Error{Errc::kCorrupt,
                 file.string() + " was made by another program, or by a newer Heliograph; move it away to start empty"};
  WriteTransaction transaction(database);
  database.exec(kSchema);
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(kVersion));
  transaction.commit();
  return {};
}

}  // namespace

SqliteOutbox::SqliteOutbox(std::filesystem::path file, std::unique_ptr<SQLite::Database> database)
    : file_(std::move(file)), database_(std::move(database)) {}
SqliteOutbox::~SqliteOutbox() = default;

Result<std::unique_ptr<SqliteOutbox>> SqliteOutbox::open(const std::filesystem::path& file) {
  if (auto made = make_private_file(file); !made) return made.error();
  return guarded(file, [&]() -> Result<std::unique_ptr<SqliteOutbox>> {
    auto database = open_writer(file, kBusyTimeout);
    database->exec("PRAGMA synchronous = NORMAL");
    if (auto ready = prepare(*database, file); !ready) return ready.error();
    return std::unique_ptr<SqliteOutbox>(new SqliteOutbox(file, std::move(database)));
  });
}

Result<std::vector<OutboxEntry>> SqliteOutbox::load() const {
  return guarded(file_, [&]() -> Result<std::vector<OutboxEntry>> {
    SQLite::Statement all(*database_, "SELECT number, key, created_ms FROM outbox ORDER BY number");
    std::vector<OutboxEntry> entries;
    while (all.executeStep())
      entries.push_back({all.getColumn(0).getInt64(), all.getColumn(1).getString(),
                         WallTime(std::chrono::milliseconds(all.getColumn(2).getInt64()))});
    return entries;
  });
}

Result<std::vector<std::int64_t>> SqliteOutbox::append(std::span<const NewOutboxEntry> entries, WallTime now) {
  return guarded(file_, [&]() -> Result<std::vector<std::int64_t>> {
    WriteTransaction transaction(*database_);
    SQLite::Statement insert(*database_, "INSERT INTO outbox (key, created_ms, id, kind, body) VALUES (?, ?, ?, ?, ?)");
    std::vector<std::int64_t> numbers;
    for (const NewOutboxEntry& entry : entries) {
      StatementUse(insert)
          .bind(entry.key, std::int64_t{now.time_since_epoch().count()}, entry.id, entry.kind, entry.body)
          .run();
      numbers.push_back(database_->getLastInsertRowid());
    }
    transaction.commit();
    return numbers;
  });
}

Result<std::optional<OutboxText>> SqliteOutbox::read(std::int64_t number) const {
  return guarded(file_, [&]() -> Result<std::optional<OutboxText>> {
    SQLite::Statement one(*database_, "SELECT id, kind, body FROM outbox WHERE number = ?");
    one.bind(1, number);
    if (!one.executeStep()) return std::optional<OutboxText>();
    return std::optional<OutboxText>(
        {one.getColumn(0).getString(), one.getColumn(1).getString(), one.getColumn(2).getString()});
  });
}

Result<void> SqliteOutbox::remove(std::span<const std::int64_t> numbers) {
  return guarded(file_, [&]() -> Result<void> {
    WriteTransaction transaction(*database_);
    SQLite::Statement one(*database_, "DELETE FROM outbox WHERE number = ?");
    for (const std::int64_t number : numbers) StatementUse(one).bind(number).run();
    transaction.commit();
    return {};
  });
}

}  // namespace heliograph::store
