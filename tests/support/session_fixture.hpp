// SessionFixture: a ServerSession whose life tests tell as a transcript.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/server_session.hpp"
#include "support/fake_clock.hpp"
#include "support/session_text.hpp"

namespace heliograph::test {

/// Round numbers, so that a test can say when what happens.
inline core::Limits session_limits() {
  using std::chrono::seconds;
  core::Limits limits;
  limits.ping_interval = seconds(10);
  limits.ping_timeout = seconds(5);
  limits.idle_timeout = seconds(100);
  limits.max_duration = seconds(1000);
  limits.go_away_grace = seconds(60);
  limits.close_timeout = seconds(3);
  return limits;
}

/// A session with a clock of its own; each input gives its effects as one line of text.
class SessionFixture : public testing::Test {
 protected:
  using seconds = std::chrono::seconds;

  core::Limits& limits() { return limits_; }
  core::ServerSession& session() { return session_; }
  [[nodiscard]] SteadyTime now() const { return clock_.steady_now(); }
  void advance(seconds by) { clock_.advance(by); }
  void restart() { session_ = core::ServerSession(limits_, now()); }

  std::string message(wire::WsKind kind, std::string_view payload = {}, std::uint16_t code = 0) {
    return run([&](auto& out) { session_.on_message(now(), wire::WsMessage{kind, payload, code}, out); });
  }
  std::string close_wanted(Errc why) {
    return run([&](auto& out) { session_.on_close_wanted(now(), why, out); });
  }
  std::string go_away() {
    return run([&](auto& out) { session_.on_go_away(now(), out); });
  }
  std::string deadline() {
    return run([&](auto& out) { session_.on_deadline(now(), out); });
  }
  /// Advances to the next deadline and does what is due.
  std::string wait() {
    const auto next = session_.next_deadline();
    if (!next) return "never";
    clock_.advance_to(*next);
    return deadline();
  }
  seconds until_deadline() {
    return std::chrono::duration_cast<seconds>(*session_.next_deadline() - clock_.steady_now());
  }

 private:
  template <class Input>
  std::string run(Input&& input) {
    effects_.clear();
    input(effects_);
    return to_text(effects_);
  }

  FakeClock clock_;
  core::Limits limits_ = session_limits();
  core::ServerSession session_{limits_, clock_.steady_now()};
  std::vector<core::SessionEffect> effects_;
};

}  // namespace heliograph::test
