// Invariants of dates: one that is read is written back as it was, in either form.
#include <cstdint>

#include "support/check.hpp"
#include "wire/date.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = wire::parse_amz_date(text)) {
    test::check(wire::to_amz_date(*time) == text, "SigV4's form");
    test::check(wire::parse_http_date(wire::to_http_date(*time)) == time, "from SigV4's form to HTTP's");
  }
  if (const auto time = wire::parse_http_date(text)) {
    test::check(wire::to_http_date(*time) == text, "HTTP's form");
    test::check(wire::parse_amz_date(wire::to_amz_date(*time)) == time, "from HTTP's form to SigV4's");
  }
  return 0;
}
