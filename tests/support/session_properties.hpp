// A ServerSession steered by bytes: whatever happens, it never speaks after its close and always comes to an end.
#pragma once

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "core/server_session.hpp"
#include "support/byte_source.hpp"
#include "support/check.hpp"

namespace heliograph::test {

class SessionRun {
 public:
  explicit SessionRun(std::string_view bytes) : source_(bytes), limits_(choose_limits(source_)) {}

  void run() {
    while (!source_.empty()) step();
    // Whatever came before, it ends when it is told to.
    effects_.clear();
    session_.on_close_wanted(now_, Errc::kGoingAway, effects_);
    watch();
    for (int i = 0; i < 3 && session_.next_deadline(); ++i) wait();
    check(hung_up_ && !session_.next_deadline(), "a session that is closed comes to an end");
  }

 private:
  static core::Limits choose_limits(ByteSource& source) {
    core::Limits limits;
    limits.ping_interval = std::chrono::seconds(source.below(40));
    limits.ping_timeout = std::chrono::seconds(source.below(40));
    limits.idle_timeout = std::chrono::seconds(source.below(120));
    limits.max_duration = std::chrono::seconds(source.byte() * 2);
    limits.go_away_grace = std::chrono::seconds(source.below(90));
    limits.close_timeout = std::chrono::seconds(source.below(10));
    return limits;
  }

  void step() {
    constexpr std::string_view kPayload = "payload";
    effects_.clear();
    const bool could_send = session_.can_send();
    switch (source_.below(9)) {
      case 0:
        session_.on_message(now_, {wire::WsKind::kText, kPayload, 0}, effects_);
        check(!could_send || (effects_.size() == 1 && std::holds_alternative<core::DeliverText>(effects_[0])),
              "text is delivered");
        break;
      case 1:
        session_.on_message(now_, {wire::WsKind::kPing, kPayload, 0}, effects_);
        check(!could_send || effects_.size() == 1, "a ping is answered");
        break;
      case 2:
        session_.on_message(now_, {wire::WsKind::kPong, kPayload, 0}, effects_);
        check(effects_.empty(), "a pong is not answered");
        break;
      case 3:
        session_.on_message(now_, {wire::WsKind::kBinary, kPayload, 0}, effects_);
        break;
      case 4:
        session_.on_message(now_, {wire::WsKind::kClose, {}, 1000}, effects_);
        check(!session_.next_deadline(), "the peer's close ends it");
        break;
      case 5:
        session_.on_close_wanted(now_, static_cast<Errc>(source_.below(static_cast<unsigned>(Errc::kCorrupt) + 1)),
                                 effects_);
        break;
      case 6:
        session_.on_go_away(now_, effects_);
        break;
      case 7:
        now_ += std::chrono::seconds(source_.byte());
        break;
      default:
        wait();
        return;
    }
    watch();
  }

  /// Goes to the next deadline, looks in early on the way, and does what is due until nothing is.
  void wait() {
    const auto deadline = session_.next_deadline();
    if (!deadline) return;
    effects_.clear();
    if (now_ < *deadline) {
      session_.on_deadline(*deadline - std::chrono::nanoseconds(1), effects_);
      check(effects_.empty(), "nothing is done early");
      now_ = *deadline;
    }
    for (int i = 0; i < 4 && session_.next_deadline() && *session_.next_deadline() <= now_; ++i) {
      effects_.clear();
      session_.on_deadline(now_, effects_);
      watch();
    }
    const auto next = session_.next_deadline();
    check(!next || *next > now_, "what was due is done");
    if (limits_.max_duration.count() > 0 && now_ >= opened_ + limits_.max_duration) {
      check(!session_.can_send(), "a session does not outlive its longest duration");
    }
  }

  void watch() {
    for (const core::SessionEffect& effect : effects_) {
      check(!hung_up_, "nothing happens after the hang-up");
      if (const auto* write = std::get_if<core::WriteFrame>(&effect)) {
        check(!closed_, "nothing is written after the close frame");
        if (write->kind == wire::WsKind::kText) check(!std::exchange(went_away_, true), "GO_AWAY is written once");
      } else if (std::holds_alternative<core::DeliverText>(effect)) {
        check(!closed_, "nothing is delivered after the close frame");
      } else if (std::holds_alternative<core::WriteClose>(effect)) {
        check(!std::exchange(closed_, true), "one close frame is written");
      } else {
        check(closed_, "a close frame comes before the hang-up");
        hung_up_ = true;
      }
    }
    check(session_.can_send() == !closed_, "can_send says whether a close frame was written");
    check(!session_.ended_because() || closed_, "only what was closed has a reason");
  }

  ByteSource source_;
  core::Limits limits_;
  SteadyTime now_{std::chrono::hours(24)};
  SteadyTime opened_ = now_;
  core::ServerSession session_{limits_, now_};
  std::vector<core::SessionEffect> effects_;
  bool closed_ = false;
  bool hung_up_ = false;
  bool went_away_ = false;
};

}  // namespace heliograph::test
