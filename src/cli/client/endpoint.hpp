// Endpoint: a URL's scheme, host and port.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::cli {

struct Endpoint {
  bool tls = false;
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  std::string authority;  ///< As it stands in the URL and in the Host header: "localhost:3000".
};

/// Reads http://, https://, ws:// and wss:// URLs; what follows the port is left aside. Fails with kInvalidArgument.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url);

/// What stands behind the host: "/path?query"; at least "/".
[[nodiscard]] std::string target_of(std::string_view url);

}  // namespace heliograph::cli
