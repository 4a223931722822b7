// How often this program has allocated. Link allocations.cpp, which replaces operator new, into the program.
#pragma once

#include <cstdint>

namespace heliograph::test {

/// Calls of operator new since the program began.
[[nodiscard]] std::uint64_t allocations() noexcept;
/// Bytes asked of operator new since then; never less, since delete is not counted.
[[nodiscard]] std::uint64_t allocated_bytes() noexcept;

}  // namespace heliograph::test
