// TrustPolicy: who may assume a role.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/policy.hpp"
#include "heliograph/result.hpp"

namespace heliograph::core {

/// Who asks. Either a principal of the account or a web identity. Views, for the call.
struct TrustRequest {
  std::string_view action;         ///< "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"
  std::string_view account{};      ///< "000000000000"
  std::string_view caller_arn{};   ///< "arn:aws:iam::000000000000:user/ann", "arn:aws:sts::…:assumed-role/R/S"
  std::string_view caller_role{};  ///< "arn:aws:iam::000000000000:role/R" when it acts in a role.
  std::string_view issuer{};       ///< Of a web identity, without https://.
  AccessContext context{};
};

/// As strong as the strongest statement that applies, and no more than a Deny that applies.
enum class Trust : std::uint8_t {
  kDenied,   ///< A Deny applies.
  kNone,     ///< No Allow applies.
  kAccount,  ///< The account, or anybody, is trusted: the caller's own policies must allow it as well.
  kDirect,   ///< The caller itself, or its issuer, is named: that is enough.
};

/// What of IAM is there: Principal "*", AWS (account id, arn:…:root, user, role and assumed-role ARNs), Federated (an
/// issuer, or the ARN of an oidc-provider); Action; Condition with the keys of KeyScope::kTrust. "*" trusts the account
/// only, never a web identity. Threads: immutable, so any.
class TrustPolicy {
 public:
  /// Fails with kInvalidArgument, naming the statement and the member.
  [[nodiscard]] static Result<TrustPolicy> parse(std::string_view text);

  [[nodiscard]] Trust ask(const TrustRequest& request) const noexcept;

 private:
  struct Rule {
    Statement statement;
    bool anybody = false;
    std::vector<std::string> aws;
    std::vector<std::string> federated;  ///< Without https:// and the ARN's head.
  };
  [[nodiscard]] static Trust trust_in(const Rule& rule, const TrustRequest& request) noexcept;

  std::vector<Rule> rules_;
};

}  // namespace heliograph::core
