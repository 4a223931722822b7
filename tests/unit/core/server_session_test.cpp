// The life of a server's connection: every transition of the table in core/server_session.hpp, then each rule as a
// fact.
#include "core/server_session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/fake_clock.hpp"
#include "support/session_text.hpp"
#include "wire/error_table.hpp"
#include "wire/message.hpp"

namespace heliograph::core {
namespace {

using std::chrono::seconds;
using test::to_text;
using wire::WsKind;
using wire::WsMessage;

Limits test_limits() {
  Limits limits;
  limits.ping_interval = seconds(10);
  limits.ping_timeout = seconds(5);
  limits.idle_timeout = seconds(100);
  limits.max_duration = seconds(1000);
  limits.go_away_grace = seconds(60);
  limits.close_timeout = seconds(3);
  return limits;
}

class ServerSessionTest : public testing::Test {
 protected:
  Limits& limits() { return limits_; }
  ServerSession& session() { return session_; }
  SteadyTime now() const { return clock_.steady_now(); }
  void advance(seconds by) { clock_.advance(by); }
  void restart() { session_ = ServerSession(limits_, now()); }

  std::string message(WsKind kind, std::string_view payload = {}, std::uint16_t code = 0) {
    return run([&](auto& out) { session_.on_message(now(), WsMessage{kind, payload, code}, out); });
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

  test::FakeClock clock_;
  Limits limits_ = test_limits();
  ServerSession session_{limits_, clock_.steady_now()};
  std::vector<SessionEffect> effects_;
};

enum class State { kOpen, kLeaving, kClosing, kClosed };
enum class Input { kText, kPing, kPong, kBinary, kPeerClose, kCloseWanted, kGoAway, kEarlyDeadline };

struct Transition {
  State from;
  Input input;
  const char* effects;
  State to;
};

constexpr Transition kTransitions[] = {
    {State::kOpen, Input::kText, "deliver(hi)", State::kOpen},
    {State::kOpen, Input::kPing, "pong(hi)", State::kOpen},
    {State::kOpen, Input::kPong, "", State::kOpen},
    {State::kOpen, Input::kBinary, "close(1003)", State::kClosing},
    {State::kOpen, Input::kPeerClose, "close(4321) hangup", State::kClosed},
    {State::kOpen, Input::kCloseWanted, "close(1002)", State::kClosing},
    {State::kOpen, Input::kGoAway, "go_away", State::kLeaving},
    {State::kOpen, Input::kEarlyDeadline, "", State::kOpen},

    {State::kLeaving, Input::kText, "deliver(hi)", State::kLeaving},
    {State::kLeaving, Input::kPing, "pong(hi)", State::kLeaving},
    {State::kLeaving, Input::kPong, "", State::kLeaving},
    {State::kLeaving, Input::kBinary, "close(1003)", State::kClosing},
    {State::kLeaving, Input::kPeerClose, "close(4321) hangup", State::kClosed},
    {State::kLeaving, Input::kCloseWanted, "close(1002)", State::kClosing},
    {State::kLeaving, Input::kGoAway, "", State::kLeaving},
    {State::kLeaving, Input::kEarlyDeadline, "", State::kLeaving},

    {State::kClosing, Input::kText, "", State::kClosing},
    {State::kClosing, Input::kPing, "", State::kClosing},
    {State::kClosing, Input::kPong, "", State::kClosing},
    {State::kClosing, Input::kBinary, "", State::kClosing},
    {State::kClosing, Input::kPeerClose, "hangup", State::kClosed},
    {State::kClosing, Input::kCloseWanted, "", State::kClosing},
    {State::kClosing, Input::kGoAway, "", State::kClosing},
    {State::kClosing, Input::kEarlyDeadline, "", State::kClosing},

    {State::kClosed, Input::kText, "", State::kClosed},
    {State::kClosed, Input::kPing, "", State::kClosed},
    {State::kClosed, Input::kPong, "", State::kClosed},
    {State::kClosed, Input::kBinary, "", State::kClosed},
    {State::kClosed, Input::kPeerClose, "", State::kClosed},
    {State::kClosed, Input::kCloseWanted, "", State::kClosed},
    {State::kClosed, Input::kGoAway, "", State::kClosed},
    {State::kClosed, Input::kEarlyDeadline, "", State::kClosed},
};

class ServerSessionTable : public ServerSessionTest {
 protected:
  void bring_to(State state) {
    restart();
    switch (state) {
      case State::kOpen:
        return;
      case State::kLeaving:
        static_cast<void>(go_away());
        return;
      case State::kClosing:
        static_cast<void>(close_wanted(Errc::kReplaced));
        return;
      case State::kClosed:
        static_cast<void>(message(WsKind::kClose, {}, 1000));
        return;
    }
  }

