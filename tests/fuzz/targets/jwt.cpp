// Web identities: any text is a token or an error; none verifies with a key that did not sign it. Key sets likewise.
#include <cstdint>
#include <string_view>

#include "support/check.hpp"
#include "wire/jwt.hpp"

namespace {

/// The P-256 key of RFC 7517, A.1, whose private half nobody here uses.
constexpr std::string_view kKeys =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
    R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"1"}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  static const auto keys = wire::parse_jwks(kKeys).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto token = wire::parse_jwt(text);
  if (token) {
    test::check(!token->issuer.empty() && !token->subject.empty(), "a token names its issuer and subject");
    test::check(text.starts_with(token->signed_part), "what is signed is the token's own text");
    test::check(!wire::verify_jwt(*token, keys), "nothing verifies without the key");
  } else {
    test::check(!token.error().detail.empty() && token.error().detail.size() < 256, "an error says why, briefly");
  }
  if (const auto read = wire::parse_jwks(text)) {
    for (const wire::Jwk& key : *read) test::check(key.key != nullptr, "what is kept can be used");
    if (token) static_cast<void>(wire::verify_jwt(*token, *read));
  }
  return 0;
}
