// Which frames a viewer gets, and when a key frame is made. No clocks, no threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace heliograph::peer {

/// Lets frames through to one viewer such that what passes can be decoded: from a key frame on, and after a gap again
/// from a key frame on.
class FrameGate {
 public:
  enum class Verdict : std::uint8_t {
    kPass,
    kDrop,
    kDropAndAsk,  ///< And a key frame is wanted.
  };

  /// @param has_room  whether the viewer's queue takes another frame.
  Verdict on_frame(bool is_key, bool has_room) {
    if (!has_room) {
      waits_for_key_ = true;
      if (passed_ > 0) ++dropped_;
      return Verdict::kDrop;  // Who does not keep up needs no more frames, and a key frame least of all.
    }
    if (waits_for_key_ && !is_key) {
      if (passed_ > 0) ++dropped_;
      return Verdict::kDropAndAsk;
    }
    waits_for_key_ = false;
    ++passed_;
    return Verdict::kPass;
  }
  /// What follows begins anew: the viewer has just come.
  void reset() { waits_for_key_ = true; }
  [[nodiscard]] std::uint64_t passed() const noexcept { return passed_; }
  /// Those before the first that passed aside.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  bool waits_for_key_ = true;
  std::uint64_t passed_ = 0;
  std::uint64_t dropped_ = 0;
};

/// Makes of many requests for a key frame a few: the first at once, others no sooner than `interval` after it.
class KeyFrameLimiter {
 public:
  explicit KeyFrameLimiter(SteadyTime::duration interval) : interval_(interval) {}

  /// Whether to make one now. Else on_tick() says when.
  bool on_request(SteadyTime now) {
    wanted_ = true;
    return on_tick(now);
  }
  /// Called with every frame: whether to make one that was asked for before.
  bool on_tick(SteadyTime now) {
    if (!wanted_ || (last_ && now - *last_ < interval_)) return false;
    wanted_ = false;
    last_ = now;
    return true;
  }
  /// One has been made, for whatever reason: that answers the requests before it.
  void on_key_frame() { wanted_ = false; }

 private:
  SteadyTime::duration interval_;
  bool wanted_ = false;
  std::optional<SteadyTime> last_;
};

}  // namespace heliograph::peer
