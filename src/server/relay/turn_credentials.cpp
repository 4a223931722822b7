// Time-limited TURN credentials and the URIs they are for.
#include "server/relay/turn_credentials.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <span>
#include <string_view>

#include "server/relay/relay_directory.hpp"

namespace heliograph::server::relay {
namespace {

constexpr std::size_t kMaxUsername = 256;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string to_base64(std::span<const unsigned char> bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends its output with a NUL.
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string to_base64(std::string_view text) { return to_base64(std::span(bytes_of(text), text.size())); }

std::string hmac_sha1_base64(const Secret& secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.reveal().data(), static_cast<int>(secret.reveal().size()), bytes_of(text), text.size(),
       digest.data(), &size);
  return to_base64(std::span(digest.data(), size));
}

}  // namespace

TurnCredentials make_turn_credentials(const Secret& secret, const ChannelArn& channel, WallTime expiry) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expiry).time_since_epoch().count();
  const std::string prefix = std::to_string(seconds) + ':';

  TurnCredentials credentials{prefix + to_base64("v1:" + channel.str()), {}};
  if (credentials.username.size() > kMaxUsername) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(bytes_of(channel.view()), channel.str().size(), digest.data());
    credentials.username = prefix + to_base64(digest);
  }
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
