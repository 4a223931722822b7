// Statements about people instead of things.
#include "core/policy/trust_policy.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::core {
namespace {

constexpr std::string_view kProvider = ":oidc-provider/";

bool is_account(std::string_view text) noexcept {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "arn:aws:iam::000000000000:root"
bool is_root_of(std::string_view arn, std::string_view account) noexcept {
  return arn.starts_with("arn:") && arn.ends_with(":root") && arn.size() > 17 + 5 &&
         arn.substr(arn.size() - 17, 12) == account && arn[arn.size() - 18] == ':';
}

bool is_aws_principal(std::string_view text) noexcept {
  if (is_account(text)) return true;
  const bool is_ours = text.starts_with("arn:") &&
                       (text.find(":iam::") != std::string_view::npos || text.find(":sts::") != std::string_view::npos);
  return is_ours && text.find_first_of("*?") == std::string_view::npos;
}

Error not_a_principal(const std::string& place, std::string_view text) {
  return {Errc::kInvalidArgument, std::string(place)
                                      .append(", Principal.AWS: \"")
                                      .append(text)
                                      .append("\" is neither \"*\", an account id of 12 digits, nor the ARN of a user, "
                                              "role or account without wildcards")};
}

/// The issuer that "https://login.example.com/t", "login.example.com/t" or the ARN of its provider names.
std::string to_issuer(std::string_view text) {
  if (const std::size_t at = text.find(kProvider); text.starts_with("arn:") && at != std::string_view::npos)
    text.remove_prefix(at + kProvider.size());
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

Result<TrustPolicy> TrustPolicy::parse(std::string_view text) {
  auto document = wire::parse_trust_document(text);
  if (!document) return document.error();
  TrustPolicy policy;
  for (std::size_t i = 0; i < document->statements.size(); ++i) {
    wire::TrustStatement& written = document->statements[i];
    const std::string place = wire::statement_place(i, written.statement.sid);
    written.statement.resources = {"*"};
    auto statement = Statement::compile(written.statement, document->has_variables, KeyScope::kTrust);
    if (!statement) return Error{statement.error().code, place + ", " + statement.error().detail};
    const auto wrong = std::find_if_not(written.aws.begin(), written.aws.end(), is_aws_principal);
    if (wrong != written.aws.end()) return not_a_principal(place, *wrong);
    Rule rule{*std::move(statement), written.anybody, std::move(written.aws), {}};
    for (const std::string& each : written.federated) rule.federated.push_back(to_issuer(each));
    policy.rules_.push_back(std::move(rule));
  }
  return policy;
}

Trust TrustPolicy::trust_in(const Rule& rule, const TrustRequest& request) noexcept {
  if (!request.issuer.empty())
    return std::find(rule.federated.begin(), rule.federated.end(), request.issuer) == rule.federated.end()
               ? Trust::kNone
               : Trust::kDirect;
  Trust trust = rule.anybody ? Trust::kAccount : Trust::kNone;
  for (const std::string& each : rule.aws) {
    if (each == request.caller_arn || (!request.caller_role.empty() && each == request.caller_role))
      return Trust::kDirect;
    if (each == request.account || is_root_of(each, request.account)) trust = Trust::kAccount;
  }
  return trust;
}

Trust TrustPolicy::ask(const TrustRequest& request) const noexcept {
  const AccessRequest access{request.action, "*", request.context};
  Trust best = Trust::kNone;
  for (const Rule& rule : rules_) {
    Trust trust = trust_in(rule, request);
    // A Deny of everybody is meant for everybody.
    if (!rule.statement.allows() && rule.anybody) trust = Trust::kDirect;
    if (trust == Trust::kNone || rule.statement.reach(access).stop != Reach::Stop::kNowhere) continue;
    if (!rule.statement.allows()) return Trust::kDenied;
    best = std::max(best, trust);
  }
  return best;
}

}  // namespace heliograph::core
