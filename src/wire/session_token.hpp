// SessionClaims: what temporary credentials stand for, and the token in which they carry it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/secret.hpp"
#include "wire/sealed.hpp"

namespace heliograph::wire {

/// Whole, so that nobody has to remember what was issued.
struct SessionClaims {
  /// The numbers are what is in tokens.
  enum class Kind : std::uint8_t { kAdministrator = 1, kUser = 2, kRole = 3 };

  Kind kind{};
  AccessKeyId key;  ///< "ASIA…"
  Secret secret;
  WallTime expires;                     ///< Whole seconds.
  std::string subject{};                ///< Name of the user or role.
  std::string subject_id{};             ///< Its id: a later one of the name is somebody else.
  std::string session_name{};           ///< Of a role.
  AccessKeyId parent{};                 ///< The key that it was asked for with, unless a web identity asked.
  std::vector<std::string> policies{};  ///< JSON. None: no further limit.

  friend bool operator==(const SessionClaims& a, const SessionClaims& b) {
    return a.kind == b.kind && a.key == b.key && a.secret.reveal() == b.secret.reveal() && a.expires == b.expires &&
           a.subject == b.subject && a.subject_id == b.subject_id && a.session_name == b.session_name &&
           a.parent == b.parent && a.policies == b.policies;
  }
};

/// As bytes: a version, then the members, each text after its length.
[[nodiscard]] Secret to_session_bytes(const SessionClaims& claims);
/// Nothing for bytes that to_session_bytes() does not write.
[[nodiscard]] std::optional<SessionClaims> parse_session_bytes(std::string_view bytes);

/// The longest token that is looked at.
inline constexpr std::size_t kMaxSessionToken = 16'384;

/// The token: letters, digits, '-' and '_', so that it passes through any header, query and shell as it is.
[[nodiscard]] std::string to_session_token(const SessionClaims& claims, const SealingKey& key, Rng& rng);
/// Nothing unless it was made with that key.
[[nodiscard]] std::optional<SessionClaims> open_session_token(std::string_view token, const SealingKey& key);

}  // namespace heliograph::wire
