// HandlerGate: what stands between GStreamer's threads and the application's handlers.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "heliograph/event_loop.hpp"
#include "heliograph/log.hpp"

namespace heliograph::peer {

/// Has functions called on the loop, one at a time, until it is closed: then none is running any more, unless it is the
/// caller itself. Owner: the object whose handlers go through it, by shared_ptr.
///
/// Threads: any. No handler is called under its lock.
class HandlerGate : public std::enable_shared_from_this<HandlerGate> {
 public:
  HandlerGate(std::shared_ptr<EventLoop> loop, LogHandler log) : log_(std::move(log)), loop_(std::move(loop)) {}

  /// Has the function called soon; never, once the gate is closed. What it throws is logged.
  void post(std::function<void()> task);
  /// Waits for what is running, unless that is the caller.
  void close();
  /// Whether the caller is a function that the gate has called.
  [[nodiscard]] bool is_inside() const;
  void log(LogLevel level, std::string_view line) const;

 private:
  void run(const std::function<void()>& task);

  const LogHandler log_;
  mutable std::mutex mutex_;
  /// Until the gate is closed: what GStreamer keeps longer must not keep the loop, nor reach the application's
  /// executor.
  std::shared_ptr<EventLoop> loop_;
  std::condition_variable idle_;
  bool closed_ = false;
  std::thread::id running_;
};

}  // namespace heliograph::peer
