// Changing: first the store, then the picture.
#include <algorithm>

#include "server/identity/directory.hpp"
#include "server/identity/records.hpp"
#include "server/system_rng.hpp"
#include "wire/base64.hpp"

namespace heliograph::server::identity {
namespace {

/// The shapes of real ids: 4 letters for the kind, and 16 upper-case characters.
std::string make_id(const char* kind, Rng& rng) { return kind + random_text(rng, kUpperAlnum, 16); }

std::string to_sealed(const wire::SealingKey& key, const Secret& secret, const store::User& user, const AccessKeyId& id,
                      Rng& rng) {
  return wire::to_base64(key.seal(secret.reveal(), user.name + '\n' + id.str(), rng));
}

Result<void> apply(UserChange& change, store::User& user) {
  if (change.tags) user.tags = *std::move(change.tags);
  if (change.policies) user.policies = *std::move(change.policies);
  if (auto checked = check_tags(user.tags); !checked) return checked;
  if (auto compiled = compile_policies(user.policies); !compiled) return compiled.error();
  return {};
}

void apply(RoleChange& change, store::Role& role) {
  if (change.trust) role.trust = *std::move(change.trust);
  if (change.tags) role.tags = *std::move(change.tags);
  if (change.policies) role.policies = *std::move(change.policies);
  if (change.max_session) role.max_session = *change.max_session;
}

}  // namespace

void Directory::show(std::shared_ptr<Picture> next) {
  const std::lock_guard lock(mutex_);
  picture_ = std::move(next);
}

void Directory::put(const std::shared_ptr<const KnownUser>& user) {
  auto next = std::make_shared<Picture>(*picture());
  std::erase_if(next->by_key, [&](const auto& entry) { return entry.second->user_id == user->record.id; });
  for (const PrincipalPtr& key : user->keys) next->by_key.emplace(key->id.view(), key);
  next->users.insert_or_assign(user->record.name, user);
  show(std::move(next));
}

void Directory::put(const std::shared_ptr<const KnownRole>& role) {
  auto next = std::make_shared<Picture>(*picture());
  next->roles.insert_or_assign(role->record.name, role);
  show(std::move(next));
}

IssuedKey Directory::make_key(store::User& user, WallTime now) const {
  IssuedKey issued{{}, AccessKeyId(make_id("AKIA", rng_)), Secret(random_text(rng_, kAlnum, 40))};
  user.keys.push_back({issued.id, to_sealed(secrets_key_, issued.secret, user, issued.id, rng_), now});
  return issued;
}

Result<IssuedKey> Directory::add_user(std::string name, UserChange with, WallTime now) {
  if (auto checked = check_name(name, "user"); !checked) return checked.error();
  // Policies and the audit log know both by their ARN, which is made of the name.
  if (administrators_.has_name(name))
    return Error{Errc::kResourceInUse, name +
                                           " is the name of an administrator, a section of DATA/credentials; a user "
                                           "needs one of its own"};
  store::User user{.name = std::move(name), .id = make_id("AIDA", rng_), .created = now};
  if (auto applied = apply(with, user); !applied) return applied.error();
  IssuedKey issued = make_key(user, now);
  const std::lock_guard changing(change_mutex_);
  auto known = understand(user);
  if (!known) return known.error();
  if (auto added = store_.add_user(user); !added) return added.error();
  put(*known);
  issued.user = std::move(user);
  return issued;
}

Result<store::User> Directory::set_user(std::string_view name, UserChange change) {
  const std::lock_guard changing(change_mutex_);
  auto changed = store_.change_user(name, [&](store::User& user) { return apply(change, user); });
  if (!changed) return changed;
  auto known = understand(*changed);
  if (!known) return known.error();
  put(*known);
  return changed;
}

Result<IssuedKey> Directory::add_key(std::string_view name, bool replace, WallTime now) {
  const std::lock_guard changing(change_mutex_);
  std::optional<IssuedKey> issued;
  auto changed = store_.change_user(name, [&](store::User& user) -> Result<void> {
    if (replace) user.keys.clear();
    if (user.keys.size() >= kMaxKeys)
      return Error{Errc::kInvalidArgument, "User " + user.name + " has " + std::to_string(kMaxKeys) +
                                               " access keys, which is as many as there can be; remove one first"};
    issued = make_key(user, now);
    return {};
  });
  if (!changed) return changed.error();
  auto known = understand(*changed);
  if (!known) return known.error();
  put(*known);
  issued->user = *std::move(changed);
  return *std::move(issued);
}

Result<void> Directory::remove_key(std::string_view name, std::string_view id) {
  const std::lock_guard changing(change_mutex_);
  auto changed = store_.change_user(name, [&](store::User& user) -> Result<void> {
    if (std::erase_if(user.keys, [&](const store::UserKey& key) { return key.id.view() == id; }) == 0)
      return Error{Errc::kResourceNotFound, "User " + user.name + " has no access key " + std::string(id)};
    return {};
  });
  if (!changed) return changed.error();
  auto known = understand(*std::move(changed));
  if (!known) return known.error();
  put(*known);
  return {};
}

Result<void> Directory::remove_user(std::string_view name) {
  const std::lock_guard changing(change_mutex_);
  if (auto removed = store_.remove_user(name); !removed) return removed;
  auto next = std::make_shared<Picture>(*picture());
  const auto found = next->users.find(name);
  if (found == next->users.end()) return {};
  std::erase_if(next->by_key, [&](const auto& entry) { return entry.second->user_id == found->second->record.id; });
  next->users.erase(found);
  show(std::move(next));
  return {};
}

Result<store::Role> Directory::add_role(std::string name, RoleChange with, WallTime now) {
  store::Role role{.name = std::move(name), .id = make_id("AROA", rng_), .created = now, .trust = {}};
  apply(with, role);
  auto known = to_known_role(role);
  if (!known) return known.error();
  const std::lock_guard changing(change_mutex_);
  if (auto added = store_.add_role(role); !added) return added.error();
  put(std::make_shared<const KnownRole>(*std::move(known)));
  return role;
}

Result<store::Role> Directory::set_role(std::string_view name, RoleChange change) {
  const std::lock_guard changing(change_mutex_);
  std::optional<KnownRole> known;
  auto changed = store_.change_role(name, [&](store::Role& role) -> Result<void> {
    apply(change, role);
    auto understood = to_known_role(role);
    if (!understood) return understood.error();
    known = *std::move(understood);
    return {};
  });
  if (!changed) return changed;
  put(std::make_shared<const KnownRole>(*std::move(known)));
  return changed;
}

Result<void> Directory::remove_role(std::string_view name) {
  const std::lock_guard changing(change_mutex_);
  if (auto removed = store_.remove_role(name); !removed) return removed;
  auto next = std::make_shared<Picture>(*picture());
  if (const auto found = next->roles.find(name); found != next->roles.end()) next->roles.erase(found);
  show(std::move(next));
  return {};
}

}  // namespace heliograph::server::identity
