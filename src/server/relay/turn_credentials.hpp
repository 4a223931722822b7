// Time-limited TURN credentials, as coturn's use-auth-secret checks them ("A REST API For Access To TURN Services").
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"

namespace heliograph::server::relay {

struct TurnCredentials {
  std::string username;  ///< `{expiry in epoch seconds}:{opaque}`; at most 256 characters, with a colon.
  std::string password;  ///< base64(HMAC-SHA1(secret, username))
};

/// Credentials that the server takes until `expiry`. The opaque part has the form of the real service's,
/// base64("v1:" + channel ARN), so that a relay's log tells whose traffic it was; for ARNs too long for the 256
/// characters that C clients have room for, it holds their SHA-256 instead.
[[nodiscard]] TurnCredentials make_turn_credentials(const Secret& secret, const ChannelArn& channel, WallTime expiry);

}  // namespace heliograph::server::relay
