// Look the key up, verify, and say why not.
#include "server/authenticator.hpp"

#include <vector>

#include "server/connect_query.hpp"
#include "wire/error_table.hpp"

namespace heliograph::server {
namespace {

constexpr std::string_view kStsService = "sts";
constexpr std::string_view kGlobalRegion = "us-east-1";

wire::SigningCredential to_credential(const Principal& principal) {
  return {principal.id.str(), principal.secret, principal.session_token, principal.expires};
}

/// "host: received 'localhost', signed 'localhost:3000' (the signer …); region: expected 'us-east-1', given …"
std::string to_text(const wire::RefusalExplanation& explanation) {
  std::string text;
  for (const wire::SignedDifference& difference : explanation.differences) {
    if (!text.empty()) text += "; ";
    const auto say = [&text](std::string_view label, const std::string& value) {
      text.append(label).append(" '").append(value).append("'");
    };
    text += difference.part + ": ";
    say(difference.received_label(), difference.received);
    if (!difference.signed_over.empty()) {
      text += ", ";
      say(difference.signed_label(), difference.signed_over);
    }
    text += " (" + difference.cause + ')';
  }
  return text;
}

}  // namespace

PrincipalPtr Authenticator::find(const wire::AuthClaim& claim) const {
  return claim.session_token.empty() ? principals_.find(claim.access_key_id)
                                     : principals_.find_session(claim.access_key_id, claim.session_token);
}

wire::VerifyPolicy Authenticator::policy_for(const wire::AuthClaim& claim, std::string_view service) const {
  const bool is_global = service == kStsService && claim.region == kGlobalRegion;
  return {.region = is_global ? kGlobalRegion : std::string_view(region_), .service = service};
}

Result<SignedQuery> Authenticator::verify(const wire::RequestView& view, std::string_view service) {
  auto claim = wire::parse_authentication(view);
  if (!claim) return claim.error();
  PrincipalPtr principal = find(*claim);
  if (principal == nullptr) return Errc::kUnrecognizedClient;
  const auto verified =
      wire::verify(view, *claim, to_credential(*principal), clock_.wall_now(), policy_for(*claim, service), keys_);
  if (!verified) return verified.error();
  return SignedQuery{std::move(principal), std::move(claim->query)};
}

void Authenticator::note_refusal(const net::HttpRequest& request, const wire::RequestView& view, const Error& why,
                                 std::string_view request_id, std::string_view service) {
  failures_.count(why.code);
  // Refusals come in floods, and an explanation costs as much as a thousand good signatures.
  const auto held_back = gate_.try_pass(clock_.steady_now());
  if (!held_back) return;
  const auto claim = wire::parse_authentication(view);
  const PrincipalPtr principal = claim ? find(*claim) : nullptr;
  const auto credential = principal == nullptr ? wire::SigningCredential{} : to_credential(*principal);
  const auto own_hosts = book_ == nullptr ? std::vector<std::string>{} : book_->own_hosts();
  Refusal refusal{.at = clock_.wall_now(),
                  .request_id = std::string(request_id),
                  .from = request.peer.address,
                  .method = request.method,
                  .path = request.target.substr(0, request.target.find('?')),
                  .type = std::string(wire::error_row(why.code).http[0].type),
                  .detail = why.detail.empty() ? std::string(wire::error_row(why.code).text) : why.detail,
                  .access_key = claim ? std::string(claim->access_key_id.substr(0, 128)) : std::string{}};
  refusal.explanation = wire::explain_refusal(
      view, why,
      {.credential = principal == nullptr ? nullptr : &credential,
       .now = refusal.at,
       .policy = claim ? policy_for(*claim, service) : wire::VerifyPolicy{.region = region_, .service = service},
       .own_hosts = own_hosts});
  const auto& skew = refusal.explanation.skew;
  const auto wanted = parse_connect_query(request.target);  // Of a handshake; calls say it in their body.
  log_.write(LogLevel::kInfo, "request refused",
             {{"why", refusal.type},
              {"detail", refusal.detail},
              {"path", refusal.path},
              {"from", refusal.from},
              {"request_id", request_id},
              {"role", wanted ? wire::to_string(wanted->role) : std::string_view{}},
              {"channel", wanted ? wanted->channel.view() : std::string_view{}},
              {"key", refusal.access_key},
              {"skew_s", skew ? std::to_string(skew->count()) : std::string{}},
              {"differs", to_text(refusal.explanation)},
              {"expected", why.code == Errc::kSignatureMismatch ? refusal.explanation.expected : std::string{}},
              {"signed", refusal.explanation.signed_request},
              {"held_back", std::to_string(*held_back)}});
  if (book_ != nullptr) book_->add(std::move(refusal));
}

Result<SignedQuery> Authenticator::check(const net::HttpRequest& request, std::string_view request_id,
                                         std::string_view service) {
  std::vector<wire::HeaderView> headers;
  headers.reserve(request.headers.size());
  for (const net::HttpHeader& header : request.headers) headers.push_back({header.name, header.value});
  const wire::RequestView view{request.method, request.target, headers, request.body};
  auto caller = verify(view, service);
  if (!caller) note_refusal(request, view, caller.error(), request_id, service);
  return caller;
}

Result<PrincipalPtr> Authenticator::authenticate(const net::HttpRequest& request, std::string_view request_id,
                                                 std::string_view service) {
  auto caller = check(request, request_id, service);
  if (!caller) return caller.error();
  return std::move(caller->principal);
}

Result<SignedQuery> Authenticator::authenticate_handshake(const net::HttpRequest& request,
                                                          std::string_view request_id) {
  return check(request, request_id, wire::kSigningService);
}

}  // namespace heliograph::server
