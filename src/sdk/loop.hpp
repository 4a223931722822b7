// Loop: the inside of EventLoop. One io_context and one thread, and what the SDK's parts need of the world.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "heliograph/event_loop.hpp"
#include "net/client_stream.hpp"
#include "net/http_caller.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

/// Everything on the thread, without the thread. Keep this, not the Loop, for what may still run when the last owner of
/// the loop has gone: it is then brought to its end on the thread, which keeps it, too.
/// Threads: the loop's, but post() and call().
class LoopCore : public std::enable_shared_from_this<LoopCore> {
 public:
  [[nodiscard]] static std::shared_ptr<LoopCore> make(EventLoop::Options options);

  [[nodiscard]] net::ClientTools client_tools() noexcept { return {context_, trust_, lookup_}; }
  [[nodiscard]] net::ClientTrust& trust() noexcept { return trust_; }
  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] const World& world() const noexcept { return world_; }
  void post(std::function<void()> task);
  /// Has a handler called where the application wants them: here, or by its executor. What it throws is logged.
  void call(std::function<void()> handler);
  /// Until shut() was called and nothing is left to do. Once.
  void run();
  void shut();
  /// Whether run() has ended, within that time; false on its own thread.
  [[nodiscard]] bool wait_for_end(std::chrono::milliseconds patience);
  [[nodiscard]] bool is_current_thread() const;

 private:
  explicit LoopCore(EventLoop::Options options);
  void make_world();

  EventLoop::Options options_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_{context_.get_executor()};
  net::ClientTrust trust_;
  net::HostLookup lookup_;
  net::HttpCaller caller_;
  World world_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::thread::id thread_;  ///< Of run().
  bool has_ended_ = false;
};

/// Threads: any, but what is got from world() is for its own thread.
class Loop {
 public:
  [[nodiscard]] static Result<std::shared_ptr<Loop>> start(EventLoop::Options options);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  /// Calls under way end with kClosed. Waits for its thread, unless that is the caller's.
  ~Loop();

  [[nodiscard]] const std::shared_ptr<LoopCore>& core() const noexcept { return core_; }
  [[nodiscard]] boost::asio::io_context& context() noexcept { return core_->context(); }
  [[nodiscard]] const World& world() const noexcept { return core_->world(); }
  void post(std::function<void()> task) { core_->post(std::move(task)); }
  void call(std::function<void()> handler) { core_->call(std::move(handler)); }
  /// call(), soon.
  void post_handler(std::function<void()> handler);
  [[nodiscard]] bool is_current_thread() const noexcept;

 private:
  explicit Loop(std::shared_ptr<LoopCore> core) : core_(std::move(core)) {}

  std::shared_ptr<LoopCore> core_;
};

}  // namespace heliograph::sdk
