// Directory: everybody who may sign requests: administrators, users, and the sessions that they and roles have.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/policy/trust_policy.hpp"
#include "heliograph/result.hpp"
#include "server/identity/master_key.hpp"
#include "server/principals.hpp"
#include "store/user_store.hpp"
#include "wire/session_token.hpp"

namespace heliograph::server::identity {

/// A role, ready to be asked and assumed.
struct KnownRole {
  store::Role record;
  std::vector<core::Policy> policies;
  core::TrustPolicy trust;
};

/// A new access key: the only moment at which its secret is told.
struct IssuedKey {
  store::User user;
  AccessKeyId id;
  Secret secret;
};

/// What of a user or role is to be set; absent: as it is.
struct UserChange {
  std::optional<store::Tags> tags{};
  std::optional<std::vector<store::NamedPolicy>> policies{};
};
struct RoleChange {
  std::optional<std::string> trust{};
  std::optional<store::Tags> tags{};
  std::optional<std::vector<store::NamedPolicy>> policies{};
  std::optional<std::chrono::seconds> max_session{};
};

inline constexpr std::size_t kMaxKeys = 5;       ///< Of a user.
inline constexpr std::size_t kMaxPolicies = 10;  ///< Of a user or role.
inline constexpr std::chrono::seconds kShortestSession{900};
inline constexpr std::chrono::seconds kLongestRoleSession{43'200};

/// Reads are from an immutable picture in memory. A change goes to the store first; the picture follows before the call
/// returns, so that a key that was taken away is void for every call and connection that begins after that.
///
/// Lifetime: what is given to the constructor must outlive it.
/// Threads:  reads from any, they wait for no disk; changes from any, they block on the store.
/// Errors of changes: kInvalidArgument naming what is wrong; kResourceNotFound, kResourceInUse; or as the store fails.
class Directory final : public PrincipalSource {
 public:
  Directory(const Principals& administrators, store::UserStore& store, MasterKey master, Rng& rng);

  /// Reads the store. Fails with kCorrupt, naming the user, when a secret does not open: the master key is another one;
  /// with kResourceInUse when a user has the name of an administrator, since policies could not tell them apart.
  [[nodiscard]] Result<void> load();

  [[nodiscard]] PrincipalPtr find(std::string_view access_key_id) const override;
  [[nodiscard]] PrincipalPtr find_session(std::string_view access_key_id, std::string_view token) const override;
  [[nodiscard]] bool still_knows(const Principal& principal) const override;
  [[nodiscard]] PrincipalPtr administrator() const override { return administrators_.administrator(); }

  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<const KnownRole> role(std::string_view name) const;
  [[nodiscard]] std::vector<store::User> users() const;
  [[nodiscard]] std::vector<store::Role> roles() const;
  /// The token that find_session() understands, also after a restart.
  [[nodiscard]] std::string to_token(const wire::SessionClaims& claims) const;
  /// What a session of this principal, found by find(), says of it; nothing for a session.
  [[nodiscard]] std::optional<wire::SessionClaims> describe(const Principal& principal) const;

  [[nodiscard]] Result<IssuedKey> add_user(std::string name, UserChange with, WallTime now);
  [[nodiscard]] Result<store::User> set_user(std::string_view name, UserChange change);
  /// One more key; with `replace` it is the only one from then on.
  [[nodiscard]] Result<IssuedKey> add_key(std::string_view name, bool replace, WallTime now);
  [[nodiscard]] Result<void> remove_key(std::string_view name, std::string_view id);
  [[nodiscard]] Result<void> remove_user(std::string_view name);

  [[nodiscard]] Result<store::Role> add_role(std::string name, RoleChange with, WallTime now);
  [[nodiscard]] Result<store::Role> set_role(std::string_view name, RoleChange change);
  [[nodiscard]] Result<void> remove_role(std::string_view name);

 private:
  struct KnownUser {
    store::User record;
    std::vector<PrincipalPtr> keys;  ///< One for each key, in their order.
  };
  struct Picture {
    std::map<std::string, std::shared_ptr<const KnownUser>, std::less<>> users;
    std::map<std::string, std::shared_ptr<const KnownRole>, std::less<>> roles;
    std::unordered_map<std::string_view, PrincipalPtr> by_key;  ///< Views into the principals.
  };
  using PicturePtr = std::shared_ptr<const Picture>;

  [[nodiscard]] PicturePtr picture() const;
  /// Under change_mutex_.
  void show(std::shared_ptr<Picture> next);
  void put(const std::shared_ptr<const KnownUser>& user);
  void put(const std::shared_ptr<const KnownRole>& role);
  [[nodiscard]] Result<std::shared_ptr<const KnownUser>> understand(store::User record) const;
  [[nodiscard]] IssuedKey make_key(store::User& user, WallTime now) const;
  [[nodiscard]] PrincipalPtr base_of(const wire::SessionClaims& claims) const;

  const Principals& administrators_;
  store::UserStore& store_;
  const MasterKey master_;
  const wire::SealingKey secrets_key_;
  const wire::SealingKey tokens_key_;
  Rng& rng_;
  std::mutex change_mutex_;   ///< Changes come one after the other, in the store and in the picture.
  mutable std::mutex mutex_;  ///< For the moment of taking or setting the pointer.
  PicturePtr picture_;        ///< Under mutex_.
};

}  // namespace heliograph::server::identity
