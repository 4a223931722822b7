// Authenticator: whose request this is, by its SigV4 signature.
#pragma once

#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http.hpp"
#include "server/metrics/auth_meter.hpp"
#include "server/principal.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::server {

/// Threads: any. The parts must outlive it.
class Authenticator {
 public:
  Authenticator(const PrincipalSource& principals, std::string region, const Clock& clock, LogSink& log)
      : principals_(principals), region_(std::move(region)), clock_(clock), log_(log) {}

  /// Verifies an Authorization header or a presigned query, and gives the signer, never null. Fails with one of the
  /// authentication codes of Errc. A refusal is logged with the reason, a mismatch with the canonical request that was
  /// expected; never with a secret.
  /// @param service  what the signature must be for: kinesisvideo, or sts, which may also name the region us-east-1, as
  /// its global endpoint does.
  [[nodiscard]] Result<PrincipalPtr> authenticate(const net::HttpRequest& request,
                                                  std::string_view service = wire::kSigningService);

  /// How often, and why, it said no.
  [[nodiscard]] const metrics::AuthMeter& failures() const noexcept { return failures_; }

 private:
  [[nodiscard]] Result<PrincipalPtr> verify(const wire::RequestView& view, std::string_view service);

  const PrincipalSource& principals_;
  std::string region_;
  const Clock& clock_;
  LogSink& log_;
  wire::SigningKeyCache keys_;
  metrics::AuthMeter failures_;
};

}  // namespace heliograph::server
