// verify: whether a claim is true. Real clients differ in how they spell the canonical request, so a signature that
// does not match the first reading is tried against the few others; the first one is right for every AWS SDK.
#include "wire/sigv4_verify.hpp"

#include <openssl/crypto.h>

#include <algorithm>
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

/// The hosts that the signer may have meant. The Android and iOS signers leave the port out; browsers leave a default
/// port out of the header that the JavaScript signer has signed.
std::vector<std::string> to_hosts(std::string_view received) {
  std::string host;
  append_canonical_value(host, received);
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos &&
                        std::all_of(host.begin() + static_cast<std::ptrdiff_t>(colon) + 1, host.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  if (has_port) return {host, host.substr(0, colon)};
  return {host, host + ":443", host + ":80"};
}

/// As received, which is how our own signer and the JavaScript one spell it, and encoded once more, as the AWS SDKs do.
std::vector<std::string> to_paths(std::string_view received) {
  std::vector<std::string> paths{std::string(received)};
  std::string encoded = percent_encode(received, UriSpelling::kPath);
  if (encoded != paths.front()) paths.push_back(std::move(encoded));
  return paths;
}

/// SigV4's own spelling; encodeURIComponent's (the JavaScript signer); what was received (the iOS signer leaves `:`
/// raw).
std::vector<std::string> to_queries(const Query& query) {
  std::vector<std::string> queries;
  for (const auto spelling : {QuerySpelling::kStrict, QuerySpelling::kComponent, QuerySpelling::kRaw}) {
    std::string text;
    append_canonical_query(text, query, spelling);
    if (std::find(queries.begin(), queries.end(), text) == queries.end()) queries.push_back(std::move(text));
  }
  return queries;
}

bool is_signature(const Sha256Digest& expected, std::string_view claimed) {
  const std::string hex = to_hex(expected);
  return claimed.size() == hex.size() && CRYPTO_memcmp(claimed.data(), hex.data(), hex.size()) == 0;
}

Result<void> check_signature(const RequestView& request, const AuthClaim& claim, const Sha256Digest& key) {
  if (auto exist = check_signed_headers_exist(request, claim); !exist) return exist;
  const auto payload_hash = to_payload_hash(request, claim);
  if (!payload_hash) return payload_hash.error();

  std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
  const auto host = static_cast<std::size_t>(find_header(request, "host") - request.headers.data());
  const auto hosts = to_hosts(headers[host].value);
  const auto paths = to_paths(split_target(request.target).path);
  const auto queries = to_queries(claim.query);
  for (const std::string& path : paths) {
    for (const std::string& query : queries) {
      for (const std::string& name : hosts) {
        headers[host].value = name;
        const std::string canonical =
            to_canonical_request({request.method, path, query, claim.signed_headers, *payload_hash}, headers);
        if (is_signature(to_signature(key, claim.amz_date, claim.scope, canonical), claim.signature)) return {};
      }
    }
  }
  return mismatch();
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
