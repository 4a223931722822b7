// Plain HTTP structs, so that nothing outside http_parser.cpp compiles Beast.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heliograph::net {

struct HttpHeader {
  std::string name;  ///< As received or as to be sent; compared without case.
  std::string value;
};

/// Where a request came from and which way.
struct PeerInfo {
  std::string address;  ///< "127.0.0.1", "::1"
  std::uint16_t port = 0;
  bool tls = false;
  bool loopback_listener = false;  ///< The listener is bound to a loopback address.
  std::uint16_t local_port = 0;
};

struct HttpRequest {
  std::string method;
  std::string target;  ///< Origin form, exactly as received: "/path?query".
  std::vector<HttpHeader> headers;
  std::string body;
  PeerInfo peer;

  /// The first header of that name, compared without case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Content-Length, Date, Connection are added by net.
struct HttpResponse {
  int status = 200;
  std::vector<HttpHeader> headers;
  std::string body;
};

}  // namespace heliograph::net
