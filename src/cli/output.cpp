// stdio keeps that something went wrong, and not what.
#include "cli/output.hpp"

#include <poll.h>
#include <stdio_ext.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace heliograph::cli {

int flush_output() noexcept {
  if (std::fflush(stdout) != 0) return errno;
  if (std::ferror(stdout) == 0) return 0;
  // Something is lost already: the end of a line more tells why.
  return ::write(STDOUT_FILENO, "\n", 1) < 0 ? errno : EIO;
}

bool is_output_gone() noexcept {
  pollfd output{STDOUT_FILENO, 0, 0};
  if (::poll(&output, 1, 0) != 1) return false;
  return (output.revents & POLLERR) != 0 || ((output.revents & POLLHUP) != 0 && ::isatty(STDOUT_FILENO) == 0);
}

void drop_output() noexcept {
  ::__fpurge(stdout);
  std::clearerr(stdout);
}

int end_output(int code) noexcept {
  const int problem = flush_output();
  if (problem == 0) return code;
  // Who has ended because nobody reads has said so.
  if (code == 0 || problem != EPIPE) std::fprintf(stderr, "heliograph: standard output: %s\n", std::strerror(problem));
  return code == 0 ? 1 : code;
}

}  // namespace heliograph::cli
