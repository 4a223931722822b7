// Watchdog: the sign of life that a service manager wants, given only while there is life.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

#include "base/log.hpp"

namespace heliograph::server {

/// Without a sign for long enough the manager ends the service and starts it again.
/// Threads: `context`'s one thread, which is proved alive by the fact that it runs this. The parts must outlive it.
class Watchdog {
 public:
  struct Parts {
    boost::asio::io_context& context;
    std::function<bool()> is_alive;
    std::function<void(std::string_view)> notify;
    LogSink& log;
  };
  Watchdog(Parts parts, std::chrono::milliseconds interval)
      : parts_(std::move(parts)), interval_(interval), timer_(parts_.context) {
    look();
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void look() {
    if (parts_.is_alive()) {
      parts_.notify("WATCHDOG=1");
    } else {
      parts_.log.write(LogLevel::kWarning, "a worker does not come round", {});
    }
    timer_.expires_after(interval_);
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) look();
    });
  }

  Parts parts_;
  std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
};

}  // namespace heliograph::server
