// ChildProcess: a program started by us, whose output is one pipe and whose end is readable.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "heliograph/result.hpp"
#include "server/relay/orphan_guard.hpp"

namespace heliograph::server::relay {

/// Move-only. The child is killed (SIGKILL) when we are gone, and at the latest when the thread that started it ends,
/// so start it from one that lives as long as the process. Destruction kills a running child and waits for it.
class ChildProcess {
 public:
  /// What it is told of our environment: by default nothing, for ours may hold the master key and what signs webhooks.
  enum class Environment : std::uint8_t { kBare, kOurs };

  /// Starts argv[0] (a path) with standard input from /dev/null and both outputs into one pipe; no other descriptor is
  /// inherited. Fails with kIo when it cannot be executed.
  [[nodiscard]] static Result<ChildProcess> start(const std::vector<std::string>& argv,
                                                  Environment told = Environment::kBare);

  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)),
        output_(std::exchange(other.output_, -1)),
        pid_fd_(std::exchange(other.pid_fd_, -1)),
        guard_(std::move(other.guard_)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Non-blocking read end of the output pipe; the caller owns it from here on.
  [[nodiscard]] int take_output() noexcept { return std::exchange(output_, -1); }
  /// Becomes readable when the child has ended; the caller owns it from here on.
  [[nodiscard]] int take_pid_fd() noexcept { return std::exchange(pid_fd_, -1); }

  void signal(int number) const noexcept;
  /// Waits for the end and says how it was: "exit status 1", "signal 9".
  std::string reap() noexcept;

 private:
  ChildProcess(pid_t pid, int output, int pid_fd) : pid_(pid), output_(output), pid_fd_(pid_fd) {}

  pid_t pid_ = -1;
  int output_ = -1;
  int pid_fd_ = -1;
  OrphanGuard guard_;
};

/// The path of a program on PATH (or `name` itself when it has a slash and is executable); empty when there is none.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace heliograph::server::relay
