// MemoryUserStore: two maps under a lock.
#include "store/memory_user_store.hpp"

#include "store/rules.hpp"

namespace heliograph::store {
namespace {

template <class Thing>
std::vector<Thing> values_of(const std::map<std::string, Thing, std::less<>>& things) {
  std::vector<Thing> all;
  all.reserve(things.size());
  for (const auto& [name, thing] : things) all.push_back(thing);
  return all;
}

}  // namespace

Result<void> MemoryUserStore::check_keys(const User& user) const {
  for (const auto& [name, other] : users_) {
    if (name == user.name) continue;
    for (const UserKey& taken : other.keys)
      for (const UserKey& key : user.keys)
        if (key.id == taken.id) return key_taken(key.id.view());
  }
  return {};
}

Result<std::vector<User>> MemoryUserStore::users() const {
  const std::lock_guard lock(mutex_);
  return values_of(users_);
}

Result<void> MemoryUserStore::add_user(const User& user) {
  const std::lock_guard lock(mutex_);
  if (users_.contains(user.name)) return name_taken(user.name, kUser);
  if (auto checked = check_keys(user); !checked) return checked;
  users_.emplace(user.name, user);
  return {};
}

Result<User> MemoryUserStore::change_user(std::string_view name, const std::function<Result<void>(User&)>& edit) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(name);
  if (found == users_.end()) return not_found(name, kUser);
  User user = found->second;
  if (auto edited = edit(user); !edited) return edited.error();
  if (auto checked = check_keys(user); !checked) return checked.error();
  found->second = user;
  return user;
}

Result<void> MemoryUserStore::remove_user(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(name);
  if (found == users_.end()) return not_found(name, kUser);
  users_.erase(found);
  return {};
}

Result<std::vector<Role>> MemoryUserStore::roles() const {
  const std::lock_guard lock(mutex_);
  return values_of(roles_);
}

Result<void> MemoryUserStore::add_role(const Role& role) {
  const std::lock_guard lock(mutex_);
  if (!roles_.emplace(role.name, role).second) return name_taken(role.name, kRole);
  return {};
}

Result<Role> MemoryUserStore::change_role(std::string_view name, const std::function<Result<void>(Role&)>& edit) {
  const std::lock_guard lock(mutex_);
  const auto found = roles_.find(name);
  if (found == roles_.end()) return not_found(name, kRole);
  Role role = found->second;
  if (auto edited = edit(role); !edited) return edited.error();
  found->second = role;
  return role;
}

Result<void> MemoryUserStore::remove_role(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = roles_.find(name);
  if (found == roles_.end()) return not_found(name, kRole);
  roles_.erase(found);
  return {};
}

}  // namespace heliograph::store
