// SqliteUserStore: the UserStore in the service's SQLite file.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>

#include "store/user_store.hpp"

namespace heliograph::store {

class SqliteUserTables;

/// What it promises: as SqliteStore: an acknowledged write survives SIGKILL and a power cut, one that was cut short
/// left nothing behind. It has one connection of its own, under a lock: users are read at the start and changed seldom.
/// Threads and errors: as UserStore says.
class SqliteUserStore final : public UserStore {
 public:
  /// Opens the file, which a SqliteStore may share, and brings an older schema up to date. Fails as SqliteStore::open.
  [[nodiscard]] static Result<std::unique_ptr<SqliteUserStore>> open(
      std::filesystem::path file, std::chrono::milliseconds busy_timeout = std::chrono::seconds(5));
  ~SqliteUserStore() override;

  [[nodiscard]] Result<std::vector<User>> users() const override;
  [[nodiscard]] Result<void> add_user(const User& user) override;
  [[nodiscard]] Result<User> change_user(std::string_view name,
                                         const std::function<Result<void>(User&)>& edit) override;
  [[nodiscard]] Result<void> remove_user(std::string_view name) override;
  [[nodiscard]] Result<std::vector<Role>> roles() const override;
  [[nodiscard]] Result<void> add_role(const Role& role) override;
  [[nodiscard]] Result<Role> change_role(std::string_view name,
                                         const std::function<Result<void>(Role&)>& edit) override;
  [[nodiscard]] Result<void> remove_role(std::string_view name) override;

 private:
  explicit SqliteUserStore(std::filesystem::path file);
  template <class Work>
  auto with(Work&& work) const;

  const std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::unique_ptr<SqliteUserTables> tables_;
};

}  // namespace heliograph::store
