// TokenIssuer: an OpenID Connect issuer with an RSA and a P-256 key, made anew for each test program.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/base64url.hpp"

namespace heliograph::test {

class TokenIssuer {
 public:
  TokenIssuer()
      : rsa_(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), EVP_PKEY_free),
        ec_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free) {
    if (!rsa_ || !ec_) std::abort();
  }

  /// The key set, with the ids "rsa" and "ec".
  [[nodiscard]] std::string jwks() const {
    return R"({"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"rsa","n":")" +
           wire::to_base64url(number(*rsa_, OSSL_PKEY_PARAM_RSA_N, 0)) + R"(","e":")" +
           wire::to_base64url(number(*rsa_, OSSL_PKEY_PARAM_RSA_E, 0)) +
           R"("},{"kty":"EC","crv":"P-256","kid":"ec","x":")" +
           wire::to_base64url(number(*ec_, OSSL_PKEY_PARAM_EC_PUB_X, 32)) + R"(","y":")" +
           wire::to_base64url(number(*ec_, OSSL_PKEY_PARAM_EC_PUB_Y, 32)) + "\"}]}";
  }
  [[nodiscard]] std::string rs256(std::string_view claims) const {
    return sign(R"({"alg":"RS256","typ":"JWT","kid":"rsa"})", claims, *rsa_);
  }
  [[nodiscard]] std::string es256(std::string_view claims) const {
    return sign(R"({"alg":"ES256","kid":"ec"})", claims, *ec_);
  }
  /// With any header, signed by the RSA key.
  [[nodiscard]] std::string with_header(std::string_view header, std::string_view claims) const {
    return sign(header, claims, *rsa_);
  }

 private:
  static std::string number(EVP_PKEY& key, const char* name, int size) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(&key, name, &value) != 1) std::abort();
    std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(value) : size), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BN_free(value);
    return bytes;
  }
  static std::string sign(std::string_view header, std::string_view claims, EVP_PKEY& key) {
    const std::string text = wire::to_base64url(header) + '.' + wire::to_base64url(claims);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
      std::abort();
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) !=
        1)
      std::abort();
    signature.resize(size);
    if (EVP_PKEY_is_a(&key, "EC") == 1) signature = to_pair(signature);
    return text + '.' + wire::to_base64url(signature);
  }
  static std::string to_pair(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* parsed = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string pair(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(pair.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parsed), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parsed), out + 32, 32);
    ECDSA_SIG_free(parsed);
    return pair;
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> rsa_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> ec_;
};

}  // namespace heliograph::test
