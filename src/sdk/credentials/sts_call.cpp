// Asking STS.
#include "sdk/credentials/sts_call.hpp"

#include <algorithm>
#include <array>

#include "sdk/credentials/aws_endpoint.hpp"
#include "sdk/credentials/profile_files.hpp"
#include "sdk/credentials/quote.hpp"
#include "wire/sts_answer.hpp"
#include "wire/uri.hpp"

namespace heliograph::sdk {
namespace {

bool is_session_name(std::string_view text) {
  return text.size() >= 2 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("_+=,.@-").find(c) != std::string_view::npos;
         });
}

/// The codes of STS that mean something to a caller. Source: model of sts, 2011-06-15, and the common errors of AWS.
struct Code {
  std::string_view name;
  Errc errc;
};
constexpr std::array<Code, 18> kCodes{{
    {"AccessDenied", Errc::kAccessDenied},
    {"AccessDeniedException", Errc::kAccessDenied},
    {"ExpiredToken", Errc::kExpiredToken},
    {"ExpiredTokenException", Errc::kExpiredToken},
    {"IDPCommunicationError", Errc::kServiceUnavailable},
    {"IDPRejectedClaim", Errc::kNotAuthorized},
    {"InvalidClientTokenId", Errc::kUnrecognizedClient},
    {"InvalidIdentityToken", Errc::kNotAuthorized},
    {"MalformedPolicyDocument", Errc::kInvalidArgument},
    {"PackedPolicyTooLarge", Errc::kInvalidArgument},
    {"RegionDisabledException", Errc::kAccessDenied},
    {"RequestExpired", Errc::kSignatureExpired},
    {"ServiceUnavailable", Errc::kServiceUnavailable},
    {"SignatureDoesNotMatch", Errc::kSignatureMismatch},
    {"Throttling", Errc::kClientLimitExceeded},
    {"ThrottlingException", Errc::kClientLimitExceeded},
    {"UnrecognizedClientException", Errc::kUnrecognizedClient},
    {"ValidationError", Errc::kInvalidArgument},
}};

}  // namespace

StsRole with_region(const World& world, StsRole role) {
  if (role.region.empty()) role.region = find_region({}, world.variable);
  return role;
}

Result<void> check_role(const StsRole& role) {
  const auto wrong = [](const char* why) { return Error{Errc::kInvalidArgument, why}; };
  if (role.arn.size() < 20 || role.arn.size() > 2048 || !role.arn.starts_with("arn:"))
    return wrong("the role is not given as an ARN, such as arn:aws:iam::123456789012:role/camera");
  if (!role.session_name.empty() && !is_session_name(role.session_name))
    return wrong("the role session's name is not 2 to 64 letters, digits and _+=,.@-");
  if (role.duration.count() != 0 && (role.duration.count() < 900 || role.duration.count() > 43'200))
    return wrong("the duration of a role session is not 900 to 43200 seconds");
  return {};
}

Result<net::HttpCall> make_sts_call(const World& world, std::string_view action, const StsRole& role,
                                    const std::vector<std::pair<std::string, std::string>>& more) {
  if (auto checked = check_role(role); !checked) return checked.error();
  auto url = find_endpoint({.service = "sts",
                            .variable = "STS",
                            .region = role.region,
                            .given = role.endpoint,
                            .profile = role.profile_endpoint},
                           world.variable);
  if (!url) return url.error();
  std::string session = role.session_name;
  if (session.empty()) {
    const auto now = std::chrono::floor<std::chrono::seconds>(world.clock->wall_now()).time_since_epoch();
    session = "heliograph-" + std::to_string(now.count());
  }
  std::string body = "Action=" + std::string(action) + "&Version=2011-06-15";
  const auto add = [&body](std::string_view name, std::string_view value) {
    if (!value.empty()) body += "&" + std::string(name) + "=" + wire::percent_encode(value);
  };
  add("RoleArn", role.arn);
  add("RoleSessionName", session);
  add("ExternalId", role.external_id);
  add("Policy", role.policy);
  if (role.duration.count() != 0) add("DurationSeconds", std::to_string(role.duration.count()));
  for (const auto& [name, value] : more) add(name, value);

  net::HttpCall call;
  call.url = std::move(*url);
  call.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  call.body = std::move(body);
  return call;
}

std::string signing_region(const StsRole& role) { return role.region.empty() ? "us-east-1" : role.region; }

RepeatRule sts_rule() {
  RepeatRule rule;
  rule.passes = [](const net::HttpReply& reply) {
    if (reply.status != 400) return false;
    const std::string code = wire::parse_sts_refusal(reply.body).code;
    return code == "Throttling" || code == "ThrottlingException" || code == "IDPCommunicationError";
  };
  return rule;
}

Result<Credentials> read_sts_answer(const World& world, std::string_view action, const Result<net::HttpReply>& reply,
                                    std::string_view secret) {
  const std::string name(action);
  if (!reply) return Error{reply.error().code, name + ": " + reply.error().detail};
  if (reply->status == 200) {
    auto credentials = wire::parse_sts_credentials(reply->body, action);
    if (!credentials) return Error{Errc::kCorrupt, name + ": " + credentials.error().detail};
    return by_our_clock(std::move(credentials), *reply, *world.clock);
  }
  const auto refusal = wire::parse_sts_refusal(reply->body);
  Errc errc = errc_of(reply->status);
  for (const Code& code : kCodes)
    if (code.name == refusal.code) errc = code.errc;
  const std::string said = quote_refusal(refusal.code, refusal.message, {secret});
  return Error{errc, name + ": the service answered " + std::to_string(reply->status) +
                         (said.empty() ? std::string{} : ": " + said)};
}

}  // namespace heliograph::sdk
