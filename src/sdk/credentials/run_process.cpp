// posix_spawn, two pipes to read and one to be woken by.
#include "sdk/credentials/run_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

extern "C" char** environ;

namespace heliograph::sdk {
namespace {

using SteadyClock = std::chrono::steady_clock;

class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read.reset(ends[0]);
    write.reset(ends[1]);
    return true;
  }
};

/// What posix_spawn is told. The set-up of it fails only for want of memory.
class SpawnPlan {
 public:
  SpawnPlan(int output, int errors) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  int spawn(pid_t& pid, std::vector<std::string>& words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return ::posix_spawnp(&pid, arguments.front(), &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

Error failure(const char* what, int error) {
  return {Errc::kIo, std::string(what) + ": " + std::system_category().message(error)};
}

class ProcessRun {
 public:
  ProcessRun(ProcessCall call, std::function<void(std::function<void()>)> post,
             std::function<void(Result<ProcessEnd>)> done)
      : call_(std::move(call)), post_(std::move(post)), done_(std::move(done)) {
    if (wake_.open())
      thread_ = std::thread([this]() { tell(run()); });
    else
      tell(failure("cannot make a pipe", errno));
  }
  ProcessRun(const ProcessRun&) = delete;
  ProcessRun& operator=(const ProcessRun&) = delete;
  ~ProcessRun() {
    {
      const std::lock_guard lock(mutex_);
      done_ = nullptr;
    }
    wake_.write.reset();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void tell(Result<ProcessEnd> result) {
    const std::lock_guard lock(mutex_);
    if (!done_) return;
    post_([done = std::exchange(done_, nullptr), result = std::move(result)]() { done(result); });
  }

  Result<ProcessEnd> run() {
    Pipe output;
    Pipe errors;
    if (!output.open() || !errors.open()) return failure("cannot make a pipe", errno);
    pid_t pid = 0;
    const int error = SpawnPlan(output.write.get(), errors.write.get()).spawn(pid, call_.words);
    if (error != 0) return failure("cannot start it", error);
    output.write.reset();
    errors.write.reset();
    for (const int end : {output.read.get(), errors.read.get()}) ::fcntl(end, F_SETFL, O_NONBLOCK);
    ProcessEnd end;
    const auto stopped = read(pid, output.read, errors.read, end);
    if (!stopped) ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
      if (errno != EINTR) break;  // ECHILD: the application has SIGCHLD ignored; what was printed has to do.
    if (!stopped) return stopped.error();
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    return end;
  }

  static bool has_ended(pid_t pid) {
    siginfo_t info{};
    const int found = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
    return found != 0 ? errno != EINTR : info.si_pid != 0;
  }

  /// Reads until the process has ended. What it has left running may keep the pipes: that is not waited for.
  Result<void> read(pid_t pid, Descriptor& output, Descriptor& errors, ProcessEnd& end) {
    constexpr int kLookMs = 20;  // For its end, of which no pipe tells.
    const auto until = SteadyClock::now() + call_.timeout;
    for (;;) {
      const bool ended = has_ended(pid);  // Before reading: afterwards nothing more comes of it.
      if (!take(output, end.output))
        return Error{Errc::kIo, "it printed more than " + std::to_string(call_.most_output) + " bytes"};
      // What is too much on standard error is read and dropped, or the program would wait for a reader.
      if (!take(errors, end.errors)) end.errors.resize(call_.most_output);
      if (ended) return {};
      if (SteadyClock::now() >= until)
        return Error{Errc::kTimeout, "it did not end within " + std::to_string(call_.timeout.count()) + " ms"};
      std::array<pollfd, 3> waits{
          {{output.get(), POLLIN, 0}, {errors.get(), POLLIN, 0}, {wake_.read.get(), POLLIN, 0}}};
      if (::poll(waits.data(), waits.size(), kLookMs) > 0 && waits[2].revents != 0)
        return Error{Errc::kClosed, "nobody waits for it any more"};
    }
  }
  /// Reads what is there. False: it is more than is allowed.
  bool take(Descriptor& from, std::string& into) const {
    std::array<char, 4096> piece{};
    while (from.get() >= 0 && into.size() <= call_.most_output) {
      const ssize_t bytes = ::read(from.get(), piece.data(), piece.size());
      if (bytes < 0 && errno == EINTR) continue;
      if (bytes < 0 && errno == EAGAIN) return true;
      if (bytes <= 0) from.reset();
      if (bytes > 0) into.append(piece.data(), static_cast<std::size_t>(bytes));
    }
    return into.size() <= call_.most_output;
  }

  ProcessCall call_;
  std::function<void(std::function<void()>)> post_;
  std::mutex mutex_;
  std::function<void(Result<ProcessEnd>)> done_;
  Pipe wake_;  ///< Its end wakes the thread.
  std::thread thread_;
};

}  // namespace

std::shared_ptr<void> run_process(ProcessCall call, std::function<void(std::function<void()>)> post,
                                  std::function<void(Result<ProcessEnd>)> done) {
  return std::make_shared<ProcessRun>(std::move(call), std::move(post), std::move(done));
}

}  // namespace heliograph::sdk
