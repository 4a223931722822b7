// Invariants of ARNs: one that is read is written back as it was, and nothing outside its pattern is read.
#include <cstdint>
#include <string>

#include "support/check.hpp"
#include "wire/arn.hpp"
#include "wire/names.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto arn = wire::parse_arn(text);
  if (!arn) return 0;

  std::string written = "arn:";
  written.append(arn->partition).append(":kinesisvideo:").append(arn->region).append(":").append(arn->account);
  written.append(":").append(arn->kind).append("/").append(arn->name).append("/").append(arn->code);
  test::check(written == text, "an ARN is made of its parts");
  test::check(text.size() <= 1024, "no ARN is longer than 1024");
  test::check(wire::is_resource_name(arn->name.substr(0, 256)), "the name has the alphabet of names");
  test::check(!wire::partition_of(arn->region).empty(), "every region has a partition");
  return 0;
}
