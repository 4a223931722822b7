// AES-256-GCM by OpenSSL: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
#include "wire/sealed.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>
#include <span>

#include "wire/digest.hpp"

namespace heliograph::wire {
namespace {

constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// OpenSSL fails here only without memory or without its default provider; neither can be survived.
void check(bool ok) {
  if (!ok) std::abort();
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Context make_context() {
  Context context(EVP_CIPHER_CTX_new());
  check(context != nullptr);
  return context;
}

}  // namespace

SealingKey::SealingKey(const std::array<std::uint8_t, kSize>& bytes)
    : bytes_(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())) {}

SealingKey SealingKey::derive(std::string_view purpose) const {
  const std::string_view own = bytes_.reveal();
  return SealingKey(hmac_sha256({bytes_of(own), own.size()}, purpose));
}

std::string SealingKey::seal(std::string_view text, std::string_view bound, Rng& rng) const {
  std::string sealed(kNonce + text.size() + kTag, '\0');
  rng.fill({reinterpret_cast<std::byte*>(sealed.data()), kNonce});
  const Context context = make_context();
  unsigned char* out = bytes_of(sealed);
  int size = 0;
  check(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(bytes_.reveal()), out) == 1);
  check(EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(bound), static_cast<int>(bound.size())) == 1);
  check(EVP_EncryptUpdate(context.get(), out + kNonce, &size, bytes_of(text), static_cast<int>(text.size())) == 1);
  check(EVP_EncryptFinal_ex(context.get(), out + kNonce + size, &size) == 1);
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, out + kNonce + text.size()) == 1);
  return sealed;
}

std::optional<Secret> SealingKey::open(std::string_view sealed, std::string_view bound) const {
  if (sealed.size() < kNonce + kTag) return std::nullopt;
  const std::string_view body = sealed.substr(kNonce, sealed.size() - kNonce - kTag);
  std::string tag(sealed.substr(sealed.size() - kTag));
  std::string text(body.size(), '\0');
  const Context context = make_context();
  int size = 0;
  check(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(bytes_.reveal()), bytes_of(sealed)) ==
        1);
  check(EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(bound), static_cast<int>(bound.size())) == 1);
  check(EVP_DecryptUpdate(context.get(), bytes_of(text), &size, bytes_of(body), static_cast<int>(body.size())) == 1);
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1);
  Secret opened(std::move(text));  // Wiped when the tag is wrong.
  unsigned char nothing = 0;
  if (EVP_DecryptFinal_ex(context.get(), &nothing, &size) != 1) return std::nullopt;
  return opened;
}

}  // namespace heliograph::wire
