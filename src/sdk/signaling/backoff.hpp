// Backoff: how long to wait before the next try.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"
#include "sdk/jitter.hpp"

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
    return random_up_to(rng_, ceiling);
  }
  void reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds most_;
  std::chrono::milliseconds next_;
  Rng& rng_;
};

}  // namespace heliograph::sdk
