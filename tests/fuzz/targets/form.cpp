// Form bodies: what is read, written in any spelling, is read again.
#include <cstdint>
#include <string>

#include "support/check.hpp"
#include "wire/form.hpp"
#include "wire/uri.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const auto form = wire::parse_form({reinterpret_cast<const char*>(data), size});
  if (!form) return 0;
  std::string written;
  for (const auto& [name, value] : *form)
    written += wire::percent_encode(name) + '=' + wire::percent_encode(value) + '&';
  const auto again = wire::parse_form(written);
  // A parameter without a name and a value is written as "=", which is one.
  test::check(again && *again == *form, "what is written is read again");
  return 0;
}
