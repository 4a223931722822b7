// `heliograph sign`: a presigned WebSocket URL, for those who have no key.
#pragma once

#include <chrono>
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
  std::string signer;  ///< The key's id, or "the service".
};

/// Signs with the key of the service's data directory or the environment; without one, has the service sign, which it
/// does for the administrator's session or on loopback.
[[nodiscard]] Result<SignedUrl> sign_url(const SignQuestion& question, const ServiceOptions& options);

}  // namespace heliograph::cli
