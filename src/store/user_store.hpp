// UserStore: the seam behind which users and roles are kept.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "store/user.hpp"

namespace heliograph::store {

/// Users and roles of a data directory, whatever its account and region. Implementations: MemoryUserStore,
/// SqliteUserStore; both pass tests/conformance/user_store_test.cpp, which is the definition of this interface.
///
/// Threads: every method from any thread. Calls may block on a disk.
/// Order:   a read that starts after a write returned sees it.
/// Errors:  kResourceNotFound, kResourceInUse as told below; kServiceUnavailable (the database stays locked), kIo (full
///          or failing disk), kCorrupt. A failed write has changed nothing.
class UserStore {
 public:
  UserStore() = default;
  UserStore(const UserStore&) = delete;
  UserStore& operator=(const UserStore&) = delete;
  virtual ~UserStore() = default;

  /// All, by name, in byte order.
  [[nodiscard]] virtual Result<std::vector<User>> users() const = 0;
  /// Fails with kResourceInUse when the name, or the id of one of the keys, is taken.
  [[nodiscard]] virtual Result<void> add_user(const User& user) = 0;
  /// Lets `edit` change tags, policies and keys, and keeps the outcome, unless it fails. `edit` must not call the
  /// store. Answers the user as it is now. Fails with kResourceNotFound, kResourceInUse (a key's id is taken), or as
  /// `edit` does.
  [[nodiscard]] virtual Result<User> change_user(std::string_view name,
                                                 const std::function<Result<void>(User&)>& edit) = 0;
  /// Removes the user with its keys. Fails with kResourceNotFound.
  [[nodiscard]] virtual Result<void> remove_user(std::string_view name) = 0;

  [[nodiscard]] virtual Result<std::vector<Role>> roles() const = 0;
  /// Fails with kResourceInUse when the name is taken.
  [[nodiscard]] virtual Result<void> add_role(const Role& role) = 0;
  /// The same for trust, tags, policies and the longest session of a role.
  [[nodiscard]] virtual Result<Role> change_role(std::string_view name,
                                                 const std::function<Result<void>(Role&)>& edit) = 0;
  [[nodiscard]] virtual Result<void> remove_role(std::string_view name) = 0;
};

}  // namespace heliograph::store
