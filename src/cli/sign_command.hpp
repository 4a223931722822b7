// `heliograph sign`: a presigned WebSocket URL, for those who have no key.
#pragma once

#include <string>

#include "cli/client/service.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct SignQuestion {
  std::string channel;  ///< Name or ARN.
  std::string role = "viewer";
  std::string client;     ///< A viewer's id; empty: one of chance.
  int expires = 299;      ///< Seconds.
  bool is_plain = false;  ///< ws instead of wss, if there is a choice.
};

struct SignedUrl {
  std::string url;
  std::string signer;   ///< The key's id, or "the service".
  std::string service;  ///< Which it was, for people.
};

/// For the WebSocket endpoint that the service names, with the key by which its calls are signed. Without one, a
/// heliographd is asked to sign, which it does on loopback. Fails with kInvalidArgument for a client id that cannot be,
/// and as open_service(), find_channel() and get_endpoints() do.
[[nodiscard]] Result<SignedUrl> sign_for(const SignQuestion& question, const ServiceOptions& options);

}  // namespace heliograph::cli
