// URIs of the relays.
#include "server/relay/relays.hpp"

#include "server/config.hpp"
#include "server/setting_texts.hpp"

namespace heliograph::server::relay {
namespace {

constexpr std::size_t kMaxUrisPerEntry = 4;

}  // namespace

std::vector<RelayServer> OwnRelay::servers(std::string_view host) const {
  TurnAddress address;
  // "localhost" may mean ::1 to a client, and in development coturn listens on 127.0.0.1 only.
  address.host = !fixed_host_.empty() ? fixed_host_ : is_loopback(host) ? "127.0.0.1" : std::string(host);
  address.port = port_;
  address.tls_port = tls_port_;
  address.plain_tcp = true;
  return {{to_turn_uris(address), secret_}};
}

ExternalRelays::ExternalRelays(Secret secret, const std::vector<std::string>& uris) {
  for (const std::string& uri : uris) {
    if (servers_.empty() || servers_.back().uris.size() == kMaxUrisPerEntry) servers_.push_back({{}, secret});
    servers_.back().uris.push_back(uri);
  }
}

std::vector<RelayServer> ExternalRelays::servers(std::string_view) const { return servers_; }

}  // namespace heliograph::server::relay
