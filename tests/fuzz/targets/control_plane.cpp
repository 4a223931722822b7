// Properties of the control plane under any sequence of calls; see support/control_plane_properties.hpp.
#include <cstdint>

#include "support/control_plane_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  heliograph::test::ControlPlaneRun({reinterpret_cast<const char*>(data), size}).run();
  return 0;
}
