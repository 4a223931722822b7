// Time-limited TURN credentials and the URIs they are for.
#include "server/relay/turn_credentials.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

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

std::string opaque_of(const ChannelArn& channel) {
  constexpr std::size_t kExpiry = 11;  // Ten digits and a colon.
  std::string opaque = wire::to_base64("v1:" + channel.str());
  return opaque.size() + kExpiry > kMaxUsername ? wire::to_hex(wire::sha256(channel.view())) : opaque;
}

TurnCredentials make_turn_credentials(const Secret& secret, const ChannelArn& channel, WallTime expiry) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expiry).time_since_epoch().count();
  TurnCredentials credentials{std::to_string(seconds) + ':' + opaque_of(channel), {}};
  credentials.password = hmac_sha1_base64(secret, credentials.username);
  return credentials;
}

std::optional<TurnUser> parse_turn_username(std::string_view username) noexcept {
  const auto colon = username.find(':');
  TurnUser user;
  const auto [end, error] =
      std::from_chars(username.data(), username.data() + std::min(colon, username.size()), user.expiry);
  if (error != std::errc{} || colon == std::string_view::npos || end != username.data() + colon) return std::nullopt;
  user.opaque = username.substr(colon + 1);
  if (user.opaque.empty()) return std::nullopt;
  return user;
}

Secret turn_key(const Secret& secret, std::string_view username, std::string_view realm) {
  const Secret text(std::string(username) + ':' + std::string(realm) + ':' + hmac_sha1_base64(secret, username));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.reveal().data(), text.reveal().size(), digest.data(), &size, EVP_md5(), nullptr);
  return Secret(wire::to_hex({digest.data(), size}));
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
