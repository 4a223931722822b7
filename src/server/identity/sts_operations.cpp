// The four operations (service model sts/2011-06-15; limits as in its reference).
#include <algorithm>
#include <charconv>
#include <optional>

#include "server/identity/records.hpp"
#include "server/identity/sts_service.hpp"
#include "server/system_rng.hpp"
#include "wire/date.hpp"

namespace heliograph::server::identity {
namespace {

using std::chrono::seconds;
using Form = std::map<std::string, std::string>;

constexpr seconds kDefaultRole{3600};
constexpr seconds kLongestChained{3600};  ///< A role assumed in a role.
constexpr seconds kDefaultSession{43'200};
constexpr seconds kLongestSession{129'600};
constexpr std::size_t kMaxSessionPolicy = 2048;

/// The key that a role is assumed with in the end, so that revoking it ends the session too; none with a web identity.
AccessKeyId parent_of(const PrincipalPtr& caller) {
  if (caller == nullptr) return {};
  return caller->parent.empty() ? caller->id : caller->parent;
}

const std::string* find(const Form& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? nullptr : &found->second;
}

/// What would be without effect is refused, so that nobody relies on it.
std::optional<StsFailure> check_parameters(const Form& form, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : form) {
    if (name == "Action" || name == "Version" || std::find(known.begin(), known.end(), name) != known.end()) continue;
    return invalid(name.substr(0, 64) +
                   " is not supported here: MFA, managed policies, session tags and source "
                   "identities are not offered");
  }
  return std::nullopt;
}

std::variant<seconds, StsFailure> read_duration(const Form& form, seconds fallback, seconds longest,
                                                std::string_view whose) {
  const std::string* text = find(form, "DurationSeconds");
  if (text == nullptr) return std::min(fallback, longest);
  std::uint32_t count = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), count);
  if (problem != std::errc{} || end != text->data() + text->size())
    return invalid("DurationSeconds must be a number of seconds");
  if (seconds(count) < kShortestSession)
    return invalid("Value '" + *text +
                   "' at 'durationSeconds' failed to satisfy constraint: Member must have value "
                   "greater than or equal to 900");
  if (seconds(count) > longest)
    return invalid("The requested DurationSeconds exceeds " + std::string(whose) + ", " +
                   std::to_string(longest.count()) + " seconds.");
  return seconds(count);
}

/// `Policy`: absent is no limit.
std::variant<std::vector<std::string>, StsFailure> read_session_policy(const Form& form) {
  const std::string* text = find(form, "Policy");
  if (text == nullptr) return std::vector<std::string>{};
  if (text->size() > kMaxSessionPolicy)
    return invalid(
        "Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048");
  if (const auto policy = core::Policy::parse("Policy", *text); !policy)
    return StsFailure{400, "MalformedPolicyDocument", policy.error().detail};
  return std::vector<std::string>{*text};
}

std::string to_xml(const wire::SessionClaims& claims, std::string_view token) {
  return xml_around("Credentials", xml("AccessKeyId", claims.key.view()) +
                                       xml("SecretAccessKey", claims.secret.reveal()) + xml("SessionToken", token) +
                                       xml("Expiration", wire::to_iso_date(claims.expires, false)));
}

void give_key(wire::SessionClaims& claims, WallTime now, seconds duration, Rng& rng) {
  claims.key = AccessKeyId("ASIA" + random_text(rng, kUpperAlnum, 16));
  claims.secret = Secret(random_text(rng, kAlnum, 40));
  claims.expires = std::chrono::floor<seconds>(now) + duration;
}

}  // namespace

StsOutcome StsService::get_caller_identity(const Call& call) const {
  if (auto wrong = check_parameters(call.form, {})) return *wrong;
  const Principal& caller = *call.caller;
  call.context.note->why = "anybody who signs may ask";
  return xml("Arn", arn_of(caller, parts_.scope)) +
         xml("UserId", caller.user_id.empty() ? caller.id.view() : std::string_view(caller.user_id)) +
         xml("Account", parts_.scope.account);
}

