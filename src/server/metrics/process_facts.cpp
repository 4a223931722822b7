// /proc/self, read.
#include "server/metrics/process_facts.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace heliograph::server::metrics {
namespace {

double to_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double read_clock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// proc(5): field 22 of /proc/self/stat, in clock ticks since the machine started.
double start_time() {
  std::ifstream file("/proc/self/stat");
  std::string text(std::istreambuf_iterator<char>(file), {});
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22 && fields >> field; ++i) {
  }
  const double ticks = field.empty() ? 0 : std::stod(field);
  const double since_boot = ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return read_clock(CLOCK_REALTIME) - (read_clock(CLOCK_BOOTTIME) - since_boot);
}

}  // namespace

ProcessFacts read_process_facts() {
  ProcessFacts facts;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0)
    facts.cpu_seconds = to_seconds(usage.ru_utime) + to_seconds(usage.ru_stime);
  static const double kStartTime = start_time();
  facts.start_time_seconds = kStartTime;
  std::ifstream memory("/proc/self/statm");
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (memory >> facts.virtual_bytes >> facts.resident_bytes) {
    facts.virtual_bytes *= page;
    facts.resident_bytes *= page;
  }
  std::error_code error;
  for (std::filesystem::directory_iterator each("/proc/self/fd", error), end; !error && each != end;
       each.increment(error))
    ++facts.open_descriptors;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.max_descriptors = limit.rlim_cur;
  return facts;
}

}  // namespace heliograph::server::metrics
