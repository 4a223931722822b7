// Invariants of texts from clients; see support/message_properties.hpp.
#include <cstdint>

#include "support/message_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  heliograph::test::check_flat_json(text);
  heliograph::test::check_client_message(text);
  return 0;
}
