// EventLoop: the thread that the SDK works on, and where an application's handlers run.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "heliograph/export.hpp"
#include "heliograph/log.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

namespace sdk {
class Loop;
}

/// One thread that does the waiting for any number of clients and credential providers: sockets, timers, TLS. Whatever
/// is made without a loop makes one of its own.
///
/// Lifetime: shared; everything made with a loop keeps it. It ends with the last of them, also inside a handler.
/// Threads:  any method from any thread.
/// Handlers: called one at a time per object, never under a lock, so that every method of the SDK may be called in one,
///           close() and destructors included. What a handler throws is logged and goes no further. A handler that
///           blocks holds up everything on its loop: give an `executor` then.
class HELIOGRAPH_API EventLoop {
 public:
  /// Of create().
  struct Options {
    /// Has a function called soon, on whatever thread, but not within this call: where handlers run. It must not drop
    /// one, and calls them in the order given. Empty: the loop's own thread.
    std::function<void(std::function<void()>)> executor{};
    /// Takes what there is to say beside results. Empty: nothing is said.
    LogHandler log{};
    /// PEM file of the authorities that servers are trusted by. Empty: AWS_CA_BUNDLE, else the system's.
    std::string ca_file{};
  };

  /// Fails with kIo when the authorities cannot be read.
  /// @{
  [[nodiscard]] static Result<std::shared_ptr<EventLoop>> create(Options options);
  [[nodiscard]] static Result<std::shared_ptr<EventLoop>> create() { return create(Options{}); }
  /// @}
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Has a function called soon where handlers run: on the loop's thread, or by its `executor`.
  void post(std::function<void()> task);
  /// Whether the caller is on the loop's thread, where waiting for a result of the SDK would never end.
  [[nodiscard]] bool is_current_thread() const noexcept;

  /// For the SDK's own parts.
  [[nodiscard]] sdk::Loop& parts() noexcept { return *loop_; }

 private:
  explicit EventLoop(std::shared_ptr<sdk::Loop> loop);
  std::shared_ptr<sdk::Loop> loop_;
};

}  // namespace heliograph
