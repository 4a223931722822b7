// Differences of process statistics.
#include "load/meter.hpp"

#include "load/process_stats.hpp"

namespace heliograph::bench {

std::string_view Usage::saturated() const noexcept {
  constexpr double kFull = 0.93;  // The kernel's accounting of a pinned, always busy process gives 0.95 to 1.
  const bool server = server_cpu_seconds > kFull * seconds;
  const bool client = client_cpu_seconds > kFull * seconds;
  if (server) return client ? "both" : "server";
  return client ? "client" : "neither";
}

Result<Meter> Meter::start(int server_pid) {
  const auto server = read_process_stats(server_pid);
  if (!server) return server.error();
  Meter meter;
  meter.server_pid_ = server_pid;
  meter.server_cpu_ = server->cpu_seconds;
  meter.client_cpu_ = own_cpu_seconds();
  meter.from_ = std::chrono::steady_clock::now();
  return meter;
}

Result<Usage> Meter::stop() const {
  Usage usage;
  usage.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - from_).count();
  usage.client_cpu_seconds = own_cpu_seconds() - client_cpu_;
  const auto server = read_process_stats(server_pid_);
  if (!server) return server.error();
  usage.server_cpu_seconds = server->cpu_seconds - server_cpu_;
  usage.server_rss_bytes = server->rss_bytes;
  return usage;
}

}  // namespace heliograph::bench
