// Time-limited TURN credentials and the URIs they are for.
#include "server/relay/turn_credentials.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string_view>

#include "server/relay/relay_directory.hpp"
#include "wire/base64.hpp"
#include "wire/digest.hpp"

namespace heliograph::server::relay {
namespace {

constexpr std::size_t kMaxUsername = 256;

std::string hmac_sha1_base64(const Secret& secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.reveal().data(), static_cast<int>(secret.reveal().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return wire::to_base64({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

TurnCredentials make_turn_credentials(const Secret& secret, const ChannelArn& channel, WallTime expiry) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expiry).time_since_epoch().count();
  const std::string prefix = std::to_string(seconds) + ':';

  TurnCredentials credentials{prefix + wire::to_base64("v1:" + channel.str()), {}};
  if (credentials.username.size() > kMaxUsername)
    credentials.username = prefix + wire::to_hex(wire::sha256(channel.view()));
  credentials.password = hmac_sha1_base64(secret, credentials.username);
  return credentials;
}

std::vector<std::string> to_turn_uris(const TurnAddress& address) {
  const std::string plain = address.host + ':' + std::to_string(address.port);
  const std::string tls = address.host + ':' + std::to_string(address.tls_port);
  std::vector<std::string> uris{"turn:" + plain + "?transport=udp"};
  if (address.tls_port != 0) {
    uris.push_back("turns:" + tls + "?transport=udp");
    uris.push_back("turns:" + tls + "?transport=tcp");
  }
  if (address.plain_tcp) uris.push_back("turn:" + plain + "?transport=tcp");
  return uris;
}

}  // namespace heliograph::server::relay
