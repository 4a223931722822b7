// OrphanGuard: a process that ends another one when we are gone, however we went.
#pragma once

#include <sys/types.h>

#include <utility>

#include "heliograph/result.hpp"

namespace heliograph::server::relay {

/// The kernel's own promise (PR_SET_PDEATHSIG) is void once the child changes its user, as coturn does when it starts
/// as root. So a fork of us waits on a pipe that only we hold open: at its end of file it kills the guarded process, by
/// a descriptor that can mean no other. Move-only; destruction ends the guard and waits for it. Threads: any, one at a
/// time.
class OrphanGuard {
 public:
  OrphanGuard() = default;
  /// Guards the process of `pid_fd` (pidfd_open(2)); the descriptor stays the caller's. Fails with kIo.
  [[nodiscard]] static Result<OrphanGuard> watch(int pid_fd);

  OrphanGuard(OrphanGuard&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), lifeline_(std::exchange(other.lifeline_, -1)) {}
  OrphanGuard& operator=(OrphanGuard&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(lifeline_, other.lifeline_);
    return *this;
  }
  OrphanGuard(const OrphanGuard&) = delete;
  OrphanGuard& operator=(const OrphanGuard&) = delete;
  ~OrphanGuard();

 private:
  OrphanGuard(pid_t pid, int lifeline) : pid_(pid), lifeline_(lifeline) {}

  pid_t pid_ = -1;
  int lifeline_ = -1;  ///< Write end; nothing is ever written.
};

}  // namespace heliograph::server::relay
