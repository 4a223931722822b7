// The tables of users and roles, and the statements on them. Private to src/store.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "store/sqlite_connection.hpp"
#include "store/user.hpp"

namespace heliograph::store {

/// Reads and writes whole users and roles. Transactions are the caller's. Statements are prepared anew for each call:
/// nothing here is done often. Threads: one at a time. Every method may throw SQLite::Exception.
class SqliteUserTables {
 public:
  /// The schema is up to date.
  explicit SqliteUserTables(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}

  [[nodiscard]] SQLite::Database& database() noexcept { return *database_; }

  /// By name; only that of `name` if it is given.
  [[nodiscard]] std::vector<User> users(const std::optional<std::string>& name = std::nullopt);
  /// False: the name is taken.
  [[nodiscard]] bool insert(const User& user);
  /// Everything but name, id and creation time. Fails with kResourceInUse: a key's id is taken.
  [[nodiscard]] Result<void> write_parts(const User& user);
  [[nodiscard]] bool erase_user(std::string_view name);

  [[nodiscard]] std::vector<Role> roles(const std::optional<std::string>& name = std::nullopt);
  [[nodiscard]] bool insert(const Role& role);
  void write_parts(const Role& role);
  [[nodiscard]] bool erase_role(std::string_view name);

 private:
  /// Runs a statement that answers nothing; how many rows it changed.
  template <class... Values>
  int run(const std::string& sql, const Values&... values) {
    SQLite::Statement statement(*database_, sql);
    return StatementUse(statement).bind(values...).run();
  }
  /// @param kind  "user" or "role", which tables and columns are called after.
  [[nodiscard]] std::vector<NamedPolicy> policies(const std::string& kind, std::string_view owner);
  void write_policies(const std::string& kind, std::string_view owner, const std::vector<NamedPolicy>& policies);
  [[nodiscard]] std::vector<UserKey> keys(std::string_view user);

  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace heliograph::store
