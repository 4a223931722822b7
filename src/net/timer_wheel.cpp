// Slots are circular lists through a head.
#include "net/timer_wheel.hpp"

#include <algorithm>

namespace heliograph::net {

TimerWheel::TimerWheel(SteadyTime now) : start_(now) {
  for (Timer& head : slots_) head.prev_ = head.next_ = &head;
}

void TimerWheel::Timer::disarm() noexcept {
  if (wheel_ == nullptr) return;  // A head, or not armed.
  if (wheel_->cursor_ == this) wheel_->cursor_ = next_;
  prev_->next_ = next_;
  next_->prev_ = prev_;
  --wheel_->armed_;
  prev_ = next_ = nullptr;
  wheel_ = nullptr;
}

std::uint64_t TimerWheel::tick_of(SteadyTime time) const noexcept {
  return time <= start_ ? 0 : static_cast<std::uint64_t>((time - start_) / kTick);
}

void TimerWheel::link(Timer& timer, std::uint64_t tick) noexcept {
  Timer& head = slots_[tick % kSlots];
  timer.wheel_ = this;
  timer.next_ = &head;
  timer.prev_ = head.prev_;
  head.prev_->next_ = &timer;
  head.prev_ = &timer;
  ++armed_;
}

void TimerWheel::arm(Timer& timer, SteadyTime deadline) noexcept {
  timer.disarm();
  timer.deadline_ = deadline;
  // The tick after the deadline's, so that it is never reached early; and never one that was looked at already.
  link(timer, std::max(tick_of(deadline), current_) + 1);
}

TimerWheel::Timer* TimerWheel::next_reached(SteadyTime now) noexcept {
  const std::uint64_t last = tick_of(now);
  // After a long pause one turn sees every slot.
  if (last > current_ + kSlots) current_ = last - kSlots;
  while (current_ <= last && armed_ > 0) {
    Timer& head = slots_[current_ % kSlots];
    if (cursor_ == nullptr) cursor_ = head.next_;
    while (cursor_ != &head) {
      Timer* timer = cursor_;
      cursor_ = timer->next_;
      if (timer->deadline_ <= now) {
        timer->disarm();
        return timer;
      }
    }
    cursor_ = nullptr;
    if (current_ == last) return nullptr;
    ++current_;
  }
  cursor_ = nullptr;
  current_ = std::max(current_, last);
  return nullptr;
}

}  // namespace heliograph::net
