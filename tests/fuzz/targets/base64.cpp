// Invariants of base64: bytes survive a round trip, and a text is accepted exactly if it is what its bytes are written
// as.
#include <cstdint>
#include <cstdlib>

#include "wire/base64.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  const std::string text = wire::to_base64(input);
  if (text.size() != (size + 2) / 3 * 4 || wire::parse_base64(text) != input) std::abort();

  const std::optional<std::string> bytes = wire::parse_base64(input);
  if (bytes.has_value() != wire::is_base64_strict(input)) std::abort();
  if (bytes && wire::to_base64(*bytes) != input) std::abort();
  return 0;
}
