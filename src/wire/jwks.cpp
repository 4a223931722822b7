// Key sets, and the check of a token's signature, by OpenSSL.
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "wire/base64url.hpp"
#include "wire/jwt.hpp"

namespace heliograph::wire {
namespace {

namespace json = boost::json;

template <auto Free>
struct Freeing {
  template <class T>
  void operator()(T* thing) const noexcept {
    Free(thing);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freeing<Free>>;
using Number = Owned<BIGNUM, BN_free>;

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;
constexpr std::size_t kCoordinate = 32;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Number to_number(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string member(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::shared_ptr<EVP_PKEY> to_key(const char* kind, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> to_rsa_key(const json::object& jwk) {
  const auto modulus = parse_base64url(member(jwk, "n"));
  const auto exponent = parse_base64url(member(jwk, "e"));
  if (!modulus || !exponent || exponent->empty() || exponent->size() > 8 || modulus->size() > kMaxRsaBits / 8)
    return nullptr;
  const Number n = to_number(*modulus);
  const Number e = to_number(*exponent);
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || BN_num_bits(n.get()) < kMinRsaBits ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return to_key("RSA", builder.get());
}

std::shared_ptr<EVP_PKEY> to_ec_key(const json::object& jwk) {
  const auto x = parse_base64url(member(jwk, "x"));
  const auto y = parse_base64url(member(jwk, "y"));
  if (member(jwk, "crv") != "P-256" || !x || !y || x->size() != kCoordinate || y->size() != kCoordinate) return nullptr;
  const std::string point = '\x04' + *x + *y;  // Uncompressed.
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return nullptr;
  return to_key("EC", builder.get());
}

std::optional<Jwk> to_jwk(const json::object& object) {
  const std::string kind = member(object, "kty");
  const std::string use = member(object, "use");
  const std::string algorithm = member(object, "alg");
  if (!use.empty() && use != "sig") return std::nullopt;
  Jwk jwk{member(object, "kid"), kind == "EC" ? JwtAlgorithm::kEs256 : JwtAlgorithm::kRs256, nullptr};
  if (!algorithm.empty() && algorithm != (kind == "EC" ? "ES256" : "RS256")) return std::nullopt;
  if (kind == "RSA") jwk.key = to_rsa_key(object);
  if (kind == "EC") jwk.key = to_ec_key(object);
  if (jwk.key == nullptr) return std::nullopt;
  return jwk;
}

/// A JWS has the two numbers of an ECDSA signature side by side (RFC 7518, 3.4); OpenSSL reads DER.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * kCoordinate) return {};
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  Number r = to_number(signature.substr(0, kCoordinate));
  Number s = to_number(signature.substr(kCoordinate));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

bool is_signed_with(const Jwt& token, const Jwk& jwk) {
  const std::string signature = jwk.algorithm == JwtAlgorithm::kEs256 ? to_der(token.signature) : token.signature;
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, jwk.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(token.signed_part),
                          token.signed_part.size()) == 1;
}

}  // namespace

Result<std::vector<Jwk>> parse_jwks(std::string_view text) {
  json::parse_options options;
  options.max_depth = 16;
  json::error_code problem;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), problem, {}, options);
  const json::object* object = problem ? nullptr : value.if_object();
  const json::value* list = object == nullptr ? nullptr : object->if_contains("keys");
  if (list == nullptr || !list->is_array())
    return Error{Errc::kInvalidArgument, "this is no JSON web key set: {\"keys\": [...]}"};
  std::vector<Jwk> keys;
  for (const json::value& each : list->get_array()) {
    if (!each.is_object()) continue;
    if (auto key = to_jwk(each.get_object())) keys.push_back(*std::move(key));
  }
  if (keys.empty())
    return Error{Errc::kInvalidArgument,
                 "the key set has no key for RS256 (RSA of 2048 bits or more) or ES256 (P-256) signatures"};
  return keys;
}

bool verify_jwt(const Jwt& token, const std::vector<Jwk>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&token](const Jwk& jwk) {
    return jwk.algorithm == token.algorithm && (token.key_id.empty() || token.key_id == jwk.key_id) &&
           is_signed_with(token, jwk);
  });
}

}  // namespace heliograph::wire
