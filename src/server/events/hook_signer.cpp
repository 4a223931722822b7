// The signature of a webhook's body.
#include "server/events/hook_signer.hpp"

#include <chrono>
#include <cstdint>
#include <span>

#include "wire/digest.hpp"

namespace heliograph::server::events {

std::string HookSigner::sign(std::string_view body, WallTime now) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string text = std::to_string(seconds);
  std::string header = "t=" + text + ",v1=";
  text += '.';
  text += body;
  const std::string_view secret = secret_.reveal();
  const std::span key(reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size());
  wire::append_hex(header, wire::hmac_sha256(key, text));
  return header;
}

}  // namespace heliograph::server::events
