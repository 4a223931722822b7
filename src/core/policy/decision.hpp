// Decision: the answer of a principal's policies to a request, and which statement it is owed to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/policy/policy.hpp"

namespace heliograph::core {

/// What a request is held against. Views.
struct PolicyScope {
  std::span<const Policy> identity;                ///< The principal's own.
  std::optional<std::span<const Policy>> session;  ///< Those of temporary credentials; absent: no further limit.
};

/// Lifetime: of the policies.
struct Decision {
  enum class Outcome : std::uint8_t { kAllowed, kExplicitDeny, kImplicitDeny };
  enum class Source : std::uint8_t { kIdentity, kSession };

  Outcome outcome = Outcome::kImplicitDeny;
  /// Whose statement it is, or for an implicit deny, which policies have none that allows.
  Source source = Source::kIdentity;
  /// The policy that has the statement; null for an implicit deny without any statement that could have allowed.
  const Policy* policy = nullptr;
  /// Index of the statement that allowed or denied; for an implicit deny, of the Allow that came nearest.
  std::size_t statement = 0;
  /// For an implicit deny: at what the nearest one failed.
  Reach reach{Reach::Stop::kNowhere};

  [[nodiscard]] bool is_allowed() const noexcept { return outcome == Outcome::kAllowed; }
};

/// As IAM evaluates within one account: a Deny that applies, in any policy, ends it; else the identity's policies must
/// have an Allow that applies, and so must the session's, if there are any; else it is denied. Allocates nothing.
[[nodiscard]] Decision evaluate(const PolicyScope& scope, const AccessRequest& request) noexcept;

/// In words, for operators: `allowed by Statement[0] ("Watch") of viewer.json`. Holds values of the request.
[[nodiscard]] std::string explain(const Decision& decision, const AccessRequest& request);

}  // namespace heliograph::core
