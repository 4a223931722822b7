// RestartBackoff: how long to wait before a child that ended is started again.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace heliograph::server::relay {

/// 250 ms, doubling to 5 s: whoever is without a relay waits for this. A child that ran for a minute starts over.
/// Threads: one at a time.
class RestartBackoff {
 public:
  static constexpr std::chrono::milliseconds kFirst{250};
  static constexpr std::chrono::milliseconds kLongest{5'000};
  static constexpr std::chrono::minutes kStable{1};

  void on_started(SteadyTime now) noexcept { started_ = now; }

  [[nodiscard]] std::chrono::milliseconds on_ended(SteadyTime now) noexcept {
    if (now - started_ >= kStable) next_ = kFirst;
    const auto wait = next_;
    next_ = std::min(next_ * 2, kLongest);
    return wait;
  }

 private:
  SteadyTime started_{};
  std::chrono::milliseconds next_ = kFirst;
};

}  // namespace heliograph::server::relay
