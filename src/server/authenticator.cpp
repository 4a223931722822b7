// Look the key up, verify, and say why not.
#include "server/authenticator.hpp"

#include <vector>

#include "wire/error_table.hpp"

namespace heliograph::server {
namespace {

constexpr std::string_view kStsService = "sts";
constexpr std::string_view kGlobalRegion = "us-east-1";

}  // namespace

Result<PrincipalPtr> Authenticator::verify(const wire::RequestView& view, std::string_view service) {
  const auto claim = wire::parse_authentication(view);
  if (!claim) return claim.error();
  const PrincipalPtr principal = claim->session_token.empty()
                                     ? principals_.find(claim->access_key_id)
                                     : principals_.find_session(claim->access_key_id, claim->session_token);
  if (principal == nullptr) return Errc::kUnrecognizedClient;
  const wire::SigningCredential credential{principal->id.str(), principal->secret, principal->session_token,
                                           principal->expires};
  const bool is_global = service == kStsService && claim->region == kGlobalRegion;
  const wire::VerifyPolicy policy{.region = is_global ? kGlobalRegion : region_, .service = service};
  const auto verified = wire::verify(view, *claim, credential, clock_.wall_now(), policy, keys_);
  if (verified) return principal;
  if (verified.error().code == Errc::kSignatureMismatch)
    log_.write(LogLevel::kInfo, "signature mismatch", {{"expected", wire::describe_expected(view, *claim)}});
  return verified.error();
}

Result<PrincipalPtr> Authenticator::authenticate(const net::HttpRequest& request, std::string_view service) {
  std::vector<wire::HeaderView> headers;
  headers.reserve(request.headers.size());
  for (const net::HttpHeader& header : request.headers) headers.push_back({header.name, header.value});
  auto caller = verify({request.method, request.target, headers, request.body}, service);
  if (!caller) {
    failures_.count(caller.error().code);
    log_.write(LogLevel::kInfo, "request refused",
               {{"why", wire::error_row(caller.error().code).http[0].type},
                {"detail", caller.error().detail},
                {"path", std::string_view(request.target).substr(0, request.target.find('?'))},
                {"from", request.peer.address}});
  }
  return caller;
}

}  // namespace heliograph::server
