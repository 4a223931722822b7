// A child goes when we go, however we go.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include "server/relay/child_process.hpp"

namespace heliograph::server::relay {
namespace {

std::string command_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// True once the process of `pid_fd` has ended; waits for it ten seconds at most.
bool has_ended(int pid_fd) {
  pollfd wanted{pid_fd, POLLIN, 0};
  return ::poll(&wanted, 1, 10'000) == 1;
}

TEST(ChildProcessTest, ChildThatGaveUpItsDeathSignalIsEndedWhenWeAreKilled) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t service = ::fork();
  ASSERT_GE(service, 0);
  if (service == 0) {
    // What a change of user does to coturn: the kernel no longer ends it with its parent.
    const auto child = ChildProcess::start({"/usr/bin/setpriv", "--pdeathsig", "clear", "/bin/sleep", "600"});
    const pid_t pid = child ? child->pid() : -1;
    (void)!::write(pipe[1], &pid, sizeof pid);
    while (true) ::pause();
  }
  pid_t child = -1;
  ASSERT_EQ(::read(pipe[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  ASSERT_GT(child, 0);
  const int pid_fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0U));
  ASSERT_GE(pid_fd, 0);
  while (!command_of(child).starts_with("/bin/sleep")) ::sched_yield();

  ::kill(service, SIGKILL);
  ::waitpid(service, nullptr, 0);

  EXPECT_TRUE(has_ended(pid_fd));
  ::close(pid_fd);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(ChildProcessTest, ChildIsToldNothingOfOurEnvironment) {
  ::setenv("HELIOGRAPH_MASTER_KEY", "a secret", 1);
  auto child = ChildProcess::start({"/usr/bin/env"});
  ::unsetenv("HELIOGRAPH_MASTER_KEY");
  ASSERT_TRUE(child);
  const int output = child->take_output();
  EXPECT_EQ(child->reap(), "exit status 0");
  std::array<char, 4096> text{};

  const ssize_t size = ::read(output, text.data(), text.size());

  ::close(output);
  EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))),
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
}

TEST(ChildProcessTest, ChildThatEndsIsReapedWithItsStatusAndItsGuardGoes) {
  std::string how;
  {
    auto child = ChildProcess::start({"/bin/sh", "-c", "exit 3"});
    ASSERT_TRUE(child);
    const int pid_fd = child->take_pid_fd();
    EXPECT_TRUE(has_ended(pid_fd));
    how = child->reap();
    ::close(pid_fd);
  }

  EXPECT_EQ(how, "exit status 3");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

}  // namespace
}  // namespace heliograph::server::relay
