// MemoryUserStore: the UserStore that forgets. For tests.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "store/user_store.hpp"

namespace heliograph::store {

/// Threads and errors: as UserStore says.
class MemoryUserStore final : public UserStore {
 public:
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
  /// The first key of `user` that somebody else has. The caller holds the lock.
  [[nodiscard]] Result<void> check_keys(const User& user) const;

  mutable std::mutex mutex_;
  std::map<std::string, User, std::less<>> users_;
  std::map<std::string, Role, std::less<>> roles_;
};

}  // namespace heliograph::store
