// GetId once, GetCredentialsForIdentity each time.
#include "sdk/credentials/cognito.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "sdk/credentials/aws_endpoint.hpp"
#include "sdk/credentials/quote.hpp"
#include "sdk/guarded.hpp"
#include "wire/credential_answers.hpp"
#include "wire/json_text.hpp"

namespace heliograph::sdk {
namespace {

void add_member(std::string& json, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  json += json.empty() ? "{" : ",";
  wire::append_json_string(json, name);
  json += ':';
  wire::append_json_string(json, value);
}

Errc errc_of_code(const std::string& code, int status) {
  if (code == "NotAuthorizedException") return Errc::kNotAuthorized;
  if (code == "ResourceNotFoundException") return Errc::kResourceNotFound;
  if (code == "TooManyRequestsException") return Errc::kClientLimitExceeded;
  if (code == "InvalidParameterException") return Errc::kInvalidArgument;
  if (code == "InternalErrorException") return Errc::kServiceUnavailable;
  return errc_of(status);
}

}  // namespace

void CognitoSource::fetch(CredentialHandler done) {
  done_ = std::move(done);
  asked_identity_ = false;
  const std::string& named = options_.identity_pool_id.empty() ? options_.identity_id : options_.identity_pool_id;
  if (named.empty()) return fail(Errc::kInvalidArgument, "neither an identity pool nor an identity is given");
  const auto colon = named.find(':');
  const std::string region = colon == std::string::npos ? std::string{} : named.substr(0, colon);
  if (!is_region(region))
    return fail(Errc::kInvalidArgument, "an identity pool's id is REGION:GUID, and " + quote(named) + " is none");
  auto url = find_endpoint(
      {.service = "cognito-identity", .variable = "COGNITO_IDENTITY", .region = region, .given = options_.endpoint},
      world_.variable);
  if (!url) return fail(url.error().code, url.error().detail);
  url_ = std::move(*url);
  waits_for_logins_ = true;
  if (!options_.ask_for_logins) return on_logins(options_.logins);
  const auto next =
      while_alive(this, [](CognitoSource& self, Result<CognitoLogins> logins) { self.on_logins(std::move(logins)); });
  const std::function<void(Result<CognitoLogins>)> give = [post = world_.post, next](Result<CognitoLogins> logins) {
    post([next, logins = std::move(logins)]() { next(logins); });
  };
  ask_guarded("ask_for_logins", give, options_.ask_for_logins);
}

void CognitoSource::on_logins(Result<CognitoLogins> logins) {
  if (!std::exchange(waits_for_logins_, false)) return;  // It was answered before.
  if (!logins) return fail(logins.error().code, "the logins: " + quote(logins.error().detail));
  logins_ = std::move(*logins);
  if (identity_.empty()) return ask_identity();
  ask_credentials();
}

void CognitoSource::ask_identity() {
  asked_identity_ = true;
  std::string body;
  add_member(body, "IdentityPoolId", options_.identity_pool_id);
  add_member(body, "AccountId", options_.account_id);
  call("GetId", body + logins_json() + "}", &CognitoSource::on_identity);
}

void CognitoSource::ask_credentials() {
  std::string body;
  add_member(body, "IdentityId", identity_);
  add_member(body, "CustomRoleArn", options_.custom_role_arn);
  call("GetCredentialsForIdentity", body + logins_json() + "}", &CognitoSource::on_credentials);
}

std::string CognitoSource::logins_json() const {
  std::string members;
  for (const auto& [provider, token] : logins_) add_member(members, provider, token.reveal());
  return members.empty() ? members : ",\"Logins\":" + members + "}";
}

void CognitoSource::on_identity(const net::HttpReply& reply) {
  if (reply.status != 200) return refuse("GetId", reply);
  auto identity = wire::parse_cognito_identity(reply.body);
  if (!identity) return fail(Errc::kCorrupt, "GetId: " + identity.error().detail);
  identity_ = std::move(*identity);
  ask_credentials();
}

void CognitoSource::on_credentials(const net::HttpReply& reply) {
  if (reply.status != 200) {
    const std::string code = wire::parse_json_refusal(reply.body).code;
    // The identity that was kept may be gone, or another's by now. One that was given is not ours to change.
    const bool stale = code == "ResourceNotFoundException" || code == "NotAuthorizedException";
    if (stale && !asked_identity_ && options_.identity_id.empty()) return ask_identity();
    return refuse("GetCredentialsForIdentity", reply);
  }
  auto credentials = wire::parse_cognito_credentials(reply.body);
  if (!credentials) return fail(Errc::kCorrupt, "GetCredentialsForIdentity: " + credentials.error().detail);
  finish(by_our_clock(std::move(credentials), reply, *world_.clock));
}

void CognitoSource::call(const char* operation, const std::string& body,
                         void (CognitoSource::*next)(const net::HttpReply&)) {
  net::HttpCall call;
  call.url = url_;
  call.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                  {"X-Amz-Target", std::string("AWSCognitoIdentityService.") + operation}};
  call.body = body;
  RepeatRule rule;
  rule.passes = [](const net::HttpReply& reply) {
    return reply.status == 400 && wire::parse_json_refusal(reply.body).code == "TooManyRequestsException";
  };
  call_ = RepeatedCall::start(
      world_, std::move(call), std::move(rule),
      while_alive(this, [next, operation](CognitoSource& self, const Result<net::HttpReply>& reply) {
        if (!reply) return self.fail(reply.error().code, std::string(operation) + ": " + reply.error().detail);
        (self.*next)(*reply);
      }));
}

void CognitoSource::refuse(const char* operation, const net::HttpReply& reply) {
  const auto refusal = wire::parse_json_refusal(reply.body);
  std::vector<std::string_view> tokens;
  for (const auto& [provider, token] : logins_) tokens.push_back(token.reveal());
  const std::string said = quote_refusal(refusal.code, refusal.message, tokens);
  if (asked_identity_) identity_.clear();
  fail(errc_of_code(refusal.code, reply.status), std::string(operation) + ": the service answered " +
                                                     std::to_string(reply.status) +
                                                     (said.empty() ? std::string{} : ": " + said));
}

void CognitoSource::finish(Result<Credentials> result) {
  logins_.clear();
  std::exchange(done_, nullptr)(std::move(result));
}

void CognitoSource::fail(Errc code, const std::string& detail) { finish(Error{code, "Cognito: " + detail}); }

}  // namespace heliograph::sdk
