// Invariants of the Hub under any sequence of events; see support/hub_properties.hpp.
#include <cstdint>

#include "support/hub_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  heliograph::test::HubRace({reinterpret_cast<const char*>(data), size}).run();
  return 0;
}
