// Look the key up, verify, and say why not.
#include "server/authenticator.hpp"

#include <vector>

#include "wire/error_table.hpp"

namespace heliograph::server {

namespace {

wire::SigningCredential to_credential(const Principal& principal) {
  return {principal.id.str(), principal.secret, Secret{}, std::nullopt};
}

/// "host: received 'localhost', signed 'localhost:3000' (the signer …); …"
std::string to_text(const wire::RefusalExplanation& explanation) {
  std::string text;
  for (const wire::SignedDifference& difference : explanation.differences) {
    if (!text.empty()) text += "; ";
    text += difference.part + ": received '" + difference.received + '\'';
    if (!difference.signed_over.empty()) text += ", signed '" + difference.signed_over + '\'';
    text += " (" + difference.cause + ')';
  }
  return text;
}

}  // namespace

Result<PrincipalPtr> Authenticator::verify(const wire::RequestView& view) {
  const auto claim = wire::parse_authentication(view);
  if (!claim) return claim.error();
  const PrincipalPtr principal = principals_.find(claim->access_key_id);
  if (principal == nullptr) return Errc::kUnrecognizedClient;
  const wire::VerifyPolicy policy{.region = region_};
  const auto verified = wire::verify(view, *claim, to_credential(*principal), clock_.wall_now(), policy, keys_);
  if (!verified) return verified.error();
  return principal;
}

void Authenticator::note_refusal(const net::HttpRequest& request, const wire::RequestView& view, const Error& why,
                                 std::string_view request_id) {
  failures_.count(why.code);
  // Refusals come in floods, and an explanation costs as much as a thousand good signatures.
  const auto held_back = gate_.try_pass(clock_.steady_now());
  if (!held_back) return;
  const auto claim = wire::parse_authentication(view);
  const PrincipalPtr principal = claim ? principals_.find(claim->access_key_id) : nullptr;
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
  refusal.explanation = wire::explain_refusal(view, why,
                                              {.credential = principal == nullptr ? nullptr : &credential,
                                               .now = refusal.at,
                                               .policy = {.region = region_},
                                               .own_hosts = own_hosts});
  const auto& skew = refusal.explanation.skew;
  log_.write(LogLevel::kInfo, "request refused",
             {{"why", refusal.type},
              {"detail", refusal.detail},
              {"path", refusal.path},
              {"from", refusal.from},
              {"request", request_id},
              {"key", refusal.access_key},
              {"skew_s", skew ? std::to_string(skew->count()) : std::string{}},
              {"differs", to_text(refusal.explanation)},
              {"expected", why.code == Errc::kSignatureMismatch ? refusal.explanation.expected : std::string{}},
              {"signed", refusal.explanation.signed_request},
              {"held_back", std::to_string(*held_back)}});
  if (book_ != nullptr) book_->add(std::move(refusal));
}

Result<PrincipalPtr> Authenticator::authenticate(const net::HttpRequest& request, std::string_view request_id) {
  std::vector<wire::HeaderView> headers;
  headers.reserve(request.headers.size());
  for (const net::HttpHeader& header : request.headers) headers.push_back({header.name, header.value});
  const wire::RequestView view{request.method, request.target, headers, request.body};
  auto caller = verify(view);
  if (!caller) note_refusal(request, view, caller.error(), request_id);
  return caller;
}

}  // namespace heliograph::server
