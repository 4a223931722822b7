// fork, exec and the kernel's promises about them.
#include "server/relay/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace heliograph::server::relay {
namespace {

Error system_error(const char* doing) { return {Errc::kIo, std::string(doing) + ": " + std::strerror(errno)}; }

/// Runs in the child between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(char* const* argv, char* const* environment, int output, int report, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);       // Until the guard stands.
  if (::getppid() != parent) ::_exit(127);  // The parent died before the line above.
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::dup2(report, 3);
  ::fcntl(3, F_SETFD, FD_CLOEXEC);
  ::syscall(SYS_close_range, 4U, ~0U, 0U);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::setpgid(0, 0);  // A Ctrl-C in the terminal is for us; we end the child in our own order.
  ::execve(argv[0], argv, environment);
  const int code = errno;
  (void)!::write(3, &code, sizeof code);
  ::_exit(127);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& argv, Environment told) {
  std::array<int, 2> output{};
  std::array<int, 2> report{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0) return system_error("pipe");
  if (::pipe2(report.data(), O_CLOEXEC) != 0) {
    ::close(output[0]);
    ::close(output[1]);
    return system_error("pipe");
  }
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);

  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  const std::array<char*, 2> bare{path.data(), nullptr};
  char* const* environment = told == Environment::kBare ? bare.data() : ::environ;

  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(words.data(), environment, output[1], report[1], parent);
  const int fork_error = errno;
  ::close(output[1]);
  ::close(report[1]);
  if (pid < 0) {
    ::close(output[0]);
    ::close(report[0]);
    errno = fork_error;
    return system_error("fork");
  }
  int code = 0;
  const ssize_t reported = ::read(report[0], &code, sizeof code);  // End of file: exec succeeded.
  ::close(report[0]);
  if (reported > 0) {
    ::waitpid(pid, nullptr, 0);
    ::close(output[0]);
    return Error{Errc::kIo, "cannot run " + argv[0] + ": " + std::strerror(code)};
  }
  ::fcntl(output[0], F_SETFL, O_NONBLOCK);
  const int pid_fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
  ChildProcess child(pid, output[0], pid_fd);
  if (pid_fd < 0) return system_error("pidfd_open");
  auto guard = OrphanGuard::watch(pid_fd);
  if (!guard) return guard.error();
  child.guard_ = std::move(*guard);
  return child;
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0) ::close(output_);
  if (pid_fd_ >= 0) ::close(pid_fd_);
}

void ChildProcess::signal(int number) const noexcept {
  if (pid_ > 0) ::kill(pid_, number);
}

std::string ChildProcess::reap() noexcept {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_) return "unknown";
  pid_ = -1;
  if (WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  return "signal " + std::to_string(WTERMSIG(status));
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : std::string{};
  // Debian keeps daemons in sbin directories that are not on a user's PATH.
  const char* variable = std::getenv("PATH");
  std::string path = std::string(variable == nullptr ? "/usr/bin" : variable) + ":/usr/local/sbin:/usr/sbin:/sbin";
  while (!path.empty()) {
    const auto colon = path.find(':');
    const std::string candidate = path.substr(0, colon) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    path = colon == std::string::npos ? std::string{} : path.substr(colon + 1);
  }
  return {};
}

}  // namespace heliograph::server::relay
