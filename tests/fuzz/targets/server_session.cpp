// Invariants of a connection's life; see support/session_properties.hpp.
#include <cstdint>

#include "support/session_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  heliograph::test::SessionRun({reinterpret_cast<const char*>(data), size}).run();
  return 0;
}
