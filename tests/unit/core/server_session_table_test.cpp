// Every transition of the table in core/server_session.hpp.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/server_session.hpp"
#include "support/session_fixture.hpp"

namespace heliograph::core {
namespace {

using wire::WsKind;

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

class ServerSessionTable : public test::SessionFixture {
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

}  // namespace
}  // namespace heliograph::core
