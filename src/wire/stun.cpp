// STUN: a header of 20 bytes, and attributes padded to four.
#include "wire/stun.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>

namespace heliograph::wire {
namespace {

constexpr std::size_t kHeader = 20;
constexpr std::uint32_t kCookie = 0x2112a442;
constexpr std::size_t kIntegrity = 24;  // With its own header.

std::uint16_t read16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

void append16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

void append_attribute(std::string& out, std::uint16_t type, std::string_view value) {
  append16(out, type);
  append16(out, value.size());
  out += value;
  out.append((4 - value.size() % 4) % 4, '\0');
}

/// The class' two bits lie between those of the method.
std::uint16_t to_type(StunMethod method, StunClass kind) {
  return static_cast<std::uint16_t>(static_cast<unsigned>(method) | static_cast<unsigned>(kind));
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string_view StunMessage::find(std::uint16_t type) const noexcept {
  for (const auto& [name, value] : attributes)
    if (name == type) return value;
  return {};
}

int StunMessage::error_code() const noexcept {
  const std::string_view value = find(kStunErrorCode);
  return value.size() < 4 ? 0 : (value[2] & 7) * 100 + static_cast<unsigned char>(value[3]);
}

std::optional<StunAddress> StunMessage::address(std::uint16_t type) const {
  const std::string_view value = find(type);
  if (value.size() != 8 || value[1] != 1) return std::nullopt;
  StunAddress address;
  address.port = read16(value, 2) ^ static_cast<std::uint16_t>(kCookie >> 16);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto mask = static_cast<unsigned char>(kCookie >> (24 - 8 * i));
    address.ip += (i == 0 ? "" : ".") + std::to_string(static_cast<unsigned char>(value[4 + i]) ^ mask);
  }
  return address;
}

std::optional<std::size_t> stun_length(std::string_view bytes) noexcept {
  if (bytes.size() < 4) return std::nullopt;
  return kHeader + read16(bytes, 2);
}

std::optional<StunMessage> parse_stun(std::string_view bytes) {
  if (bytes.size() < kHeader || stun_length(bytes) != bytes.size() || (bytes[0] & 0xc0) != 0) return std::nullopt;
  if (read16(bytes, 4) != kCookie >> 16 || read16(bytes, 6) != (kCookie & 0xffff)) return std::nullopt;
  StunMessage message;
  const std::uint16_t type = read16(bytes, 0);
  message.kind = static_cast<StunClass>(type & 0x110);
  message.method = static_cast<StunMethod>(type & ~0x110);
  std::copy_n(bytes.begin() + 8, message.transaction.size(), message.transaction.begin());
  for (std::size_t at = kHeader; at < bytes.size();) {
    if (bytes.size() - at < 4) return std::nullopt;
    const std::size_t size = read16(bytes, at + 2);
    const std::size_t padded = (size + 3) / 4 * 4;
    if (bytes.size() - at - 4 < padded) return std::nullopt;
    message.attributes.emplace_back(read16(bytes, at), bytes.substr(at + 4, size));
    at += 4 + padded;
  }
  return message;
}

std::string to_stun(const StunMessage& message, std::string_view key) {
  std::string body;
  for (const auto& [type, value] : message.attributes) append_attribute(body, type, value);
  std::string out;
  append16(out, to_type(message.method, message.kind));
  append16(out, body.size() + (key.empty() ? 0 : kIntegrity));
  append16(out, kCookie >> 16);
  append16(out, kCookie & 0xffff);
  out.append(message.transaction.data(), message.transaction.size());
  out += body;
  if (!key.empty()) append_attribute(out, kStunMessageIntegrity, hmac_sha1(key, out));
  return out;
}

std::string to_xor_address(const StunAddress& address) {
  std::string out{'\0', '\1'};
  append16(out, address.port ^ kCookie >> 16);
  std::string_view rest = address.ip;
  for (unsigned i = 0; i < 4; ++i) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), byte);
    if (error != std::errc{} || byte > 255) return {};
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (i < 3 && !rest.starts_with('.')) return {};
    if (i < 3) rest.remove_prefix(1);
    out += static_cast<char>(byte ^ (kCookie >> (24 - 8 * i) & 0xff));
  }
  return rest.empty() ? out : std::string{};
}

std::string stun_long_term_key(std::string_view user, std::string_view realm, std::string_view password) {
  std::string text(user);
  text.append(":").append(realm).append(":").append(password);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace heliograph::wire
