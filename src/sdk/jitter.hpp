// Random waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "base/clock.hpp"

namespace heliograph::sdk {

/// A random time from nothing up to `most`, so that many who failed together do not come back together ("full jitter":
/// AWS Architecture Blog, exponential backoff and jitter). Nothing, when `most` is not more than that.
[[nodiscard]] inline std::chrono::milliseconds random_up_to(Rng& rng, std::chrono::milliseconds most) {
  std::uint64_t random = 0;
  rng.fill(std::as_writable_bytes(std::span(&random, 1)));
  if (most.count() <= 0) return std::chrono::milliseconds(0);
  return std::chrono::milliseconds(random % (static_cast<std::uint64_t>(most.count()) + 1));
}

}  // namespace heliograph::sdk
