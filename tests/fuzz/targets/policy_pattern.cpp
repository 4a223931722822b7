// The property of the matcher: it says what the naive one says. Input: a pattern, a line feed, a text, both UTF-8.
#include <cstdint>

#include "core/policy/pattern.hpp"
#include "support/check.hpp"
#include "support/naive_pattern.hpp"
#include "wire/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\n');
  if (end == std::string_view::npos || !wire::is_utf8(input)) return 0;
  const std::string_view text = input.substr(end + 1);
  const std::string_view written = input.substr(0, end);
  const auto pattern = core::Pattern::parse(written, {.wildcards = true, .variables = false, .ignores_case = false});
  test::check(pattern.has_value(), "without variables every text is a pattern");
  const auto match = pattern->match(text, {});
  test::check((match == core::Match::kYes) == test::matches_naively(written, text), "it matches as the naive one does");
  test::check(match != core::Match::kUnknown, "without variables nothing is unknown");
  return 0;
}