  std::string give(Input input) {
    switch (input) {
      case Input::kText:
        return message(WsKind::kText, "hi");
      case Input::kPing:
        return message(WsKind::kPing, "hi");
      case Input::kPong:
        return message(WsKind::kPong, "hi");
      case Input::kBinary:
        return message(WsKind::kBinary, "hi");
      case Input::kPeerClose:
        return message(WsKind::kClose, "bye", 4321);
      case Input::kCloseWanted:
        return close_wanted(Errc::kProtocolError);
      case Input::kGoAway:
        return go_away();
      case Input::kEarlyDeadline:
        return deadline();
    }
    return {};
  }

  /// What can be told of a state from outside.
  State observed() {
    if (!session().next_deadline()) return State::kClosed;
    if (!session().can_send()) return State::kClosing;
    ServerSession copy = session();
    std::vector<SessionEffect> effects;
    copy.on_go_away(now(), effects);
    return effects.empty() ? State::kLeaving : State::kOpen;
  }
};

TEST_F(ServerSessionTable, EveryTransitionIsAsTheTableSays) {
  for (const Transition& row : kTransitions) {
    SCOPED_TRACE("row " + std::to_string(&row - kTransitions));
    bring_to(row.from);
    ASSERT_EQ(observed(), row.from);

    const std::string effects = give(row.input);

    EXPECT_EQ(effects, row.effects);
    EXPECT_EQ(observed(), row.to);
  }
}

TEST_F(ServerSessionTest, EveryReasonClosesWithTheCodeOfTheErrorTable) {
  const struct {
    Errc why;
    int code;
  } cases[] = {{Errc::kProtocolError, 1002},  {Errc::kUnsupportedData, 1003}, {Errc::kInvalidUtf8, 1007},
               {Errc::kMessageTooBig, 1009},  {Errc::kSlowPeer, 1008},        {Errc::kReplaced, 4001},
               {Errc::kChannelDeleted, 4002}, {Errc::kInternalFailure, 1011}, {Errc::kGoingAway, 1001}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.code);
    restart();

    EXPECT_EQ(close_wanted(c.why), "close(" + std::to_string(c.code) + ")");
    EXPECT_EQ(session().ended_because(), c.why);
  }
}

TEST_F(ServerSessionTest, SilentPeerIsPingedOnceAndThenClosed) {
  EXPECT_EQ(until_deadline(), seconds(10));
  EXPECT_EQ(wait(), "ping()");
  EXPECT_EQ(until_deadline(), seconds(5));
  EXPECT_EQ(wait(), "close(4004)");
  EXPECT_EQ(session().ended_because(), Errc::kPingTimeout);
}

TEST_F(ServerSessionTest, AnyFrameAfterThePingIsASignOfLife) {
  for (const WsKind kind : {WsKind::kPong, WsKind::kPing, WsKind::kText}) {
    restart();
    ASSERT_EQ(wait(), "ping()");
    advance(seconds(4));

    static_cast<void>(message(kind));

    EXPECT_EQ(until_deadline(), seconds(10));
    EXPECT_EQ(wait(), "ping()");
  }
}

TEST_F(ServerSessionTest, PeerThatTalksIsNotPinged) {
  for (int i = 0; i < 20; ++i) {
    advance(seconds(9));
    EXPECT_EQ(deadline(), "");
    EXPECT_EQ(message(WsKind::kText, "a"), "deliver(a)");
  }
}

TEST_F(ServerSessionTest, PongsDoNotKeepAnIdleConnection) {
  for (int i = 0; i < 9; ++i) {
    ASSERT_EQ(wait(), "ping()");
    static_cast<void>(message(WsKind::kPong));
  }
  ASSERT_EQ(until_deadline(), seconds(10));

  EXPECT_EQ(wait(), "close(4003)");
  EXPECT_EQ(session().ended_because(), Errc::kIdleTimeout);
}

TEST_F(ServerSessionTest, PingsAndMessagesOfThePeerKeepTheConnection) {
  for (const WsKind kind : {WsKind::kPing, WsKind::kText}) {
    restart();
    limits().ping_interval = seconds(0);
    for (int i = 0; i < 5; ++i) {
      advance(seconds(99));
      EXPECT_EQ(deadline(), "");
      static_cast<void>(message(kind));
    }
    EXPECT_EQ(until_deadline(), seconds(100));
  }
}

TEST_F(ServerSessionTest, LongestDurationIsAnnouncedByGoAwayAndKept) {
  limits().ping_interval = seconds(0);
  limits().idle_timeout = seconds(0);
  EXPECT_EQ(until_deadline(), seconds(940));
  EXPECT_EQ(wait(), "go_away");
  EXPECT_EQ(until_deadline(), seconds(60));
  EXPECT_EQ(wait(), "close(1001)");
  EXPECT_EQ(session().ended_because(), Errc::kDurationExceeded);
}

TEST_F(ServerSessionTest, ShortDurationIsAnnouncedAtItsHalf) {
  limits().ping_interval = seconds(0);
  limits().idle_timeout = seconds(0);
  limits().max_duration = seconds(40);

  EXPECT_EQ(until_deadline(), seconds(20));
  EXPECT_EQ(wait(), "go_away");
  EXPECT_EQ(until_deadline(), seconds(20));
}

TEST_F(ServerSessionTest, DeadlineThatComesLateAnnouncesAndCloses) {
  limits().ping_interval = seconds(0);
  limits().idle_timeout = seconds(0);
  advance(seconds(5000));

  EXPECT_EQ(deadline(), "go_away close(1001)");
}

TEST_F(ServerSessionTest, DrainingWritesGoAwayAndClosesAfterTheGrace) {
  limits().ping_interval = seconds(0);
  EXPECT_EQ(go_away(), "go_away");
  EXPECT_EQ(until_deadline(), seconds(60));
  EXPECT_EQ(message(WsKind::kText, "still"), "deliver(still)");
  EXPECT_EQ(wait(), "close(1001)");
  EXPECT_EQ(session().ended_because(), Errc::kGoingAway);
}

TEST_F(ServerSessionTest, DrainingDoesNotOutliveTheLongestDuration) {
  limits().ping_interval = seconds(0);
  limits().idle_timeout = seconds(0);
  limits().go_away_grace = seconds(2);
  advance(seconds(997));
  limits().go_away_grace = seconds(60);

  EXPECT_EQ(go_away(), "go_away");
  EXPECT_EQ(until_deadline(), seconds(3));
  EXPECT_EQ(wait(), "close(1001)");
  EXPECT_EQ(session().ended_because(), Errc::kDurationExceeded);
}

TEST_F(ServerSessionTest, PeerThatDoesNotAnswerOurCloseIsHungUpOn) {
  static_cast<void>(close_wanted(Errc::kReplaced));
  EXPECT_EQ(until_deadline(), seconds(3));
  EXPECT_EQ(wait(), "hangup");
  EXPECT_EQ(wait(), "never");
  EXPECT_EQ(session().ended_because(), Errc::kReplaced);
}

TEST_F(ServerSessionTest, PeersCloseIsEchoedWithItsCodeOrNone) {
  EXPECT_EQ(message(WsKind::kClose, "bye", 1000), "close(1000) hangup");
  EXPECT_EQ(session().ended_because(), std::nullopt);
  restart();
  EXPECT_EQ(message(WsKind::kClose, {}, wire::kNoCloseCode), "close(1005) hangup");
}

TEST_F(ServerSessionTest, WithoutLimitsThereIsNoDeadline) {
  limits() = Limits{};
  limits().ping_interval = seconds(0);
  restart();

  EXPECT_EQ(session().next_deadline(), std::nullopt);
  advance(seconds(1'000'000));
  EXPECT_EQ(deadline(), "");
}

TEST_F(ServerSessionTest, WithoutPingTimeoutASilentPeerIsPingedOnce) {
  limits() = Limits{};
  limits().ping_timeout = seconds(0);
  restart();

  EXPECT_EQ(wait(), "ping()");
  EXPECT_EQ(wait(), "never");
}

TEST_F(ServerSessionTest, GoAwayIsTheNoticeThatWireWrites) {
  std::string text;
  wire::append_notice(text, wire::MessageType::kGoAway);
  std::vector<SessionEffect> effects;

  session().on_go_away(now(), effects);

  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(std::get<WriteFrame>(effects[0]).payload, text);
}

}  // namespace
}  // namespace heliograph::core
