// What must hold of users and roles before they are stored, and their compiled policies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/policy.hpp"
#include "heliograph/result.hpp"
#include "server/identity/directory.hpp"

namespace heliograph::server::identity {

/// IAM's rule for names of users, roles and sessions: `[\w+=,.@-]{1,64}`.
[[nodiscard]] bool is_identity_name(std::string_view text) noexcept;

/// Fails with kInvalidArgument naming the policy and what is wrong in it.
[[nodiscard]] Result<std::vector<core::Policy>> compile_policies(const std::vector<store::NamedPolicy>& policies);

/// Fails with kInvalidArgument naming what is wrong.
[[nodiscard]] Result<void> check_name(std::string_view name, std::string_view kind);
[[nodiscard]] Result<void> check_tags(const store::Tags& tags);
[[nodiscard]] Result<KnownRole> to_known_role(store::Role record);

}  // namespace heliograph::server::identity
