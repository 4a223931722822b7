// CPU time by the process's own clock, which counts in nanoseconds (/proc/PID/stat: in hundredths of a second); memory
// by /proc/PID/statm, proc(5).
#include "load/process_stats.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace heliograph::bench {

Result<ProcessStats> read_process_stats(int pid) {
  clockid_t cpu_clock{};
  timespec cpu{};
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (clock_getcpuclockid(pid, &cpu_clock) != 0 || clock_gettime(cpu_clock, &cpu) != 0 ||
      !(statm >> size >> resident)) {
    return Error{Errc::kIo, "there is no process " + std::to_string(pid) + " to measure"};
  }
  return ProcessStats{static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9,
                      resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace heliograph::bench
