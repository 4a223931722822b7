// User and Role: what is kept of those who may use the service beside its administrators.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/channel.hpp"

namespace heliograph::store {

/// A JSON document under the name by which decisions call it.
struct NamedPolicy {
  std::string name;
  std::string document;

  friend bool operator==(const NamedPolicy&, const NamedPolicy&) = default;
};

/// An access key. Only the caller can open `sealed_secret`; the store never sees a secret.
struct UserKey {
  AccessKeyId id;
  std::string sealed_secret;  ///< Text.
  WallTime created;

  friend bool operator==(const UserKey&, const UserKey&) = default;
};

struct User {
  std::string name;
  std::string id;  ///< "AIDA…": another one for each user ever made, also of the same name.
  WallTime created;
  Tags tags{};
  std::vector<NamedPolicy> policies{};  ///< Names differ.
  std::vector<UserKey> keys{};          ///< In the order in which they were added.

  friend bool operator==(const User&, const User&) = default;
};

/// What AssumeRole turns its caller into for a while.
struct Role {
  std::string name;
  std::string id;  ///< "AROA…", as User::id.
  WallTime created;
  std::string trust;  ///< JSON: who may assume it.
  Tags tags{};
  std::vector<NamedPolicy> policies{};     ///< Names differ.
  std::chrono::seconds max_session{3600};  ///< The longest session.

  friend bool operator==(const Role&, const Role&) = default;
};

}  // namespace heliograph::store
