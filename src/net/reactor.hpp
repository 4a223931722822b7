// Reactor: what one worker thread waits for: sockets, other threads, and a few moments in time.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace heliograph::net {

/// A file descriptor of one's own: closed on the way out.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) reset(std::exchange(other.number_, -1));
    return *this;
  }
  ~Descriptor() { reset(); }
  [[nodiscard]] int get() const noexcept { return number_; }
  void reset(int number = -1) noexcept;

 private:
  int number_ = -1;
};

/// epoll itself, by level or by edge as its users ask, and not Asio's reactor, because that costs a system call more
/// for each message (docs/decisions.md). A turn is: alarms that are due, everything that is ready, then on_turn_end.
/// What is set for now is due in the next turn, so that what was to be written before it has been.
/// Threads: run() is the thread; wake() from any; the rest on that thread, or before run().
class Reactor {
 public:
  /// Whoever owns a watched descriptor.
  class Watcher {
   public:
    Watcher() = default;
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    /// @param events  of epoll_ctl(2). Must not throw. May remove any watcher.
    virtual void on_events(std::uint32_t events) = 0;
    virtual ~Watcher() = default;
  };

  /// A moment that may come. Lifetime: must go before its reactor.
  class Alarm {
   public:
    Alarm(Reactor& reactor, std::function<void()> on_time);
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    ~Alarm();
    void set(SteadyTime time) noexcept { time_ = time; }
    void cancel() noexcept { time_.reset(); }

   private:
    friend class Reactor;
    Reactor& reactor_;
    std::function<void()> on_time_;
    std::optional<SteadyTime> time_;
  };

  /// @param on_wake      called once for however many wake() there were.
  /// @param on_turn_end  called after each turn.
  Reactor(std::function<void()> on_wake, std::function<void()> on_turn_end);
  ~Reactor() = default;
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// Watches a descriptor for these events; false when the kernel has no room.
  [[nodiscard]] bool add(int descriptor, std::uint32_t events, Watcher& watcher) noexcept;
  void change(int descriptor, std::uint32_t events, Watcher& watcher) noexcept;
  /// The watcher hears no more, not even of what is ready already. Closing its descriptor would not do: a child that is
  /// being started holds a copy for a moment, and epoll knows the file behind it.
  void remove(int descriptor, const Watcher& watcher) noexcept;

  /// Serves until stop().
  void run();
  void stop() noexcept { is_stopped_ = true; }
  /// The next turn comes at once.
  void hurry() noexcept { is_hurried_ = true; }
  void wake() noexcept;

 private:
  static constexpr std::size_t kMostEvents = 64;

  [[nodiscard]] int wait_milliseconds() const noexcept;
  void ring_alarms();

  std::function<void()> on_wake_;
  std::function<void()> on_turn_end_;
  Descriptor epoll_;
  Descriptor bell_;  ///< eventfd(2): how wake() reaches epoll.
  std::atomic<bool> is_rung_{false};
  std::vector<Alarm*> alarms_;
  std::array<epoll_event, kMostEvents> events_{};
  std::size_t next_event_ = 0;
  std::size_t event_count_ = 0;
  bool is_hurried_ = false;
  bool is_stopped_ = false;
};

}  // namespace heliograph::net
