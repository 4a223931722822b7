// STUN messages: what is read and written again reads the same.
#include <cstdint>

#include "support/check.hpp"
#include "wire/stun.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const auto message = wire::parse_stun({reinterpret_cast<const char*>(data), size});
  if (!message) return 0;
  static_cast<void>(message->error_code());
  static_cast<void>(message->address(wire::kStunMappedAddress));
  const auto again = wire::parse_stun(wire::to_stun(*message));
  test::check(again.has_value(), "is a message");
  test::check(again->attributes == message->attributes, "same attributes");
  test::check(again->method == message->method && again->kind == message->kind, "same type");
  return 0;
}
