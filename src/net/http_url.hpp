// HttpUrl: where an HTTP client goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::net {

struct HttpUrl {
  bool tls = false;
  std::string host;  ///< A name or an address; IPv6 without brackets.
  std::uint16_t port = 0;
  std::string target;  ///< "/path?query"

  /// What goes into the Host header: the port only when it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  /// The URL without its query, which may hold what is not for a log.
  [[nodiscard]] std::string text() const;
};

/// Reads "http://host[:port][/path][?query]", or https. Fails with kInvalidArgument, saying what is wrong; user
/// information and fragments are refused.
[[nodiscard]] Result<HttpUrl> parse_http_url(std::string_view text);

}  // namespace heliograph::net
