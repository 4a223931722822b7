// The inner loop of JSON readers: how far a string is plain.
#pragma once

#include <cstddef>
#include <string_view>

namespace heliograph::wire {

/// The first place from `at` on that is not a plain character of a string: a quote, a backslash, a control character
/// (below 0x20) or the end of the text.
[[nodiscard]] std::size_t find_string_stop(std::string_view text, std::size_t at) noexcept;

}  // namespace heliograph::wire
