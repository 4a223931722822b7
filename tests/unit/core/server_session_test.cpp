// The life of a server's connection: each rule of core/server_session.hpp as a fact.
#include "core/server_session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/session_fixture.hpp"
#include "wire/message.hpp"

namespace heliograph::core {
namespace {

using wire::WsKind;

class ServerSessionTest : public test::SessionFixture {};

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

TEST_F(ServerSessionTest, DocumentedHourEndsAMinuteAfterGoAway) {
  limits() = aws_limits();
  limits().ping_interval = seconds(0);
  limits().idle_timeout = seconds(0);
  restart();

  EXPECT_EQ(until_deadline(), std::chrono::minutes(59));
  EXPECT_EQ(wait(), "go_away");
  EXPECT_EQ(until_deadline(), std::chrono::minutes(1));
  EXPECT_EQ(wait(), "close(1001)");
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
