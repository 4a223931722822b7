// AWS Signature Version 4, the verifying half. Two steps, because the secret must be looked up in between:
//
//   parse_authentication(request) → who claims to have signed it, when, and for where
//   verify(request, claim, credential, now, policy, cache) → whether that is so
//
// Source: SigV4 documentation; the differences between real clients are those of the vectors in
// tests/vectors/sigv4_*.json.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "wire/sigv4.hpp"
#include "wire/uri.hpp"

namespace heliograph::wire {

/// A request as the verifier sees it. Nothing is copied: what the views point to must outlive the claim.
struct RequestView {
  std::string_view method;
  std::string_view target;  ///< Origin form, exactly as received.
  std::span<const HeaderView> headers;
  std::string_view body;
};

/// What a request says about its signature. Nothing of it is proven before verify().
/// Lifetime: views are into the request and into `query`; moving is fine.
struct AuthClaim {
  enum class Carrier : std::uint8_t {
    kHeader,  ///< Authorization header.
    kQuery,   ///< Presigned URL.
  };
  Carrier carrier{};
  std::string_view access_key_id;
  std::string_view scope;  ///< "20231107/us-west-2/kinesisvideo/aws4_request"
  std::string_view scope_date;
  std::string_view region;
  std::string_view service;
  std::string_view terminator;
  std::string_view signed_headers;  ///< "host;x-amz-date"
  std::string_view signature;
  std::string_view session_token;  ///< Empty: none. Signed or not. Not for logs.
  std::string amz_date;            ///< yyyymmddThhmmssZ
  WallTime date{};
  std::chrono::seconds expires{0};  ///< Presigned URLs only.
  Query query;                      ///< The whole query, parsed: read X-Amz-ChannelARN and X-Amz-ClientId from here.
};

/// Reads the claim. All details are fit to be shown to the client. Fails with
/// - kMissingAuthenticationToken: neither an AWS Authorization header nor X-Amz-Algorithm / X-Amz-Signature in the
/// query;
/// - kIncompleteSignature: a part is missing, doubled or malformed; the detail names it;
/// - kBadRequest: a bad escape in the query.
[[nodiscard]] Result<AuthClaim> parse_authentication(const RequestView& request);

/// What a verifier insists on.
struct VerifyPolicy {
  std::string_view region;
  std::string_view service = kSigningService;
  std::chrono::seconds max_skew = std::chrono::minutes(5);  ///< Seen in the real service's answers: "- 5 min."
};

/// Checks a claim against the credential that the caller looked up under claim.access_key_id (no such key: the caller
/// answers kUnrecognizedClient). All details are fit to be shown to the client; an empty one means the text of the
/// error table. Fails with
/// - kSignatureMismatch: foreign region or service, date and scope at odds, body not the one signed, wrong signature;
/// - kSignatureExpired, kSignatureNotYetCurrent: with the texts that the C SDK corrects its clock by;
/// - kUnrecognizedClient: the session token is not that of the credential;
/// - kExpiredToken: the credential was temporary and its time is over.
[[nodiscard]] Result<void> verify(const RequestView& request, const AuthClaim& claim,
                                  const SigningCredential& credential, WallTime now, const VerifyPolicy& policy,
                                  SigningKeyCache& cache);

/// For the log, after a mismatch: the canonical request that was expected, with every session token left out. No secret
/// and no signature is in it.
[[nodiscard]] std::string describe_expected(const RequestView& request, const AuthClaim& claim);

}  // namespace heliograph::wire
