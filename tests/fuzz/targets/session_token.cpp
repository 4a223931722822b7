// Session tokens: bytes that are read are those that would be written; nothing opens that was not sealed with the key.
#include <array>
#include <cstdint>
#include <string_view>

#include "support/check.hpp"
#include "support/counting_rng.hpp"
#include "wire/session_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  static const wire::SealingKey key(std::array<std::uint8_t, wire::SealingKey::kSize>{7});
  static test::CountingRng rng;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  test::check(!wire::open_session_token(text, key), "nobody makes a token without the key");
  const auto claims = wire::parse_session_bytes(text);
  if (!claims) return 0;
  test::check(wire::to_session_bytes(*claims).reveal() == text, "bytes have one meaning, and a meaning one spelling");
  if (size > 8'000) return 0;
  const auto opened = wire::open_session_token(wire::to_session_token(*claims, key, rng), key);
  test::check(opened && *opened == *claims, "a token keeps what it was made of");
  return 0;
}
