// Invariants of texts from a service; see support/message_properties.hpp.
#include <cstdint>

#include "support/message_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  heliograph::test::check_service_message({reinterpret_cast<const char*>(data), size});
  return 0;
}
