// The Host header, checked before it is written into endpoints.
#pragma once

#include <optional>
#include <string_view>

namespace heliograph::server::api {

struct HostHeader {
  std::string_view authority;  ///< As in a URL, with the port if there was one: "localhost:3000".
  std::string_view host;       ///< Without the port: "localhost", "[::1]".
};

/// Reads `name`, `name:port`, `[ipv6]`, `[ipv6]:port`. Nothing for anything else: it would be an endpoint that no
/// client can use, or a way to write into our answer. The views live as long as `text`.
[[nodiscard]] std::optional<HostHeader> parse_host_header(std::string_view text);

}  // namespace heliograph::server::api
