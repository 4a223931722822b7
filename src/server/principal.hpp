// Principal: who signs requests, and what that one may do.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "core/policy/policy.hpp"
#include "heliograph/secret.hpp"
#include "store/channel.hpp"
#include "wire/arn.hpp"

namespace heliograph::server {

/// Threads: immutable once it is known to others, so any.
struct Principal {
  std::string name;  ///< aws:username; the last part of its ARN. In a role: ROLE/SESSION.
  AccessKeyId id;
  Secret secret;
  std::string user_id{};                 ///< aws:userid; empty: the access key's id stands for it.
  std::vector<core::Policy> policies{};  ///< What it may do; none: nothing.
  /// What temporary credentials are limited to; absent: the policies alone count.
  std::optional<std::vector<core::Policy>> session_policies{};
  store::Tags tags{};                       ///< aws:PrincipalTag/key
  std::optional<std::string> thing_name{};  ///< credentials-iot:ThingName
  std::optional<std::string> role{};        ///< The role it acts in; absent: it acts as a user.
  Secret session_token{};                   ///< Of temporary credentials: what must come with the key.
  std::optional<WallTime> expires{};        ///< Of temporary credentials.
  AccessKeyId parent{};                     ///< Of temporary credentials of a user: the key they were asked for with.
};

/// arn:aws:iam::000000000000:user/NAME, or arn:aws:sts::000000000000:assumed-role/ROLE/SESSION.
[[nodiscard]] std::string arn_of(const Principal& principal, const wire::ArnScope& scope);
/// arn:aws:iam::000000000000:role/ROLE
[[nodiscard]] std::string role_arn(std::string_view role, const wire::ArnScope& scope);

/// Shared, because it may be changed or removed while its requests are under way.
using PrincipalPtr = std::shared_ptr<const Principal>;

/// Where principals are looked up. Threads: any.
class PrincipalSource {
 public:
  virtual ~PrincipalSource() = default;
  /// Null when the key is unknown. Must not block: it is asked on network threads.
  [[nodiscard]] virtual PrincipalPtr find(std::string_view access_key_id) const = 0;
  /// Whom temporary credentials stand for, with their token and expiry, which the caller holds the request against.
  /// Null when the token is none for this key, or its user or role is no more. Must not block.
  [[nodiscard]] virtual PrincipalPtr find_session(std::string_view /*access_key_id*/,
                                                  std::string_view /*token*/) const {
    return nullptr;
  }
  /// Whether who was found here still is who may sign: no key, user or role that it rests on was taken away since.
  /// Must not block.
  [[nodiscard]] virtual bool still_knows(const Principal&) const { return true; }
  /// Whom the service itself acts as, for its own page. Never null.
  [[nodiscard]] virtual PrincipalPtr administrator() const = 0;

 protected:
  PrincipalSource() = default;
  PrincipalSource(const PrincipalSource&) = default;
  PrincipalSource(PrincipalSource&&) = default;
  PrincipalSource& operator=(const PrincipalSource&) = default;
  PrincipalSource& operator=(PrincipalSource&&) = default;
};

/// Allows every action of this service, and of STS, on everything in it.
[[nodiscard]] const core::Policy& administrator_access();

}  // namespace heliograph::server
