// FakeWorld: an sdk::World whose time passes and whose tasks run only when a test says so.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sdk/world.hpp"
#include "support/counting_rng.hpp"
#include "support/fake_clock.hpp"

namespace heliograph::test {

/// Threads: one.
class FakeWorld {
 public:
  [[nodiscard]] sdk::World world() {
    sdk::World made;
    made.clock = clock;
    made.rng = std::make_shared<CountingRng>();
    made.post = [this](std::function<void()> task) { tasks_.push_back(std::move(task)); };
    made.after = [this](SteadyTime::duration wait, std::function<void()> task) {
      const auto timer = std::make_shared<std::function<void()>>(std::move(task));
      timers_.push_back({clock->steady_now() + wait, timer});
      return std::static_pointer_cast<void>(timer);
    };
    made.http = [this](net::HttpCall call, std::function<void(Result<net::HttpReply>)> done) {
      calls.push_back({std::move(call), std::move(done)});
    };
    made.variable = [this](const char* name) { return variables[name]; };
    made.log = [this](LogLevel, std::string_view line) { lines.emplace_back(line); };
    return made;
  }

  /// Runs what is posted, and what that posts.
  void run() {
    while (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }
  /// Lets time pass, timer by timer.
  void advance(SteadyTime::duration by) {
    const SteadyTime end = clock->steady_now() + by;
    run();
    for (auto next = earliest(); next && next->due <= end; next = earliest()) {
      clock->advance_to(next->due);
      const auto task = next->task.lock();
      std::erase_if(timers_, [&](const Timer& one) { return one.task.lock() == task; });
      (*task)();
      run();
    }
    clock->advance_to(end);
  }
  /// How many timers wait.
  [[nodiscard]] std::size_t waiting() {
    std::erase_if(timers_, [](const Timer& one) { return one.task.expired(); });
    return timers_.size();
  }

  struct Call {
    net::HttpCall call;
    std::function<void(Result<net::HttpReply>)> done;
  };

  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::map<std::string, std::string> variables;
  std::vector<std::string> lines;  ///< What was logged.
  std::vector<Call> calls;         ///< HTTP calls, in the order made; the test answers.

 private:
  struct Timer {
    SteadyTime due;
    std::weak_ptr<std::function<void()>> task;
  };

  std::optional<Timer> earliest() {
    std::erase_if(timers_, [](const Timer& one) { return one.task.expired(); });
    const auto first =
        std::min_element(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) { return a.due < b.due; });
    if (first == timers_.end()) return std::nullopt;
    return *first;
  }

  std::deque<std::function<void()>> tasks_;
  std::vector<Timer> timers_;
};

}  // namespace heliograph::test
