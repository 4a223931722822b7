// ControlLoop: the main thread of heliographd, where signals are heard and the seconds are counted.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string_view>

namespace heliograph::server {

/// Threads: context() may be posted to from any; everything else belongs to the one that calls run().
class ControlLoop {
 public:
  struct Hooks {
    std::function<void()> on_second;
    std::function<void(std::string_view why)> on_stop;  ///< SIGINT, SIGTERM, each time; or its terminal has gone.
    std::function<void()> on_hangup;                    ///< SIGHUP, from anybody but its terminal.
  };

  explicit ControlLoop(Hooks hooks);
  ControlLoop(const ControlLoop&) = delete;
  ControlLoop& operator=(const ControlLoop&) = delete;

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  /// Signals are caught from here on, and heard by run(). The first second is told at once.
  void start();
  /// Returns after stop().
  void run();
  void stop() { context_.stop(); }
  /// No more seconds.
  void end_ticks() { ticker_.cancel(); }

 private:
  void tick();
  void wait_for_stop();
  void wait_for_hangup();

  Hooks hooks_;
  const bool had_terminal_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set stops_{context_};
  boost::asio::signal_set hangups_{context_};
  boost::asio::steady_timer ticker_{context_};
};

}  // namespace heliograph::server
