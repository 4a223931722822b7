// Handlers of one object on an executor of several threads.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "sdk/loop_gate.hpp"
#include "support/thread_pool.hpp"

namespace heliograph::sdk {
namespace {

class HandlersOnManyThreadsTest : public ::testing::Test {
 protected:
  test::ThreadPool pool{4};
  std::shared_ptr<EventLoop> loop = EventLoop::create({.executor = pool.executor()}).value();
  std::shared_ptr<HandlerGate> gate = make_gate(loop->parts().core());
};

TEST_F(HandlersOnManyThreadsTest, AreCalledOneAtATimeInTheirOrder) {
  constexpr int kTasks = 5000;
  std::atomic<int> inside = 0;
  std::vector<int> order;  // Without a lock: that they take turns is the point.
  bool is_alone = true;
  std::promise<void> done;

  for (int i = 0; i < kTasks; ++i)
    gate->post([&, i]() {
      is_alone = is_alone && ++inside == 1;
      order.push_back(i);
      std::this_thread::yield();
      --inside;
      if (i + 1 == kTasks) done.set_value();
    });
  done.get_future().wait();
  gate->close();

  EXPECT_TRUE(is_alone);
  ASSERT_EQ(order.size(), static_cast<std::size_t>(kTasks));
  for (int i = 0; i < kTasks; ++i) ASSERT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST_F(HandlersOnManyThreadsTest, ClosingWaitsForTheOneThatRuns) {
  for (int round = 0; round < 200; ++round) {
    const auto mine = make_gate(loop->parts().core());
    std::promise<void> begun;
    auto is_over = std::make_unique<bool>(false);  // Gone with the round, so a handler that goes on is seen.
    mine->post([&]() {
      begun.set_value();
      std::this_thread::yield();
      *is_over = true;
    });
    for (int i = 0; i < 8; ++i) mine->post([&]() { *is_over = true; });
    begun.get_future().wait();

    mine->close();

    ASSERT_TRUE(*is_over);
  }
}

TEST_F(HandlersOnManyThreadsTest, KeepOneThreadAtMostWhileOneOfThemWaits) {
  std::promise<void> release;
  const auto held = release.get_future().share();
  for (int i = 0; i < 8; ++i) gate->post([held]() { held.wait(); });

  // Three others meet: the pool has four threads.
  struct Meeting {
    std::atomic<int> there = 0;
    std::promise<void> met;
  };
  const auto meeting = std::make_shared<Meeting>();
  for (int i = 0; i < 3; ++i)
    loop->post([meeting]() {
      if (++meeting->there == 3) meeting->met.set_value();
      while (meeting->there < 3) std::this_thread::yield();
    });
  const bool have_met = meeting->met.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  meeting->there = 3;
  release.set_value();
  gate->close();

  EXPECT_TRUE(have_met);
}

}  // namespace
}  // namespace heliograph::sdk