StsOutcome StsService::get_session_token(const Call& call) const {
  if (auto wrong = check_parameters(call.form, {"DurationSeconds"})) return *wrong;
  auto claims = parts_.directory.describe(*call.caller);
  if (!claims) return StsFailure{403, "AccessDenied", "Cannot call GetSessionToken with session credentials"};
  const auto duration =
      read_duration(call.form, kDefaultSession, kLongestSession, "the longest duration of a user's session");
  if (const auto* failure = std::get_if<StsFailure>(&duration)) return *failure;
  give_key(*claims, call.context.now, std::get<seconds>(duration), parts_.rng);
  call.context.note->why = "every user may have sessions";
  return to_xml(*claims, parts_.directory.to_token(*claims));
}

std::variant<std::shared_ptr<const KnownRole>, StsFailure> StsService::find_role(const Form& form) const {
  const std::string* arn = find(form, "RoleArn");
  if (arn == nullptr || arn->size() < 20 || arn->size() > 2048)
    return invalid("RoleArn must be the ARN of a role, arn:aws:iam::" + parts_.scope.account + ":role/NAME");
  const std::string* session = find(form, "RoleSessionName");
  if (session == nullptr || session->size() < 2 || !is_identity_name(*session))
    return invalid(
        "Value at 'roleSessionName' failed to satisfy constraint: 2 to 64 letters, digits and characters of "
        "_+=,.@-");
  const std::string head = role_arn("", parts_.scope);
  if (!arn->starts_with(head)) return std::shared_ptr<const KnownRole>();
  return parts_.directory.role(std::string_view(*arn).substr(head.size()));
}

StsOutcome StsService::begin_session(const KnownRole& role, const Call& call, std::string_view more) const {
  const auto policies = read_session_policy(call.form);
  if (const auto* failure = std::get_if<StsFailure>(&policies)) return *failure;
  const bool is_chained = call.caller != nullptr && call.caller->role;
  const seconds longest = is_chained ? kLongestChained : role.record.max_session;
  const auto duration = read_duration(call.form, kDefaultRole, longest,
                                      is_chained ? "the 1 hour session limit for roles assumed by role chaining"
                                                 : "the MaxSessionDuration set for this role");
  if (const auto* failure = std::get_if<StsFailure>(&duration)) return *failure;

  const std::string& name = call.form.at("RoleSessionName");
  wire::SessionClaims claims{.kind = wire::SessionClaims::Kind::kRole,
                             .key = {},
                             .secret = {},
                             .expires = {},
                             .subject = role.record.name,
                             .subject_id = role.record.id,
                             .session_name = name,
                             .parent = parent_of(call.caller),
                             .policies = std::get<std::vector<std::string>>(policies)};
  give_key(claims, call.context.now, std::get<seconds>(duration), parts_.rng);
  std::string answer = to_xml(claims, parts_.directory.to_token(claims));
  Principal session{.name = role.record.name + '/' + name, .id = {}, .secret = {}, .role = role.record.name};
  answer += xml_around("AssumedRoleUser",
                       xml("Arn", arn_of(session, parts_.scope)) + xml("AssumedRoleId", role.record.id + ':' + name));
  if (!claims.policies.empty())
    answer += xml("PackedPolicySize",
                  std::to_string((claims.policies.front().size() * 100 + kMaxSessionPolicy - 1) / kMaxSessionPolicy));
  return answer.append(more);
}

