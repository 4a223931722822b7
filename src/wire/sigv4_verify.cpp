// verify: whether a claim is true. Real clients differ in how they spell the canonical request, so a signature that
// does not match the first reading is tried against the few others; the first one is right for every AWS SDK.
#include "wire/sigv4_verify.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "wire/date.hpp"
#include "wire/sigv4_canonical.hpp"

namespace heliograph::wire {
namespace {

using std::chrono::seconds;

Error mismatch(std::string text = {}) { return {Errc::kSignatureMismatch, std::move(text)}; }

Result<void> check_scope(const AuthClaim& claim, const VerifyPolicy& policy) {
  const auto other = [](std::string_view what, std::string_view want, std::string_view got) {
    std::string text = "Credential should be scoped to a valid ";
    text.append(what).append(": '").append(want).append("', not '").append(got.substr(0, 64)).append("'.");
    return mismatch(std::move(text));
  };
  if (claim.region != policy.region) return other("region", policy.region, claim.region);
  if (claim.service != policy.service) return other("service", policy.service, claim.service);
  if (claim.terminator != kSigningTerminator) return other("terminator", kSigningTerminator, claim.terminator);
  const std::string_view day = std::string_view(claim.amz_date).substr(0, 8);
  if (claim.scope_date != day) {
    return mismatch("Date in Credential scope does not match YYYYMMDD of the request's date: '" +
                    std::string(claim.scope_date.substr(0, 64)) + "' != '" + std::string(day) + "', from '" +
                    claim.amz_date + "'.");
  }
  return {};
}

std::string to_text(seconds span) {
  return span.count() % 60 == 0 ? std::to_string(span.count() / 60) + " min." : std::to_string(span.count()) + " sec.";
}

/// The C SDK looks for "Signature expired" and "Signature not yet current" and then corrects its clock by the Date
/// header.
Result<void> check_date(const AuthClaim& claim, WallTime now, seconds max_skew) {
  const auto second = std::chrono::floor<seconds>(now);
  const seconds validity = claim.carrier == AuthClaim::Carrier::kQuery ? claim.expires : max_skew;
  if (claim.date + validity < second) {
    return Error{Errc::kSignatureExpired, "Signature expired: " + claim.amz_date + " is now earlier than " +
                                              to_amz_date(second - validity) + " (" + to_amz_date(second) + " - " +
                                              to_text(validity) + ")"};
  }
  if (claim.date > second + max_skew) {
    return Error{Errc::kSignatureNotYetCurrent, "Signature not yet current: " + claim.amz_date +
                                                    " is still later than " + to_amz_date(second + max_skew) + " (" +
                                                    to_amz_date(second) + " + " + to_text(max_skew) + ")"};
  }
  return {};
}

bool is_signed(const AuthClaim& claim, std::string_view name) {
  for (std::string_view rest = claim.signed_headers; !rest.empty();) {
    const std::string_view signed_name = rest.substr(0, rest.find(';'));
    if (signed_name == name) return true;
    rest.remove_prefix(std::min(signed_name.size() + 1, rest.size()));
  }
  return false;
}

const HeaderView* find_header(const RequestView& request, std::string_view name) {
  const auto found = std::find_if(request.headers.begin(), request.headers.end(),
                                  [&](const HeaderView& header) { return is_same_header(header.name, name); });
  return found == request.headers.end() ? nullptr : &*found;
}

Result<void> check_signed_headers_exist(const RequestView& request, const AuthClaim& claim) {
  for (std::string_view rest = claim.signed_headers; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(';'));
    if (find_header(request, name) == nullptr) {
      return mismatch("The signature covers the header '" + std::string(name.substr(0, 64)) +
                      "', which the request does not have.");
    }
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
  }
  return {};
}

/// The payload hash of the canonical request. A signed x-amz-content-sha256 must tell the truth about the body, or be
/// UNSIGNED-PAYLOAD, by which the signer leaves the body open; an unsigned one means nothing.
Result<std::string> to_payload_hash(const RequestView& request, const AuthClaim& claim) {
  std::string hash = request.body.empty() ? std::string(kEmptyHash) : to_hex(sha256(request.body));
  if (!is_signed(claim, "x-amz-content-sha256")) return hash;
  std::string said;
  append_canonical_value(said, find_header(request, "x-amz-content-sha256")->value);
  if (said == kUnsignedPayload) return said;
  if (!said.empty() && said != hash) {
    return mismatch("The value of x-amz-content-sha256 is not the SHA-256 of the body received.");
  }
  return hash;
}

/// The hosts that the signer may have meant, most likely first; nothing after the last. The Android and iOS signers
/// leave the port out; browsers leave a default port out of the header that the JavaScript signer has signed.
std::optional<std::string> to_host(std::string_view received, std::size_t reading) {
  std::string host;
  append_canonical_value(host, received);
  if (reading == 0) return host;
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
  if (has_port && reading == 1) return host.substr(0, colon);
  if (!has_port && reading == 1) return host + ":443";
  if (!has_port && reading == 2) return host + ":80";
  return std::nullopt;
}

/// As received, which is how our own signer and the JavaScript one spell it; encoded once more, as the AWS SDKs do.
std::optional<std::string> to_path(std::string_view received, std::size_t reading) {
  if (reading == 0) return std::string(received);
  std::string encoded = percent_encode(received, UriSpelling::kPath);
  if (reading == 1 && encoded != received) return encoded;
  return std::nullopt;
}

/// SigV4's own spelling; encodeURIComponent's (the JavaScript signer); what was received (the iOS signer leaves `:`
/// raw).
std::optional<std::string> to_query(const Query& query, std::size_t reading) {
  constexpr std::array kSpellings{QuerySpelling::kStrict, QuerySpelling::kComponent, QuerySpelling::kRaw};
  if (reading >= kSpellings.size() || (reading > 0 && query.params().empty())) return std::nullopt;
  std::string text;
  append_canonical_query(text, query, kSpellings[reading]);
  return text;
}

bool is_signature(const Sha256Digest& expected, std::string_view claimed) {
  const std::string hex = to_hex(expected);
  return claimed.size() == hex.size() && CRYPTO_memcmp(claimed.data(), hex.data(), hex.size()) == 0;
}

Result<void> check_signature(const RequestView& request, const AuthClaim& claim, const Sha256Digest& key) {
  if (auto exist = check_signed_headers_exist(request, claim); !exist) return exist;
  const auto payload_hash = to_payload_hash(request, claim);
  if (!payload_hash) return payload_hash.error();

  // Most requests match the first reading of all three; the others are made only when they are needed.
  std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
  HeaderView& host_header = headers[static_cast<std::size_t>(find_header(request, "host") - request.headers.data())];
  const std::string_view received_host = host_header.value;
  const std::string_view received_path = split_target(request.target).path;
  std::vector<std::string> queries;
  for (std::size_t q = 0;; ++q) {
    auto query = to_query(claim.query, q);
    if (!query) return mismatch();
    if (std::find(queries.begin(), queries.end(), *query) != queries.end()) continue;
    queries.push_back(std::move(*query));
    for (std::size_t p = 0;; ++p) {
      const auto path = to_path(received_path, p);
      if (!path) break;
      for (std::size_t h = 0;; ++h) {
        const auto host = to_host(received_host, h);
        if (!host) break;
        host_header.value = *host;
        const auto canonical =
            to_canonical_request({request.method, *path, queries.back(), claim.signed_headers, *payload_hash}, headers);
        if (is_signature(to_signature(key, claim.amz_date, claim.scope, canonical), claim.signature)) return {};
      }
    }
  }
}

Result<void> check_token(const AuthClaim& claim, const SigningCredential& credential, WallTime now) {
  const std::string_view token = credential.session_token.reveal();
  if (token.size() != claim.session_token.size() ||
      CRYPTO_memcmp(token.data(), claim.session_token.data(), token.size()) != 0) {
    return Errc::kUnrecognizedClient;
  }
  if (credential.expires && *credential.expires <= now) return Errc::kExpiredToken;
  return {};
}

}  // namespace

Result<void> verify(const RequestView& request, const AuthClaim& claim, const SigningCredential& credential,
                    WallTime now, const VerifyPolicy& policy, SigningKeyCache& cache) {
  if (auto checked = check_scope(claim, policy); !checked) return checked;
  if (auto checked = check_date(claim, now, policy.max_skew); !checked) return checked;
  const auto key = cache.signing_key(credential, {claim.scope_date, claim.region, claim.service});
  if (auto checked = check_signature(request, claim, key); !checked) return checked;
  // Last, so that nobody learns about tokens without the key.
  return check_token(claim, credential, now);
}

std::string describe_expected(const RequestView& request, const AuthClaim& claim) {
  std::string query;
  append_canonical_query(query, claim.query, QuerySpelling::kStrict, true);
  const auto payload_hash = check_signed_headers_exist(request, claim)
                                ? to_payload_hash(request, claim).value_or("(hash of the body)")
                                : "(hash of the body)";
  return to_canonical_request(
      {request.method, split_target(request.target).path, query, claim.signed_headers, payload_hash}, request.headers,
      true);
}

}  // namespace heliograph::wire
