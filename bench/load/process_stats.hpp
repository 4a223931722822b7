// What a process has used so far, as the kernel counts it.
#pragma once

#include <cstdint>

#include "heliograph/result.hpp"

namespace heliograph::bench {

struct ProcessStats {
  double cpu_seconds = 0;       ///< User and system, all threads.
  std::uint64_t rss_bytes = 0;  ///< Resident memory.
};

/// Fails with kIo when there is no such process.
[[nodiscard]] Result<ProcessStats> read_process_stats(int pid);

/// CPU time of this process, in seconds.
[[nodiscard]] double own_cpu_seconds();

}  // namespace heliograph::bench
