// Fingerprints of certificates: how session descriptions name them (RFC 8122), and whether a certificate is the one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::peer {

/// In one form, so that two that mean the same are equal.
struct Fingerprint {
  std::string function{};  ///< "sha-256", "sha-384" or "sha-512".
  std::string bytes{};     ///< "AB:CD:…"
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// Of what follows "a=fingerprint:". Empty for what is none, and for hash functions that prove nothing any more.
[[nodiscard]] std::optional<Fingerprint> parse_fingerprint(std::string_view value);

/// That of a certificate in PEM, by the same hash function. Empty when it is no certificate.
[[nodiscard]] std::optional<Fingerprint> fingerprint_of(std::string_view pem, const std::string& function);

}  // namespace heliograph::peer
