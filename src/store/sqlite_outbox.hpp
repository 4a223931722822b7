// SqliteOutbox: texts that must reach somebody, kept in a file of their own until they did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"

namespace SQLite {
class Database;
}

namespace heliograph::store {

/// What waits. Numbers grow, also across restarts.
struct OutboxEntry {
  std::int64_t number = 0;
  std::string key;  ///< Entries of one key are to go in the order of their numbers.
  WallTime created;
};
struct NewOutboxEntry {
  std::string key;
  std::string id;
  std::string kind;
  std::string body;
};
struct OutboxText {
  std::string id;
  std::string kind;
  std::string body;
};

/// A process that is killed keeps what append() returned for. A machine that loses its power may lose the last moments
/// (WAL with synchronous = NORMAL: a sync per event would cost more than the event is worth), never more.
/// Threads: one at a time; every call waits for the disk. Fails as Store does.
class SqliteOutbox {
 public:
  /// Makes the file if it is missing.
  [[nodiscard]] static Result<std::unique_ptr<SqliteOutbox>> open(const std::filesystem::path& file);
  ~SqliteOutbox();
  SqliteOutbox(const SqliteOutbox&) = delete;
  SqliteOutbox& operator=(const SqliteOutbox&) = delete;

  /// Everything that waits, in order.
  [[nodiscard]] Result<std::vector<OutboxEntry>> load() const;
  /// All or none; gives their numbers.
  [[nodiscard]] Result<std::vector<std::int64_t>> append(std::span<const NewOutboxEntry> entries, WallTime now);
  /// Nothing when there is no such entry.
  [[nodiscard]] Result<std::optional<OutboxText>> read(std::int64_t number) const;
  [[nodiscard]] Result<void> remove(std::span<const std::int64_t> numbers);

 private:
  SqliteOutbox(std::filesystem::path file, std::unique_ptr<SQLite::Database> database);

  std::filesystem::path file_;
  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace heliograph::store
