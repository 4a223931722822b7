// The guard's few lines run in a fork of a program with threads: async-signal-safe calls only.
#include "server/relay/orphan_guard.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace heliograph::server::relay {
namespace {

[[noreturn]] void stand_guard(int lifeline, int pid_fd) {
  ::prctl(PR_SET_NAME, "relay-guard");
  ::setpgid(0, 0);  // A Ctrl-C in the terminal is for us; the guard ends when we do.
  // Nothing else of ours may stay open in it: not our listeners, and above all not the write end of the pipe.
  const std::array<int, 2> kept{::fcntl(lifeline, F_DUPFD, 64), ::fcntl(pid_fd, F_DUPFD, 64)};
  ::dup2(kept[0], STDIN_FILENO);
  ::dup2(kept[1], STDOUT_FILENO);
  ::syscall(SYS_close_range, 2U, ~0U, 0U);
  char nothing = 0;
  while (::read(STDIN_FILENO, &nothing, 1) < 0 && errno == EINTR) {
  }
  ::syscall(SYS_pidfd_send_signal, STDOUT_FILENO, SIGKILL, nullptr, 0U);
  ::_exit(0);
}

}  // namespace

Result<OrphanGuard> OrphanGuard::watch(int pid_fd) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Error{Errc::kIo, std::string("pipe: ") + std::strerror(errno)};
  const pid_t pid = ::fork();
  if (pid == 0) stand_guard(pipe[0], pid_fd);
  const int fork_error = errno;
  ::close(pipe[0]);
  if (pid < 0) {
    ::close(pipe[1]);
    return Error{Errc::kIo, std::string("fork: ") + std::strerror(fork_error)};
  }
  return OrphanGuard(pid, pipe[1]);
}

OrphanGuard::~OrphanGuard() {
  if (lifeline_ >= 0) ::close(lifeline_);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

}  // namespace heliograph::server::relay
