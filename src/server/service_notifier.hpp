// ServiceNotifier: tells a service manager how the service stands, by systemd's sd_notify protocol.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::server {

/// Threads: any.
class ServiceNotifier {
 public:
  /// @param address  $NOTIFY_SOCKET: a path, or '@' and the name of an abstract socket; empty: nobody wants to know.
  explicit ServiceNotifier(std::string_view address);
  ServiceNotifier(const ServiceNotifier&) = delete;
  ServiceNotifier& operator=(const ServiceNotifier&) = delete;
  ~ServiceNotifier();

  /// Assignments as in sd_notify(3), one a line: "READY=1". Nothing is told of failures, as sd_notify advises.
  void tell(std::string_view assignments) const noexcept;

 private:
  int socket_ = -1;
};

/// How often a sign of life is wanted: a third of $WATCHDOG_USEC, so that one may be late. Nothing when none is, or
/// when $WATCHDOG_PID names another process.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval(const char* microseconds, const char* pid);

}  // namespace heliograph::server
