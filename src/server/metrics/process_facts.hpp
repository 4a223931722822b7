// What the kernel knows of this process.
#pragma once

#include <cstdint>

namespace heliograph::server::metrics {

struct ProcessFacts {
  double cpu_seconds = 0;
  double start_time_seconds = 0;  ///< Since the epoch.
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t max_descriptors = 0;
};

/// From /proc and getrusage(2). What cannot be read is 0.
[[nodiscard]] ProcessFacts read_process_facts();

}  // namespace heliograph::server::metrics
