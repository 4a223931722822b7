// Properties of policies: decisions are those of the rules as they are written; see support/policy_properties.hpp.
#include <cstdint>

#include "support/policy_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  heliograph::test::PolicyRun({reinterpret_cast<const char*>(data), size}).run();
  return 0;
}
