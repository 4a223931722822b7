// Authenticator: whose request this is, by its SigV4 signature.
#pragma once

#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http.hpp"
#include "server/log_gate.hpp"
#include "server/metrics/auth_meter.hpp"
#include "server/principal.hpp"
#include "server/refusals/refusal_book.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::server {

/// Who signed a request, and its query as it was read for that. The views in it are into the request.
struct SignedQuery {
  PrincipalPtr principal;  ///< Never null.
  wire::Query query;
};

/// Threads: any. The parts must outlive it.
class Authenticator {
 public:
  Authenticator(const PrincipalSource& principals, std::string region, const Clock& clock, LogSink& log)
      : principals_(principals), region_(std::move(region)), clock_(clock), log_(log) {}

  /// Verifies an Authorization header or a presigned query, and gives the signer, never null. Fails with one of the
  /// authentication codes of Errc. A refusal is logged and kept in the book, with what differs from what was signed and
  /// the usual cause, a few times a second at most; never with a secret.
  /// @param request_id  that of the answer.
  /// @param service  what the signature must be for: kinesisvideo, or sts, which may also name the region us-east-1, as
  /// its global endpoint does.
  [[nodiscard]] Result<PrincipalPtr> authenticate(const net::HttpRequest& request, std::string_view request_id = {},
                                                  std::string_view service = wire::kSigningService);

  /// The same for a handshake, which says all in its query.
  [[nodiscard]] Result<SignedQuery> authenticate_handshake(const net::HttpRequest& request,
                                                           std::string_view request_id);

  /// Where refusals are kept; before the first request. The book must outlive this.
  void keep_refusals_in(RefusalBook& book) noexcept { book_ = &book; }

  /// How often, and why, it said no.
  [[nodiscard]] const metrics::AuthMeter& failures() const noexcept { return failures_; }

 private:
  [[nodiscard]] Result<SignedQuery> verify(const wire::RequestView& view, std::string_view service);
  [[nodiscard]] Result<SignedQuery> check(const net::HttpRequest& request, std::string_view request_id,
                                          std::string_view service);
  /// What the signature must be for.
  [[nodiscard]] wire::VerifyPolicy policy_for(const wire::AuthClaim& claim, std::string_view service) const;
  /// The one who claims to have signed; null when there is none.
  [[nodiscard]] PrincipalPtr find(const wire::AuthClaim& claim) const;
  void note_refusal(const net::HttpRequest& request, const wire::RequestView& view, const Error& why,
                    std::string_view request_id, std::string_view service);

  const PrincipalSource& principals_;
  std::string region_;
  const Clock& clock_;
  LogSink& log_;
  wire::SigningKeyCache keys_;
  metrics::AuthMeter failures_;
  LogGate gate_;
  RefusalBook* book_ = nullptr;
};

}  // namespace heliograph::server
