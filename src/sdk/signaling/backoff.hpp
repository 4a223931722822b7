// Backoff: how long to wait before the next try.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::sdk {

/// Full jitter: a random time of up to `first`, then up to twice as much each time, never more than up to `most`. So
/// clients that lost their service together do not come back together. Threads: one.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most, Rng& rng)
      : first_(first), most_(most), next_(first), rng_(rng) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    const auto ceiling = std::min(next_, most_);
    next_ = std::min(next_ * 2, most_);
    std::uint64_t random = 0;
    rng_.fill(std::as_writable_bytes(std::span(&random, 1)));
    return std::chrono::milliseconds(random % (static_cast<std::uint64_t>(ceiling.count()) + 1));
  }
  void reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds most_;
  std::chrono::milliseconds next_;
  Rng& rng_;
};

}  // namespace heliograph::sdk
