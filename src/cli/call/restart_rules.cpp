// The transitions.
#include "cli/call/restart_rules.hpp"

#include <algorithm>

namespace heliograph::cli {

void RestartRules::enter(State state, Time now, std::optional<Time> due) {
  if (state_ == State::kUp && state != State::kUp) lost_ = now;
  state_ = state;
  since_ = now;
  due_ = due;
}

void RestartRules::call_again(Time now) {
  if (state_ == State::kUp && now - since_ >= limits_.good_after) pause_ = limits_.first_pause;
  enter(State::kWaiting, now, std::max(now + limits_.first_pause, called_ + pause_));
  pause_ = std::min(pause_ * 2, limits_.longest_pause);
}

void RestartRules::on_signaling(Time now, bool is_open) {
  const bool is_back = is_open && !is_open_;
  is_open_ = is_open;
  if (!is_back) return;
  // Whatever kept signaling away may have changed the addresses, too.
  if (state_ == State::kShaky) due_ = now;
  // A restart whose offer went into the outage is only now under way: what was not confirmed is sent again.
  if (state_ == State::kRestarting) due_ = !is_answered_ && now - lost_ < limits_.stale ? now + limits_.restart : now;
}

void RestartRules::on_answer(Time now, bool is_same_peer) {
  if (state_ == State::kCalling) return enter(State::kConnecting, now, now + limits_.setup);
  if (state_ != State::kRestarting) return;
  if (!is_same_peer) return enter(State::kWaiting, now, now);
  is_answered_ = true;
  // ICE that never noticed a loss does not say that it is connected again.
  if (is_linked_) on_connected(now);
}

void RestartRules::on_connected(Time now) {
  is_linked_ = true;
  if (state_ == State::kRestarting && !is_answered_) return;  // The old way, which may not last.
  if (state_ == State::kWaiting || state_ == State::kUp) return;
  // After a restart media has to come again; only then was it a good one.
  const bool is_on_trial = state_ == State::kRestarting && expects_media_;
  if (!is_on_trial) restarts_ = 0;
  enter(State::kUp, now, is_on_trial ? std::optional(now + limits_.silence) : std::nullopt);
}

void RestartRules::on_disconnected(Time now) {
  is_linked_ = false;
  if (state_ == State::kUp) enter(State::kShaky, now, now + limits_.disconnected);
}

void RestartRules::on_failed(Time now) {
  is_linked_ = false;
  switch (state_) {
    case State::kUp:
    case State::kShaky:
      return enter(State::kShaky, now, now);
    case State::kRestarting:
      due_ = now;
      return;
    case State::kCalling:
    case State::kConnecting:
      return call_again(now);
    case State::kWaiting:
      return;
  }
}

void RestartRules::on_closed(Time now) {
  is_linked_ = false;
  if (state_ != State::kWaiting) call_again(now);
}

void RestartRules::on_media(Time now) {
  expects_media_ = true;
  if (state_ != State::kUp) return;
  restarts_ = 0;
  due_ = now + limits_.silence;
}

std::optional<RestartRules::Time> RestartRules::deadline() const { return is_open_ ? due_ : std::nullopt; }

RestartRules::Step RestartRules::next(Time now) {
  if (!is_open_ || !due_ || now < *due_) return Step::kNothing;
  return act(now);
}

/// The state's time is up.
RestartRules::Step RestartRules::act(Time now) {
  const bool was_up = state_ == State::kUp || state_ == State::kShaky || state_ == State::kRestarting;
  const bool is_fresh = state_ == State::kUp || now - lost_ < limits_.stale;
  if (was_up && is_fresh && restarts_ < limits_.restarts) {
    ++restarts_;
    is_answered_ = false;
    enter(State::kRestarting, now, now + limits_.restart);
    return Step::kRestart;
  }
  restarts_ = 0;
  is_linked_ = false;
  expects_media_ = false;
  called_ = now;
  enter(State::kCalling, now, now + limits_.answer);
  return Step::kNewPeer;
}

}  // namespace heliograph::cli
