// Meter: what server and client used between two moments, and which of them was the bottleneck.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::bench {

struct Usage {
  double seconds = 0;
  double server_cpu_seconds = 0;
  double client_cpu_seconds = 0;
  std::uint64_t server_rss_bytes = 0;  ///< At the end.

  /// "server", "client", "both" or "neither": who had no processor time left. "neither" on a loaded system says that
  /// somebody else took it, or that both waited for each other; figures per CPU-second hold in any case.
  [[nodiscard]] std::string_view saturated() const noexcept;
};

class Meter {
 public:
  /// Starts measuring. Fails with kIo when there is no such server process.
  [[nodiscard]] static Result<Meter> start(int server_pid);
  [[nodiscard]] Result<Usage> stop() const;

 private:
  int server_pid_ = 0;
  std::chrono::steady_clock::time_point from_;
  double server_cpu_ = 0;
  double client_cpu_ = 0;
};

}  // namespace heliograph::bench
