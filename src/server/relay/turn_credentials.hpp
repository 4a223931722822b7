// Time-limited TURN credentials, as coturn's use-auth-secret checks them ("A REST API For Access To TURN Services").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::server::relay {

struct TurnCredentials {
  std::string username;  ///< `{expiry in epoch seconds}:{opaque}`; at most 256 characters, with a colon.
  std::string password;  ///< base64(HMAC-SHA1(secret, username))
};

/// Credentials that the server takes until `expiry`. The opaque part has the form of the real service's,
/// base64("v1:" + channel ARN), so that a relay's log tells whose traffic it was; for ARNs too long for the 256
/// characters that C clients have room for, it holds their SHA-256 instead.
/// The opaque part cannot be forged: its password follows from the secret.
[[nodiscard]] TurnCredentials make_turn_credentials(const Secret& secret, const ChannelArn& channel, WallTime expiry);

/// What stands behind the colon of a channel's user names.
[[nodiscard]] std::string opaque_of(const ChannelArn& channel);

/// A user name taken apart; nothing where it does not have the form.
struct TurnUser {
  std::int64_t expiry = 0;  ///< Epoch seconds.
  std::string_view opaque;  ///< A view into what was parsed.
};
[[nodiscard]] std::optional<TurnUser> parse_turn_username(std::string_view username) noexcept;

/// The key of a user in hexadecimal: MD5(user ":" realm ":" password), RFC 8489, 9.2.2; the password is that of
/// make_turn_credentials.
[[nodiscard]] Secret turn_key(const Secret& secret, std::string_view username, std::string_view realm);

}  // namespace heliograph::server::relay
