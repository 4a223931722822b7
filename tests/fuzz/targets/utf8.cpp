// Invariants of the UTF-8 checks: they agree with the grammar of RFC 3629, 4, written out here a second time, and a
// prefix of UTF-8 is UTF-8.
#include <cstdint>
#include <cstdlib>

#include "wire/utf8.hpp"

namespace {

using namespace heliograph;

/// One row of the grammar: UTF8-2, UTF8-3 and UTF8-4, each alternative on its own.
struct Row {
  unsigned first_low, first_high, second_low, second_high;
  std::size_t length;
};
constexpr Row kRows[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

std::size_t length_by_grammar(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  for (const Row& row : kRows) {
    if (byte(0) < row.first_low || byte(0) > row.first_high || text.size() < row.length) continue;
    if (byte(1) < row.second_low || byte(1) > row.second_high) return 0;
    for (std::size_t i = 2; i < row.length; ++i) {
      if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    }
    return row.length;
  }
  return 0;
}

bool is_utf8_by_grammar(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = length_by_grammar(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  const bool good = wire::is_utf8(text);

  if (good != is_utf8_by_grammar(text)) std::abort();
  const std::string_view prefix = wire::utf8_prefix(text, data[0]);
  if (prefix.size() > data[0] || !text.starts_with(prefix)) std::abort();
  if (good && !wire::is_utf8(prefix)) std::abort();
  return 0;
}
