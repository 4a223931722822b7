// Handlers one at a time, in order, and none after the end: on turns that the test gives.
#include "base/handler_gate.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace heliograph {
namespace {

class HandlerGateTest : public ::testing::Test {
 protected:
  /// A task that says its name.
  void post(const std::string& name) {
    gate->post([this, name]() { said.push_back(name); });
  }
  void give_turn() {
    const auto turn = std::move(turns.front());
    turns.pop_front();
    turn();
  }
  void give_all() {
    while (!turns.empty()) give_turn();
  }

  std::deque<std::function<void()>> turns;
  std::vector<std::string> said;
  std::vector<std::string> logged;
  std::shared_ptr<HandlerGate> gate =
      std::make_shared<HandlerGate>([this](std::function<void()> turn) { turns.push_back(std::move(turn)); },
                                    [this](LogLevel, std::string_view line) { logged.emplace_back(line); });
};

TEST_F(HandlerGateTest, TasksRunInTheirOrderWhichTurnEverComes) {
  post("a");
  post("b");
  std::swap(turns.front(), turns.back());

  give_all();

  EXPECT_EQ(said, (std::vector<std::string>{"a", "b"}));
}

TEST_F(HandlerGateTest, TurnThatComesWhileATaskRunsIsLeftToIt) {
  gate->post([this]() {
    said.emplace_back("begin");
    give_all();  // As another thread would.
    said.emplace_back("end");
  });
  post("next");
  post("last");

  give_all();

  EXPECT_EQ(said, (std::vector<std::string>{"begin", "end", "next", "last"}));
}

TEST_F(HandlerGateTest, NothingRunsOnceItIsClosed) {
  post("early");
  const auto held = std::make_shared<int>();
  gate->post([held]() {});
  give_turn();

  gate->close();
  post("late");
  give_all();

  EXPECT_EQ(said, (std::vector<std::string>{"early"}));
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(HandlerGateTest, ClosingInsideATaskDoesNotWaitForIt) {
  gate->post([this]() {
    EXPECT_TRUE(gate->is_inside());
    gate->close();
    said.emplace_back("closed");
  });
  post("next");

  give_all();

  EXPECT_EQ(said, (std::vector<std::string>{"closed"}));
  EXPECT_FALSE(gate->is_inside());
}

TEST_F(HandlerGateTest, WhatATaskHoldsMayCloseTheGateWhenItGoes) {
  std::shared_ptr<void> closes(nullptr, [this](void*) { gate->close(); });
  gate->post([closes]() {});
  closes.reset();

  give_all();
  post("late");

  EXPECT_TRUE(turns.empty());
}

TEST_F(HandlerGateTest, ThrowingTaskIsLoggedAndTheNextOneRuns) {
  gate->post([]() { throw std::runtime_error("on purpose"); });
  gate->post([]() { throw 1; });
  post("next");

  give_all();

  EXPECT_EQ(said, (std::vector<std::string>{"next"}));
  ASSERT_EQ(logged.size(), 2U);
  EXPECT_EQ(logged.front(), "a handler threw: on purpose");
}

TEST_F(HandlerGateTest, ClosedGateKeepsNothingOfTheLoop) {
  const auto loop = std::make_shared<int>();
  const auto other = std::make_shared<HandlerGate>([loop](const std::function<void()>&) {}, LogHandler());

  other->close();

  EXPECT_EQ(loop.use_count(), 1);
}

}  // namespace
}  // namespace heliograph
