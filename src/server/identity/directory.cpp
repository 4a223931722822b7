// Reading: who a key or token stands for.
#include "server/identity/directory.hpp"

#include "server/identity/records.hpp"
#include "wire/base64.hpp"

namespace heliograph::server::identity {
namespace {

using Kind = wire::SessionClaims::Kind;

/// What its sessions have as their user's id.
std::string id_of(const Principal& user) { return user.user_id.empty() ? user.id.str() : user.user_id; }

/// What a sealed secret is bound to: put elsewhere, it does not open.
std::string bound_of(const store::User& user, const AccessKeyId& key) { return user.name + '\n' + key.str(); }

}  // namespace

Directory::Directory(const Principals& administrators, store::UserStore& store, MasterKey master, Rng& rng)
    : administrators_(administrators),
      store_(store),
      master_(std::move(master)),
      secrets_key_(master_.key.derive("heliograph user secrets 1")),
      tokens_key_(master_.key.derive("heliograph session tokens 1")),
      rng_(rng),
      picture_(std::make_shared<const Picture>()) {}

Directory::PicturePtr Directory::picture() const {
  const std::lock_guard lock(mutex_);
  return picture_;
}

PrincipalPtr Directory::find(std::string_view access_key_id) const {
  if (PrincipalPtr administrator = administrators_.find(access_key_id)) return administrator;
  const PicturePtr now = picture();
  const auto found = now->by_key.find(access_key_id);
  return found == now->by_key.end() ? nullptr : found->second;
}

PrincipalPtr Directory::base_of(const wire::SessionClaims& claims) const {
  switch (claims.kind) {
    case Kind::kAdministrator:
      return administrators_.find(claims.parent.view());
    case Kind::kUser: {
      // The key it was asked for with must still be there, and still be this user's.
      PrincipalPtr user = find(claims.parent.view());
      return user != nullptr && user->user_id == claims.subject_id ? user : nullptr;
    }
    case Kind::kRole: {
      const auto known = role(claims.subject);
      if (known == nullptr || known->record.id != claims.subject_id) return nullptr;
      return std::make_shared<const Principal>(Principal{.name = claims.subject + '/' + claims.session_name,
                                                         .id = {},
                                                         .secret = {},
                                                         .user_id = claims.subject_id + ':' + claims.session_name,
                                                         .policies = known->policies,
                                                         .tags = known->record.tags,
                                                         .role = claims.subject});
    }
  }
  return nullptr;
}

PrincipalPtr Directory::find_session(std::string_view access_key_id, std::string_view token) const {
  const auto claims = wire::open_session_token(token, tokens_key_);
  if (!claims || claims->key.view() != access_key_id) return nullptr;
  const PrincipalPtr base = base_of(*claims);
  if (base == nullptr) return nullptr;
  auto session = std::make_shared<Principal>(*base);
  session->user_id = id_of(*base);
  session->id = claims->key;
  session->secret = claims->secret;
  session->session_token = Secret(std::string(token));
  session->expires = claims->expires;
  session->parent = claims->parent;
  if (!claims->policies.empty()) {
    session->session_policies.emplace();
    for (const std::string& text : claims->policies) {
      auto policy = core::Policy::parse("session policy", text);
      if (!policy) return nullptr;  // Written by a version that understood more: not known is not allowed.
      session->session_policies->push_back(*std::move(policy));
    }
  }
  return session;
}

bool Directory::still_knows(const Principal& principal) const {
  if (principal.role) {
    const auto known = role(*principal.role);
    return known != nullptr && principal.user_id.starts_with(known->record.id + ':');
  }
  const bool is_session = !principal.parent.empty();
  const PrincipalPtr now = find(is_session ? principal.parent.view() : principal.id.view());
  if (now == nullptr) return false;
  return (is_session ? id_of(*now) : now->user_id) == principal.user_id;
}

std::string Directory::to_token(const wire::SessionClaims& claims) const {
  return wire::to_session_token(claims, tokens_key_, rng_);
}

std::optional<wire::SessionClaims> Directory::describe(const Principal& principal) const {
  if (principal.expires || principal.role) return std::nullopt;
  const bool is_administrator = administrators_.find(principal.id.view()) != nullptr;
  return wire::SessionClaims{.kind = is_administrator ? Kind::kAdministrator : Kind::kUser,
                             .key = {},
                             .secret = {},
                             .expires = {},
                             .subject = principal.name,
                             .subject_id = principal.user_id,
                             .parent = principal.id};
}

std::shared_ptr<const KnownRole> Directory::role(std::string_view name) const {
  const PicturePtr now = picture();
  const auto found = now->roles.find(name);
  return found == now->roles.end() ? nullptr : found->second;
}

std::vector<store::User> Directory::users() const {
  std::vector<store::User> users;
  for (const auto& [name, user] : picture()->users) users.push_back(user->record);
  return users;
}

std::vector<store::Role> Directory::roles() const {
  std::vector<store::Role> roles;
  for (const auto& [name, role] : picture()->roles) roles.push_back(role->record);
  return roles;
}

Result<std::shared_ptr<const Directory::KnownUser>> Directory::understand(store::User record) const {
  auto policies = compile_policies(record.policies);
  if (!policies) return policies.error();
  auto user = std::make_shared<KnownUser>();
  for (const store::UserKey& key : record.keys) {
    const auto sealed = wire::parse_base64(key.sealed_secret);
    auto secret = sealed ? secrets_key_.open(*sealed, bound_of(record, key.id)) : std::nullopt;
    if (!secret)
      return Error{Errc::kCorrupt, "the secret of user " + record.name + ", key " + key.id.str() +
                                       ", does not open with the master key in " + master_.place +
                                       "; bring back the master key that was in use when the user was made"};
    user->keys.push_back(std::make_shared<const Principal>(Principal{.name = record.name,
                                                                     .id = key.id,
                                                                     .secret = *std::move(secret),
                                                                     .user_id = record.id,
                                                                     .policies = *policies,
                                                                     .tags = record.tags}));
  }
  user->record = std::move(record);
  return std::shared_ptr<const KnownUser>(std::move(user));
}

Result<void> Directory::load() {
  const std::lock_guard changing(change_mutex_);
  auto users = store_.users();
  if (!users) return users.error();
  auto roles = store_.roles();
  if (!roles) return roles.error();
  auto next = std::make_shared<Picture>();
  for (store::User& record : *users) {
    if (administrators_.has_name(record.name))
      return Error{Errc::kResourceInUse, "there is a user " + record.name +
                                             ", and a section of that name in DATA/credentials: both would have one "
                                             "ARN; give the section another name"};
    auto user = understand(std::move(record));
    if (!user) return user.error();
    for (const PrincipalPtr& key : (*user)->keys) next->by_key.emplace(key->id.view(), key);
    next->users.emplace((*user)->record.name, *user);
  }
  for (store::Role& record : *roles) {
    auto role = to_known_role(std::move(record));
    if (!role) return role.error();
    std::string name = role->record.name;
    next->roles.emplace(std::move(name), std::make_shared<const KnownRole>(*std::move(role)));
  }
  show(std::move(next));
  return {};
}

}  // namespace heliograph::server::identity
