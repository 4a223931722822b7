// TokenBucket: how often something may happen. Sans-I/O: the time is an argument.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::core {

/// A bucket that holds one second's worth of tokens and refills steadily: after a pause as many events as the rate says
/// may come at once, then one per 1/rate. It remembers only when it will be full again, so it costs eight bytes and
/// needs no refilling; a full one is as good as a new one, and can be forgotten.
/// The rate comes with each question, in events per second; 0 is no limit.
class TokenBucket {
 public:
  [[nodiscard]] bool has_token(SteadyTime now, std::uint32_t per_second) const noexcept {
    return per_second == 0 || full_after_one(now, per_second) <= now + kWindow;
  }
  /// The token must be there.
  void take(SteadyTime now, std::uint32_t per_second) noexcept {
    if (per_second != 0) full_at_ = full_after_one(now, per_second);
  }
  [[nodiscard]] bool try_take(SteadyTime now, std::uint32_t per_second) noexcept {
    if (!has_token(now, per_second)) return false;
    take(now, per_second);
    return true;
  }

  [[nodiscard]] bool is_full(SteadyTime now) const noexcept { return full_at_ <= now; }
  /// Not later than a second after the last event.
  [[nodiscard]] SteadyTime full_at() const noexcept { return full_at_; }

 private:
  static constexpr std::chrono::nanoseconds kWindow = std::chrono::seconds(1);

  [[nodiscard]] SteadyTime full_after_one(SteadyTime now, std::uint32_t per_second) const noexcept {
    return std::max(full_at_, now) + kWindow / per_second;
  }

  SteadyTime full_at_ = SteadyTime::min();
};

}  // namespace heliograph::core
