#include "base/handler_gate.hpp"

#include <exception>
#include <string>
#include <utility>

namespace heliograph {

void HandlerGate::post(std::function<void()> task) {
  if (!task) return;
  // Under the lock, which the loop does not know: once it is closed, nobody who is posting keeps the loop.
  const std::lock_guard lock(mutex_);
  if (!ask_) return;
  tasks_.push_back(std::move(task));
  ask_([self = shared_from_this()]() { self->take_turn(); });
}

void HandlerGate::take_turn() {
  std::unique_lock lock(mutex_);
  if (running_ != std::thread::id()) {
    ++left_turns_;
    return;
  }
  running_ = std::this_thread::get_id();
  for (;;) {
    std::function<void()> task = std::move(tasks_.front());  // There is one for every turn.
    tasks_.pop_front();
    const bool is_called = !is_closed_;
    lock.unlock();
    if (is_called) run(task);
    task = nullptr;
    lock.lock();
    if (left_turns_ == 0) break;
    --left_turns_;
  }
  running_ = {};
  idle_.notify_all();
}

void HandlerGate::run(const std::function<void()>& task) const {
  try {
    task();
  } catch (const std::exception& thrown) {
    log(LogLevel::kError, std::string("a handler threw: ") + thrown.what());
  } catch (...) {
    log(LogLevel::kError, "a handler threw what is no std::exception");
  }
}

void HandlerGate::close() {
  Ask ask;  // Let go of without the lock.
  std::unique_lock lock(mutex_);
  is_closed_ = true;
  ask.swap(ask_);
  if (running_ == std::this_thread::get_id()) return;
  idle_.wait(lock, [this]() { return running_ == std::thread::id(); });
}

void HandlerGate::shut() {
  Ask ask;  // Let go of without the lock.
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  ask.swap(ask_);
}

bool HandlerGate::is_inside() const {
  const std::lock_guard lock(mutex_);
  return running_ == std::this_thread::get_id();
}

void HandlerGate::log(LogLevel level, std::string_view line) const {
  if (!log_) return;
  try {
    log_(level, line);
  } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell.
  }
}

}  // namespace heliograph
