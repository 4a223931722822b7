// HandlerGate: an object's handlers, one at a time and in order, and none after its end.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "heliograph/log.hpp"

namespace heliograph {

/// Has functions called where an application wants its handlers, one at a time and in the order they came, until it is
/// closed: then none is running any more, unless it is the caller itself. Owner: the object whose handlers go through
/// it, by shared_ptr.
///
/// Theory of operation. A task goes into a queue, and a turn is asked for where handlers run. Whose turn comes takes
/// the first task, whichever that is. A turn that comes while a task is running is left to the thread of that one,
/// which goes on with the next: so an executor of several threads has neither two of them at once nor a thread that
/// waits.
///
/// Threads: any. Nothing is called or destroyed under its lock, but `ask`, which must only put what it gets in a queue.
class HandlerGate : public std::enable_shared_from_this<HandlerGate> {
 public:
  /// Has a function called soon, where handlers run; never at once. Empty: nothing is ever called.
  using Ask = std::function<void(std::function<void()> turn)>;

  HandlerGate(Ask ask, LogHandler log) : log_(std::move(log)), ask_(std::move(ask)) {}
  HandlerGate(const HandlerGate&) = delete;
  HandlerGate& operator=(const HandlerGate&) = delete;

  /// Has the function called soon; never, once the gate is closed. What it throws is logged.
  void post(std::function<void()> task);
  /// Waits for what is running, unless that is the caller.
  void close();
  /// As close(), but waits for nothing: the handler that is running, if any, goes on.
  void shut();
  /// Whether the caller is a function that the gate has called.
  [[nodiscard]] bool is_inside() const;
  void log(LogLevel level, std::string_view line) const;

 private:
  void take_turn();
  void run(const std::function<void()>& task) const;

  const LogHandler log_;
  mutable std::mutex mutex_;
  Ask ask_;  ///< Until the gate is closed: who keeps the gate longer must not keep the loop, nor reach the executor.
  std::deque<std::function<void()>> tasks_;
  std::size_t left_turns_ = 0;  ///< To who is running.
  std::condition_variable idle_;
  bool is_closed_ = false;
  std::thread::id running_;
};

}  // namespace heliograph
