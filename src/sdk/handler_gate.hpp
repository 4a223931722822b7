// HandlerGate: an object's handlers, one at a time, and none after it has gone.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "sdk/loop.hpp"

namespace heliograph::sdk {

/// Threads: any. Lifetime: shared with what waits to run.
class HandlerGate : public std::enable_shared_from_this<HandlerGate> {
 public:
  explicit HandlerGate(std::shared_ptr<LoopCore> loop) : loop_(std::move(loop)) {}

  /// Has a handler run where the application wants it, unless the gate is shut by then. On the loop's thread.
  void call(std::function<void()> handler) {
    if (!handler) return;
    loop_->call([self = shared_from_this(), handler = std::move(handler)]() { self->run(handler); });
  }
  /// No handler begins any more. Waits for the one that runs, unless the caller is in it.
  void shut() {
    std::unique_lock lock(mutex_);
    is_shut_ = true;
    if (runner_ == std::this_thread::get_id()) return;
    idle_.wait(lock, [this]() { return runner_ == std::thread::id{}; });
  }

 private:
  void run(const std::function<void()>& handler) {
    {
      std::unique_lock lock(mutex_);
      // An executor with several threads must not make two run at once.
      idle_.wait(lock, [this]() { return runner_ == std::thread::id{}; });
      if (is_shut_) return;
      runner_ = std::this_thread::get_id();
    }
    const Leave leave{*this};
    handler();
  }
  /// Also when the handler throws.
  struct Leave {
    HandlerGate& gate;
    ~Leave() {
      const std::lock_guard lock(gate.mutex_);
      gate.runner_ = {};
      gate.idle_.notify_all();
    }
  };

  std::shared_ptr<LoopCore> loop_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::thread::id runner_;
  bool is_shut_ = false;
};

}  // namespace heliograph::sdk
