#include "peer/handler_gate.hpp"

#include <exception>
#include <string>

namespace heliograph::peer {

void HandlerGate::post(std::function<void()> task) {
  // Under the lock, which the loop does not know: once it is closed, nobody who is posting keeps the loop.
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return;
  loop_->post([self = shared_from_this(), work = std::move(task)]() { self->run(work); });
}

void HandlerGate::run(const std::function<void()>& task) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    running_ = std::this_thread::get_id();
  }
  try {
    task();
  } catch (const std::exception& thrown) {
    log(LogLevel::kError, std::string("a handler threw: ") + thrown.what());
  } catch (...) {
    log(LogLevel::kError, "a handler threw something that is no std::exception");
  }
  const std::lock_guard lock(mutex_);
  running_ = {};
  idle_.notify_all();
}

void HandlerGate::close() {
  std::shared_ptr<EventLoop> loop;  // Let go of without the lock.
  std::unique_lock lock(mutex_);
  closed_ = true;
  loop.swap(loop_);
  if (running_ == std::this_thread::get_id()) return;
  idle_.wait(lock, [this]() { return running_ == std::thread::id(); });
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

}  // namespace heliograph::peer
