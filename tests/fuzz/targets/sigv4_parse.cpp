// Invariants of signatures; see support/sigv4_properties.hpp.
#include <cstdint>

#include "support/sigv4_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph::test;
  const RequestText request = parse_request_text({reinterpret_cast<const char*>(data), size});
  check_refused(request);
  check_header_signing(request);
  check_presigning(request);
  return 0;
}
