// SQLite connections: opening them the way the store needs, and turning SQLite's errors into ours. Private to
// src/store.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "heliograph/result.hpp"

namespace heliograph::store {

/// Makes the file with mode 0600 if it is missing, and takes the rights of others away if it has them. SQLite gives its
/// -wal and -shm files the same mode.
[[nodiscard]] Result<void> make_private_file(const std::filesystem::path& file);

/// A connection that writes. Throws SQLite::Exception.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_writer(const std::filesystem::path& file,
                                                            std::chrono::milliseconds busy_timeout);
/// A connection that only reads; of a database in WAL mode it never waits for the writer. Throws SQLite::Exception.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_reader(const std::filesystem::path& file,
                                                            std::chrono::milliseconds busy_timeout);

/// What went wrong, what it means, and what to do. `code` is SQLite's primary or extended result code.
[[nodiscard]] Error to_error(const std::filesystem::path& file, int code, std::string_view text);

/// Calls `work`, which returns a Result; what SQLite throws becomes its Error.
template <class Work>
auto guarded(const std::filesystem::path& file, Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const SQLite::Exception& problem) {
    return to_error(file, problem.getExtendedErrorCode(), problem.what());
  }
}

/// Takes the write lock at once: a transaction that began by reading could not always be turned into a writing one.
class WriteTransaction : public SQLite::Transaction {
 public:
  explicit WriteTransaction(SQLite::Database& database)
      : SQLite::Transaction(database, SQLite::TransactionBehavior::IMMEDIATE) {}
};

/// Puts a kept statement back to its start when its use ends, so that it holds no snapshot of the database.
class StatementUse {
 public:
  explicit StatementUse(SQLite::Statement& statement) : statement_(statement) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() { statement_.tryReset(); }

  /// Binds (and copies) in order, from 1.
  template <class... Values>
  StatementUse& bind(const Values&... values) {
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }
  [[nodiscard]] bool step() { return statement_.executeStep(); }
  /// Runs a statement that answers nothing; returns how many rows it changed.
  int run() { return statement_.exec(); }

  [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }
  [[nodiscard]] bool is_null(int column) const { return statement_.getColumn(column).isNull(); }
  [[nodiscard]] std::int64_t number(int column) const { return statement_.getColumn(column).getInt64(); }

 private:
  void bind_one(int index, std::int64_t value) { statement_.bind(index, value); }
  void bind_one(int index, std::string_view value) { statement_.bind(index, std::string(value)); }

  SQLite::Statement& statement_;
};

}  // namespace heliograph::store
