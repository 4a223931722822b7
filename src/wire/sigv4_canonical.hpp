// The canonical request of SigV4 and the signature over it: what signer and verifier have in common. Private to
// src/wire.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wire/digest.hpp"
#include "wire/sigv4.hpp"
#include "wire/uri.hpp"

namespace heliograph::wire {

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
/// SHA-256 of nothing.
inline constexpr std::string_view kEmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// How the values of a query are spelled in the canonical request.
enum class QuerySpelling : std::uint8_t {
  kStrict,     ///< Re-encoded as SigV4 asks for.
  kComponent,  ///< Re-encoded as encodeURIComponent does.
  kRaw,        ///< As received.
};

/// Appends the query sorted by name, then value, without X-Amz-Signature.
/// @param redact  leave out the value of X-Amz-Security-Token.
void append_canonical_query(std::string& out, const Query& query, QuerySpelling spelling, bool redact = false);

/// Appends a header's value trimmed, with each run of white space as one space.
void append_canonical_value(std::string& out, std::string_view value);

[[nodiscard]] bool is_same_header(std::string_view a, std::string_view b) noexcept;

/// The parts of a canonical request that stand between its header lines.
struct CanonicalParts {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::string_view signed_headers;  ///< "host;x-amz-date": sorted, in small letters.
  std::string_view payload_hash;
};

/// The canonical request. Header lines are taken from `headers` in the order of `signed_headers`; several headers of
/// one name are joined by commas; one that is missing makes a line without value.
/// @param redact  leave out the values of x-amz-security-token, authorization and cookie.
[[nodiscard]] std::string to_canonical_request(const CanonicalParts& parts, std::span<const HeaderView> headers,
                                               bool redact = false);

/// HMAC over the string to sign.
/// @param scope  "20231107/us-west-2/kinesisvideo/aws4_request"
[[nodiscard]] Sha256Digest to_signature(const Sha256Digest& signing_key, std::string_view amz_date,
                                        std::string_view scope, std::string_view canonical_request);

}  // namespace heliograph::wire
