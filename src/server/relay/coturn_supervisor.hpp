// CoturnSupervisor: keeps one coturn running beside us, folds its log into ours, and takes it along when we go.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "server/relay/child_process.hpp"
#include "server/relay/coturn_config.hpp"
#include "server/relay/restart_backoff.hpp"

namespace heliograph::server::relay {

/// For metrics.
struct RelayState {
  bool is_supervised = false;  ///< There is a child of ours to run.
  bool is_up = false;          ///< It runs.
  std::uint64_t starts = 0;
};

/// Lifetime: `context`, `clock` and `log` must outlive it. Threads: state() from any; all other calls, and `context`,
/// on one thread that lives as long as the process (the kernel ends the child with it).
class CoturnSupervisor {
 public:
  CoturnSupervisor(boost::asio::io_context& context, const Clock& clock, LogSink& log, std::string binary,
                   CoturnSettings settings);
  ~CoturnSupervisor();
  CoturnSupervisor(const CoturnSupervisor&) = delete;
  CoturnSupervisor& operator=(const CoturnSupervisor&) = delete;

  /// Writes the configuration and starts the child. Fails when either cannot be done at all; later ends are met with
  /// restarts.
  [[nodiscard]] Result<void> start();
  /// SIGTERM, then SIGKILL after two seconds; returns when the child is gone.
  void stop();
  /// Has a running child read its certificate and key again; one that starts later does so anyway. It keeps what it has
  /// when it may not read them (started as root, it has given that up).
  void reload_certificate() const;
  [[nodiscard]] RelayState state() const noexcept { return {true, is_up_.load(), starts_.load()}; }

 private:
  [[nodiscard]] Result<void> launch();
  void read_output();
  void log_lines(std::size_t bytes);
  void wait_for_end();
  void on_end();
  void schedule_restart();

  const Clock& clock_;
  LogSink& log_;
  std::string binary_;
  CoturnSettings settings_;
  std::filesystem::path conf_;
  std::optional<ChildProcess> child_;
  boost::asio::posix::stream_descriptor output_;
  boost::asio::posix::stream_descriptor end_;
  boost::asio::steady_timer restart_;
  RestartBackoff backoff_;
  SteadyTime started_{};
  std::string buffer_;
  std::string line_;
  bool stopping_ = false;
  std::atomic<bool> is_up_{false};
  std::atomic<std::uint64_t> starts_{0};
};

/// A port of `address` that is free for both UDP and TCP now: `wanted` if it is, else one the kernel picks.
[[nodiscard]] std::uint16_t pick_port(const std::string& address, std::uint16_t wanted);

}  // namespace heliograph::server::relay
