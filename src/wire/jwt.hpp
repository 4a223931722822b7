// JSON web tokens (RFC 7519) as OpenID Connect issues them, and the key sets (RFC 7517) that they are verified with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"

struct evp_pkey_st;

namespace heliograph::wire {

/// The longest token that is read, as STS has it.
inline constexpr std::size_t kMaxJwt = 20'000;

enum class JwtAlgorithm : std::uint8_t { kRs256, kEs256 };

/// A token as it was written. Nothing of it is proven before verify_jwt().
struct Jwt {
  JwtAlgorithm algorithm{};
  std::string key_id;                          ///< Empty: it names none.
  std::string issuer;                          ///< iss
  std::string subject;                         ///< sub
  std::vector<std::string> audiences;          ///< aud
  std::map<std::string, std::string> strings;  ///< Every claim that is a string, iss and sub among them.
  WallTime expires;                            ///< exp
  std::optional<WallTime> not_before;          ///< nbf
  std::string_view signed_part;                ///< Into the text parsed.
  std::string signature;                       ///< Bytes.
};

/// Reads header and claims of a token in compact form. Fails with kInvalidArgument, saying what is wrong: not three
/// parts of base64url, not JSON, a member that is missing, doubled or of another type, an algorithm that is neither
/// RS256 nor ES256 (so never "none"), a critical header.
/// Lifetime: the result looks into `text`.
[[nodiscard]] Result<Jwt> parse_jwt(std::string_view text);

/// A public key. Threads: any.
struct Jwk {
  std::string key_id;
  JwtAlgorithm algorithm{};
  std::shared_ptr<evp_pkey_st> key;  ///< RSA of 2048 bits or more, or P-256.
};

/// Reads a key set; keys of other kinds and for other uses are passed over. Fails with kInvalidArgument when it is no
/// key set, and when it has no key that could be used.
[[nodiscard]] Result<std::vector<Jwk>> parse_jwks(std::string_view text);

/// Whether the token was signed with one of these keys: that of its key id, or if it names none, any.
[[nodiscard]] bool verify_jwt(const Jwt& token, const std::vector<Jwk>& keys);

}  // namespace heliograph::wire
