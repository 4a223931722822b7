// EventLoop: what an application's parts may do to its thread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "heliograph/event_loop.hpp"

namespace heliograph {
namespace {

TEST(EventLoopTest, ExecutorAndLogThatThrowEndNothing) {
  std::mutex mutex;
  std::vector<std::string> logged;
  EventLoop::Options options;
  options.log = [&](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    logged.emplace_back(line);
    throw 7;  // NOLINT: as badly as an application can.
  };
  int given = 0;
  options.executor = [&given](const std::function<void()>& task) {
    if (++given == 1) throw std::runtime_error("no room");
    task();
  };
  const auto loop = EventLoop::create(options).value();

  loop->post([]() {});
  std::promise<void> reached;
  loop->post([&reached]() { reached.set_value(); });

  EXPECT_EQ(reached.get_future().wait_for(std::chrono::seconds(40)), std::future_status::ready);
  const std::lock_guard lock(mutex);
  EXPECT_THAT(logged, ::testing::ElementsAre("a task of the event loop threw: no room"));
}

}  // namespace
}  // namespace heliograph
