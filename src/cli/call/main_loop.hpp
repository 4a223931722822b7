// MainLoop: the one thread of a command that stays: the SDK's handlers, typed lines, time, and Ctrl-C.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace heliograph::cli {

/// Make it before anything that has threads: SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) are held
/// back from all of them. Before run() they end the program, since what comes before may wait long; then they end
/// run(). What executor() is given after the loop's end is dropped. Threads: executor()'s result from any thread;
/// everything else from the one that made it.
class MainLoop {
 public:
  using Clock = std::chrono::steady_clock;

  MainLoop();
  MainLoop(const MainLoop&) = delete;
  MainLoop& operator=(const MainLoop&) = delete;
  ~MainLoop();

  /// For EventLoop::Options: has functions called in run(), in the order given.
  [[nodiscard]] std::function<void(std::function<void()>)> executor() const;
  /// Has `on_line` take each line of a descriptor, and `on_end` its end. Once. After stop() none is taken any more.
  void read_lines(int descriptor, std::function<void(std::string)> on_line, std::function<void()> on_end);
  /// Whether lines are taken now: whoever cannot keep up leaves them to the pipe.
  void set_reading(bool is_reading) noexcept { is_reading_ = is_reading; }
  /// Has a function called, once, when nobody reads a pipe, or socket, that is written to.
  void on_reader_gone(int descriptor, std::function<void()> what);
  /// Has a function called again and again.
  void every(std::chrono::milliseconds period, std::function<void()> what);
  /// Has run() return. The first code stays.
  void stop(int code);
  [[nodiscard]] bool is_stopping() const noexcept { return is_stopping_; }

  /// Until stop(), a signal (code 0, since it is how people end what would go on for ever) or, if it is not zero, the
  /// end of `most`. A second signal ends the program at once.
  int run(std::chrono::milliseconds most = std::chrono::milliseconds(0));
  /// Until `is_done`, for as long as that may take, signals or not.
  void run_until(const std::function<bool()>& is_done, std::chrono::milliseconds patience);

 private:
  struct Queue;
  struct Timer {
    std::chrono::milliseconds period;
    Clock::time_point next;
    std::function<void()> what;
  };

  void die_early() const;
  void end_early_watch();
  void turn(Clock::time_point latest);
  void run_timers();
  void take_signal();
  void take_input();
  void drop_input();

  std::shared_ptr<Queue> queue_;
  int signals_ = -1;
  int running_ = -1;         ///< Rings once run() has begun.
  std::thread early_watch_;  ///< For signals until then.
  int input_ = -1;
  bool is_reading_ = true;
  int output_ = -1;
  std::function<void()> on_reader_gone_;
  std::string line_;
  std::function<void(std::string)> on_line_;
  std::function<void()> on_end_;
  std::vector<Timer> timers_;
  bool is_stopping_ = false;
  int code_ = 0;
  int signals_taken_ = 0;
};

}  // namespace heliograph::cli
