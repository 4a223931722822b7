// SHA-256 and HMAC-SHA-256 over one fetched EVP_MD.
#include "wire/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace heliograph::wire {
namespace {

constexpr std::size_t kBlock = 64;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

/// OpenSSL fails here only without memory or without its default provider; neither can be survived.
void check(bool ok) {
  if (!ok) std::abort();
}

const EVP_MD* fetched_sha256() {
  // Never freed: threads may still hash while static objects are being destroyed.
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  check(md != nullptr);
  return md;
}

Context make_context() {
  Context context(EVP_MD_CTX_new());
  check(context != nullptr);
  return context;
}

Sha256Digest hash(EVP_MD_CTX* context, std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  Sha256Digest digest;
  check(EVP_DigestInit_ex2(context, fetched_sha256(), nullptr) == 1);
  check(EVP_DigestUpdate(context, first.data(), first.size()) == 1);
  check(EVP_DigestUpdate(context, second.data(), second.size()) == 1);
  check(EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1);
  return digest;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Sha256Digest sha256(std::string_view text) { return hash(make_context().get(), bytes_of(text), {}); }

Sha256Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view text) {
  const Context context = make_context();
  Sha256Digest short_key{};
  if (key.size() > kBlock) {
    short_key = hash(context.get(), key, {});
    key = short_key;
  }
  std::array<std::uint8_t, kBlock> pad{};
  std::copy(key.begin(), key.end(), pad.begin());
  const auto flip = [&](unsigned mask) {
    for (auto& byte : pad) byte = static_cast<std::uint8_t>(byte ^ mask);
  };
  flip(0x36);
  const Sha256Digest inner = hash(context.get(), pad, bytes_of(text));
  flip(0x36 ^ 0x5C);
  const Sha256Digest outer = hash(context.get(), pad, inner);
  OPENSSL_cleanse(pad.data(), pad.size());
  OPENSSL_cleanse(short_key.data(), short_key.size());
  return outer;
}

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + 2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    out[at++] = kHex[byte >> 4U];
    out[at++] = kHex[byte & 15U];
  }
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  append_hex(out, bytes);
  return out;
}

}  // namespace heliograph::wire
