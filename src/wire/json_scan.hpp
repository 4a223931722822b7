// The inner loops of JSON readers: how far a string is plain, and how far base64.
#pragma once

#include <cstddef>
#include <string_view>

namespace heliograph::wire {

/// The first place from `at` on that is not a plain character of a string: a quote, a backslash, a control character
/// (below 0x20) or the end of the text.
[[nodiscard]] std::size_t find_string_stop(std::string_view text, std::size_t at) noexcept;

/// The first place from `at` on that is not a digit of base64 in either alphabet (RFC 4648, 4 and 5); padding is none.
[[nodiscard]] std::size_t find_base64_stop(std::string_view text, std::size_t at) noexcept;
/// The same on any processor: without AVX2, which the one above takes where it is.
[[nodiscard]] std::size_t find_base64_stop_anywhere(std::string_view text, std::size_t at) noexcept;

}  // namespace heliograph::wire
