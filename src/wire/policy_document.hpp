// PolicyDocument: the JSON of an access policy as structs. Its grammar is checked here, its meaning in core/policy.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::wire {

/// One test of a Condition: `{"StringLike": {"aws:username": ["a*", "b*"]}}`.
struct PolicyCondition {
  std::string test;                 ///< "StringLike", "ForAllValues:StringEquals", "BoolIfExists"
  std::string key;                  ///< "aws:username"
  std::vector<std::string> values;  ///< At least one. Numbers and booleans as JSON writes them.
};

struct PolicyStatement {
  std::string sid;  ///< Empty: none.
  bool allows = false;
  bool inverts_actions = false;    ///< NotAction
  bool inverts_resources = false;  ///< NotResource
  std::vector<std::string> actions;
  std::vector<std::string> resources;
  std::vector<PolicyCondition> conditions;  ///< All must hold.
};

struct PolicyDocument {
  bool has_variables = false;  ///< Version 2012-10-17; without a Version it is 2008-10-17, in which `${` is text.
  std::vector<PolicyStatement> statements;
};

/// The longest document. IAM's own limit is 6,144 characters without spaces; this leaves room for any layout of it.
inline constexpr std::size_t kMaxPolicyText = 65'536;
/// The longest string in one.
inline constexpr std::size_t kMaxPolicyString = 2'048;

/// Reads a policy by the grammar of IAM's JSON policy language, for identity-based and session policies: Version, Id,
/// Statement (an object or a list) with Sid, Effect, Action or NotAction, Resource or NotResource, Condition. Fails
/// with kInvalidArgument, naming the statement and the member: for whatever is missing, unknown, given twice or of
/// another type. Nothing is passed over.
[[nodiscard]] Result<PolicyDocument> parse_policy_document(std::string_view text);

/// A statement of a role's trust policy: whom it is about instead of what; `resources` is empty.
struct TrustStatement {
  PolicyStatement statement;
  bool anybody = false;                ///< Principal: "*"
  std::vector<std::string> aws;        ///< Account ids and ARNs. "*" is in `anybody`.
  std::vector<std::string> federated;  ///< Issuers of web identities, as written.
};

struct TrustDocument {
  bool has_variables = false;
  std::vector<TrustStatement> statements;
};

/// Reads the trust policy of a role: as parse_policy_document(), but with Principal in place of Resource, which is "*",
/// or an object of AWS and Federated. NotPrincipal, and principals that are services, are refused.
[[nodiscard]] Result<TrustDocument> parse_trust_document(std::string_view text);

/// How errors name a statement: `Statement[2] ("Watch")`.
[[nodiscard]] std::string statement_place(std::size_t index, std::string_view sid);

}  // namespace heliograph::wire
