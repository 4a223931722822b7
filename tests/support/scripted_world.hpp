// ScriptedWorld: a World without a network. Calls wait until a test answers them; time passes when a test says so.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "heliograph/credentials.hpp"
#include "sdk/world.hpp"
#include "support/counting_rng.hpp"
#include "support/fake_clock.hpp"
#include "wire/date.hpp"

namespace heliograph::test {

/// Threads: one.
class ScriptedWorld {
 public:
  struct Asked {
    net::HttpCall call;
    std::function<void(Result<net::HttpReply>)> done;
  };

  ScriptedWorld() {
    world_.clock = clock;
    world_.rng = std::make_shared<CountingRng>();
    world_.post = [this](std::function<void()> task) { tasks_.push_back(std::move(task)); };
    world_.after = [this](SteadyTime::duration wait, std::function<void()> task) {
      auto timer = std::make_shared<std::function<void()>>(std::move(task));
      timers_.push_back({clock->steady_now() + wait, timer});
      return std::static_pointer_cast<void>(timer);
    };
    world_.http = [this](net::HttpCall call, std::function<void(Result<net::HttpReply>)> done) {
      asked_.push_back({std::move(call), std::move(done)});
    };
    world_.variable = [this](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::string{} : found->second;
    };
    world_.log = [this](LogLevel, std::string_view line) { log.append(line).append("\n"); };
  }
  ScriptedWorld(const ScriptedWorld&) = delete;
  ScriptedWorld& operator=(const ScriptedWorld&) = delete;

  [[nodiscard]] const sdk::World& world() const { return world_; }
  [[nodiscard]] std::size_t waiting() const { return asked_.size(); }

  /// The oldest call without an answer.
  [[nodiscard]] const net::HttpCall& call() const {
    static const net::HttpCall none;
    EXPECT_FALSE(asked_.empty()) << "nobody asks for anything";
    return asked_.empty() ? none : asked_.front().call;
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const net::HttpHeader& header : call().headers)
      if (header.name == name) return header.value;
    return {};
  }
  void answer(Result<net::HttpReply> reply) {
    ASSERT_FALSE(asked_.empty()) << "nobody asks for anything";
    const Asked asked = std::move(asked_.front());
    asked_.pop_front();
    asked.done(std::move(reply));
  }
  void answer(int status, std::string body) { answer(net::HttpReply{status, {}, std::move(body)}); }
  /// With the service's time.
  void answer_at(WallTime date, int status, std::string body) {
    answer(net::HttpReply{status, {{"Date", wire::to_http_date(date)}}, std::move(body)});
  }
  void fail(Errc code) { answer(Error{code, "as the script has it"}); }

  void run_tasks() {
    while (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }
  /// Lets time pass, with the timers that end meanwhile.
  void pass(std::chrono::nanoseconds time) {
    const SteadyTime end = clock->steady_now() + time;
    for (;;) {
      Timer* next = nullptr;
      for (Timer& timer : timers_)
        if (timer.when <= end && (next == nullptr || timer.when < next->when)) next = &timer;
      if (next == nullptr) break;
      const Timer due = *next;
      timers_.erase(timers_.begin() + (next - timers_.data()));
      clock->advance_to(due.when);
      if (const auto task = due.task.lock()) (*task)();
    }
    clock->advance_to(end);
  }

  const std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::map<std::string, std::string, std::less<>> variables;
  std::string log;

 private:
  struct Timer {
    SteadyTime when;
    std::weak_ptr<std::function<void()>> task;
  };

  sdk::World world_;
  std::deque<Asked> asked_;
  std::deque<std::function<void()>> tasks_;
  std::vector<Timer> timers_;
};

/// Keeps what handlers of credentials are given.
class Outcomes {
 public:
  [[nodiscard]] std::function<void(Result<Credentials>)> next() {
    return [this](Result<Credentials> result) { results.push_back(std::move(result)); };
  }
  /// The access key id, or the error, of the n-th.
  [[nodiscard]] std::string text(std::size_t at) const {
    if (at >= results.size()) return "no answer";
    return results[at] ? results[at]->access_key_id : "error: " + results[at].error().detail;
  }
  [[nodiscard]] std::string last() const { return text(results.size() - 1); }
  [[nodiscard]] Errc code() const {
    EXPECT_FALSE(results.empty() || results.back()) << "the last one is no error";
    return results.empty() || results.back() ? Errc{} : results.back().error().code;
  }

  std::vector<Result<Credentials>> results;
};

}  // namespace heliograph::test
