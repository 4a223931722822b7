// Worker: a thread for what must not happen on GStreamer's threads or the application's: starting and stopping
// pipelines.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "base/clock.hpp"

namespace heliograph::peer {

/// Threads: any may post. stop() waits for the task that is running and drops the others, also later ones; it and the
/// destructor are not for tasks.
class Worker {
 public:
  Worker() : thread_([this]() { run(); }) {}
  ~Worker() { stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void post(std::function<void()> task) { post_after(SteadyTime::duration::zero(), std::move(task)); }
  void post_after(SteadyTime::duration delay, std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      if (ends_) return;
      tasks_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
    }
    changed_.notify_all();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!ends_) {
      if (tasks_.empty()) {
        changed_.wait(lock);
      } else if (const SteadyTime due = tasks_.begin()->first; due > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, due);
      } else {
        const auto task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        lock.unlock();
        task();
        lock.lock();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<SteadyTime, std::function<void()>> tasks_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace heliograph::peer
