// SqliteUserStore: each write is one transaction.
#include "store/sqlite_user_store.hpp"

#include <utility>

#include "store/rules.hpp"
#include "store/sqlite_schema.hpp"
#include "store/sqlite_user_tables.hpp"

namespace heliograph::store {

SqliteUserStore::SqliteUserStore(std::filesystem::path file) : file_(std::move(file)) {}
SqliteUserStore::~SqliteUserStore() = default;

template <class Work>
auto SqliteUserStore::with(Work&& work) const {
  const std::lock_guard lock(mutex_);
  return guarded(file_, [&] { return work(*tables_); });
}

Result<std::unique_ptr<SqliteUserStore>> SqliteUserStore::open(std::filesystem::path file,
                                                               std::chrono::milliseconds busy_timeout) {
  std::unique_ptr<SqliteUserStore> store(new SqliteUserStore(std::move(file)));
  if (auto made = make_private_file(store->file_); !made) return std::move(made).error();
  auto opened = guarded(store->file_, [&]() -> Result<void> {
    auto database = open_writer(store->file_, busy_timeout);
    if (auto migrated = migrate(*database); !migrated) {
      Error error = std::move(migrated).error();
      error.detail = store->file_.string().append(": ").append(error.detail);
      return error;
    }
    store->tables_ = std::make_unique<SqliteUserTables>(std::move(database));
    return {};
  });
  if (!opened) return std::move(opened).error();
  return store;
}

Result<std::vector<User>> SqliteUserStore::users() const {
  return with([](SqliteUserTables& tables) -> Result<std::vector<User>> { return tables.users(); });
}

Result<void> SqliteUserStore::add_user(const User& user) {
  return with([&](SqliteUserTables& tables) -> Result<void> {
    WriteTransaction transaction(tables.database());
    if (!tables.insert(user)) return name_taken(user.name, kUser);
    if (auto written = tables.write_parts(user); !written) return written;
    transaction.commit();
    return {};
  });
}

Result<User> SqliteUserStore::change_user(std::string_view name, const std::function<Result<void>(User&)>& edit) {
  return with([&](SqliteUserTables& tables) -> Result<User> {
    WriteTransaction transaction(tables.database());
    auto found = tables.users(std::string(name));
    if (name.empty() || found.empty()) return not_found(name, kUser);
    User& user = found.front();
    if (auto edited = edit(user); !edited) return edited.error();
    if (auto written = tables.write_parts(user); !written) return written.error();
    transaction.commit();
    return std::move(user);
  });
}

Result<void> SqliteUserStore::remove_user(std::string_view name) {
  return with([&](SqliteUserTables& tables) -> Result<void> {
    if (!tables.erase_user(name)) return not_found(name, kUser);
    return {};
  });
}

Result<std::vector<Role>> SqliteUserStore::roles() const {
  return with([](SqliteUserTables& tables) -> Result<std::vector<Role>> { return tables.roles(); });
}

Result<void> SqliteUserStore::add_role(const Role& role) {
  return with([&](SqliteUserTables& tables) -> Result<void> {
    WriteTransaction transaction(tables.database());
    if (!tables.insert(role)) return name_taken(role.name, kRole);
    tables.write_parts(role);
    transaction.commit();
    return {};
  });
}

Result<Role> SqliteUserStore::change_role(std::string_view name, const std::function<Result<void>(Role&)>& edit) {
  return with([&](SqliteUserTables& tables) -> Result<Role> {
    WriteTransaction transaction(tables.database());
    auto found = tables.roles(std::string(name));
    if (name.empty() || found.empty()) return not_found(name, kRole);
    Role& role = found.front();
    if (auto edited = edit(role); !edited) return edited.error();
    tables.write_parts(role);
    transaction.commit();
    return std::move(role);
  });
}

Result<void> SqliteUserStore::remove_role(std::string_view name) {
  return with([&](SqliteUserTables& tables) -> Result<void> {
    if (!tables.erase_role(name)) return not_found(name, kRole);
    return {};
  });
}

}  // namespace heliograph::store
