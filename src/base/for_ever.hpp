// For ever: how long the longest of the times is that options give.
#pragma once

#include <algorithm>
#include <chrono>

namespace heliograph {

/// Longer than what asks for it runs, and short enough to be added to any time: a clock that counts nanoseconds has
/// room for 292 years.
inline constexpr std::chrono::hours kForEver{100 * 365 * 24};

/// Whoever writes max() means for ever; added to a time as it is, it would lie in the past.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::duration<Rep, Period> at_most_for_ever(
    std::chrono::duration<Rep, Period> time) noexcept {
  return std::min(time, std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(kForEver));
}

}  // namespace heliograph
