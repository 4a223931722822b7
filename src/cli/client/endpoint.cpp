// URLs, as far as the command needs them.
#include "cli/client/endpoint.hpp"

#include <array>
#include <charconv>

namespace heliograph::cli {
namespace {

struct Scheme {
  std::string_view prefix;
  bool tls;
};
constexpr std::array kSchemes{Scheme{"http://", false}, Scheme{"https://", true}, Scheme{"ws://", false},
                              Scheme{"wss://", true}};

Error bad(std::string_view url) {
  return {Errc::kInvalidArgument, "'" + std::string(url.substr(0, 200)) +
                                      "' is no endpoint; write http://HOST:PORT, https://HOST:PORT, ws:// or wss://"};
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view url) {
  for (const Scheme& scheme : kSchemes) {
    if (!url.starts_with(scheme.prefix)) continue;
    const std::string_view rest = url.substr(scheme.prefix.size());
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    Endpoint endpoint{scheme.tls, std::string(authority), static_cast<std::uint16_t>(scheme.tls ? 443 : 80),
                      std::string(authority)};
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
      const std::string_view port = authority.substr(colon + 1);
      const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
      if (error != std::errc{} || end != port.data() + port.size()) return bad(url);
      endpoint.host = authority.substr(0, colon);
    }
    if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']'))
      endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    if (endpoint.host.empty()) return bad(url);
    return endpoint;
  }
  return bad(url);
}

std::string target_of(std::string_view url) {
  const auto begin = url.find("://");
  const auto at = url.find_first_of("/?", begin == std::string_view::npos ? 0 : begin + 3);
  if (at == std::string_view::npos) return "/";
  const std::string target(url.substr(at, url.find('#') - at));
  return target.starts_with('/') ? target : "/" + target;
}

}  // namespace heliograph::cli
