// check(): for properties that fuzz targets and tests share. A broken one ends the program where it broke.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace heliograph::test {

/// (clang 14 has the builtins, but not std::source_location.)
inline void check(bool holds, const char* property, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d: broken: %s\n", file, line, property);
  std::abort();
}

}  // namespace heliograph::test