std::optional<StsFailure> StsService::check_trust(const KnownRole& role, const Call& call) const {
  const std::string arn = arn_of(*call.caller, parts_.scope);
  const std::string own_role = call.caller->role ? role_arn(*call.caller->role, parts_.scope) : std::string();
  const std::string wanted = role_arn(role.record.name, parts_.scope);
  core::TrustRequest request{
      .action = "sts:AssumeRole", .account = parts_.scope.account, .caller_arn = arn, .caller_role = own_role};
  core::AccessContext& facts = request.context;
  facts.source_ip = call.context.source_ip;
  facts.secure_transport = call.context.tls;
  facts.now = call.context.now;
  facts.principal_arn = own_role.empty() ? arn : own_role;
  if (own_role.empty()) facts.user_name = call.caller->name;
  facts.session_name = call.form.at("RoleSessionName");
  if (const std::string* id = find(call.form, "ExternalId")) facts.external_id = *id;
  std::vector<core::TagView> tags;
  tags.reserve(call.caller->tags.size());
  for (const auto& [key, value] : call.caller->tags) tags.push_back({key, value});
  facts.principal_tags = tags;

  const core::Trust trust = role.trust.ask(request);
  StsFailure denied{403, "AccessDenied",
                    "User: " + arn + " is not authorized to perform: sts:AssumeRole on resource: " + wanted};
  if (trust == core::Trust::kDenied || trust == core::Trust::kNone) {
    call.context.note->why = "denied: the role's trust policy does not trust the caller";
    return denied;
  }
  const auto decision = parts_.authorizer.decide(*call.caller, "sts:AssumeRole", {wanted}, call.context);
  if (!decision) return to_sts_failure(decision.error());
  // Named by the trust policy itself, a caller needs no policy of its own; but one that denies, and a session's, count.
  const bool is_limited = call.caller->session_policies.has_value();
  if (trust == core::Trust::kDirect && !is_limited && decision->outcome == core::Decision::Outcome::kImplicitDeny) {
    *call.context.note = {decision->action, wanted, "allowed by the role's trust policy, which names the caller", true};
    return std::nullopt;
  }
  if (auto allowed = parts_.authorizer.conclude(*call.caller, *decision, call.context); !allowed)
    return to_sts_failure(allowed.error());
  return std::nullopt;
}

StsOutcome StsService::assume_role(const Call& call) const {
  if (auto wrong =
          check_parameters(call.form, {"RoleArn", "RoleSessionName", "Policy", "DurationSeconds", "ExternalId"}))
    return *wrong;
  const auto found = find_role(call.form);
  if (const auto* failure = std::get_if<StsFailure>(&found)) return *failure;
  const auto& role = std::get<std::shared_ptr<const KnownRole>>(found);
  if (role == nullptr) {
    // As the real service has it: whether a role exists, only those learn who may assume it.
    call.context.note->why = "denied: there is no such role";
    return StsFailure{403, "AccessDenied",
                      "User: " + arn_of(*call.caller, parts_.scope) +
                          " is not authorized to perform: sts:AssumeRole on resource: " + call.form.at("RoleArn")};
  }
  if (auto refused = check_trust(*role, call)) return *refused;
  return begin_session(*role, call, {});
}

void StsService::assume_role_with_web_identity(const CallPtr& call, const Done& done) const {
  const Form& form = call->form;
  if (auto wrong =
          check_parameters(form, {"RoleArn", "RoleSessionName", "Policy", "DurationSeconds", "WebIdentityToken"}))
    return done(*wrong);
  const auto found = find_role(form);
  if (const auto* failure = std::get_if<StsFailure>(&found)) return done(*failure);
  const std::string* token = find(form, "WebIdentityToken");
  if (token == nullptr || token->size() < 4) return done(invalid("WebIdentityToken is missing"));
  parts_.issuers.verify(
      *token, call->context.now, call->context.at,
      [this, call, done,
       role = std::get<std::shared_ptr<const KnownRole>>(found)](const WebIdentities::Verified& verified) {
        const auto* failure = std::get_if<StsFailure>(&verified);
        done(failure != nullptr ? StsOutcome(*failure) : assume_as(std::get<WebIdentity>(verified), role, *call));
      });
}

StsOutcome StsService::assume_as(const WebIdentity& who, const std::shared_ptr<const KnownRole>& role,
                                 const Call& call) const {
  core::TrustRequest request{.action = "sts:AssumeRoleWithWebIdentity", .issuer = who.issuer};
  std::vector<core::TagView> claims;
  claims.reserve(who.claims.size());
  for (const auto& [key, value] : who.claims) claims.push_back({key, value});
  request.context.web_identity = claims;
  request.context.source_ip = call.context.source_ip;
  request.context.secure_transport = call.context.tls;
  request.context.now = call.context.now;
  request.context.session_name = call.form.at("RoleSessionName");
  if (role == nullptr || role->trust.ask(request) != core::Trust::kDirect) {
    call.context.note->why = "denied: the role's trust policy does not trust " + who.issuer + " for " + who.subject;
    return StsFailure{403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"};
  }
  call.context.note->why = "allowed by the role's trust policy for " + who.subject + " of " + who.issuer;
  return begin_session(
      *role, call,
      xml("SubjectFromWebIdentityToken", who.subject) + xml("Audience", who.audience) + xml("Provider", who.provider));
}

}  // namespace heliograph::server::identity
