// poll() over an eventfd, a signalfd, standard input and standard output.
#include "cli/call/main_loop.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <utility>

namespace heliograph::cli {

using std::chrono::milliseconds;

namespace {

/// What has no end by then is a line.
constexpr std::size_t kLongestLine = 1'048'576;

}  // namespace

/// Shared with executors, which may outlive the loop.
struct MainLoop::Queue {
  Queue() : bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() { ::close(bell); }

  void push(std::function<void()> what) {
    {
      const std::lock_guard lock(mutex);
      if (is_over) return;
      waiting.push_back(std::move(what));
    }
    const std::uint64_t one = 1;
    static_cast<void>(::write(bell, &one, sizeof one) < 0);  // Full means that it rings already.
  }
  std::deque<std::function<void()>> take() {
    std::uint64_t count = 0;
    static_cast<void>(::read(bell, &count, sizeof count) < 0);
    const std::lock_guard lock(mutex);
    return std::exchange(waiting, {});
  }

  /// Functions may keep whoever has the executor, and so us.
  void end() {
    std::deque<std::function<void()>> rest;  // Outlives the lock.
    const std::lock_guard lock(mutex);
    is_over = true;
    rest.swap(waiting);
  }

  const int bell;
  std::mutex mutex;
  bool is_over = false;
  std::deque<std::function<void()>> waiting;
};

MainLoop::MainLoop() : queue_(std::make_shared<Queue>()), running_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGINT);
  ::sigaddset(&set, SIGTERM);
  struct sigaction hangup{};
  if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) ::sigaddset(&set, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  early_watch_ = std::thread([this]() { die_early(); });
}

MainLoop::~MainLoop() {
  end_early_watch();
  queue_->end();
  ::close(signals_);
  ::close(running_);
}

void MainLoop::die_early() const {
  std::array<pollfd, 2> all{pollfd{signals_, POLLIN, 0}, pollfd{running_, POLLIN, 0}};
  while (::poll(all.data(), all.size(), -1) < 0) {
  }
  signalfd_siginfo facts{};
  if (all[1].revents != 0) return;
  if (::read(signals_, &facts, sizeof facts) != static_cast<ssize_t>(sizeof facts)) return;
  const int signal = static_cast<int>(facts.ssi_signo);
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  ::signal(signal, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
}

void MainLoop::end_early_watch() {
  if (!early_watch_.joinable()) return;
  const std::uint64_t one = 1;
  static_cast<void>(::write(running_, &one, sizeof one) < 0);
  early_watch_.join();
}

std::function<void(std::function<void()>)> MainLoop::executor() const {
  return [queue = queue_](std::function<void()> what) { queue->push(std::move(what)); };
}

void MainLoop::read_lines(int descriptor, std::function<void(std::string)> on_line, std::function<void()> on_end) {
  input_ = descriptor;
  on_line_ = std::move(on_line);
  on_end_ = std::move(on_end);
}

void MainLoop::on_reader_gone(int descriptor, std::function<void()> what) {
  output_ = ::isatty(descriptor) == 1 ? -1 : descriptor;  // The end of a terminal is a signal.
  on_reader_gone_ = std::move(what);
}

void MainLoop::every(milliseconds period, std::function<void()> what) {
  timers_.push_back({period, Clock::now() + period, std::move(what)});
}

void MainLoop::stop(int code) {
  if (std::exchange(is_stopping_, true)) return;
  code_ = code;
}

int MainLoop::run(milliseconds most) {
  end_early_watch();
  const auto end = most > milliseconds(0) ? Clock::now() + most : Clock::time_point::max();
  while (!is_stopping_) {
    if (Clock::now() >= end) stop(0);
    turn(end);
  }
  return code_;
}

void MainLoop::run_until(const std::function<bool()>& is_done, milliseconds patience) {
  const auto end = Clock::now() + patience;
  while (!is_done() && Clock::now() < end) turn(std::min(end, Clock::now() + milliseconds(20)));
}

void MainLoop::turn(Clock::time_point latest) {
  for (const Timer& timer : timers_) latest = std::min(latest, timer.next);
  const auto now = Clock::now();
  int wait = -1;
  if (is_stopping_ || latest <= now) {
    wait = 0;
  } else if (latest != Clock::time_point::max()) {
    wait = static_cast<int>(
        std::chrono::ceil<milliseconds>(std::min<Clock::duration>(latest - now, std::chrono::hours(1))).count());
  }
  if (is_stopping_ && latest > now)
    wait = static_cast<int>(std::min<std::int64_t>(
        20, std::chrono::ceil<milliseconds>(std::min<Clock::duration>(latest - now, std::chrono::hours(1))).count()));
  std::array<pollfd, 4> all{pollfd{queue_->bell, POLLIN, 0}, pollfd{signals_, POLLIN, 0},
                            pollfd{is_reading_ ? input_ : -1, POLLIN, 0}, pollfd{output_, 0, 0}};
  ::poll(all.data(), all.size(), wait);
  if (all[1].revents != 0) take_signal();
  for (const auto& what : queue_->take()) what();
  if (all[2].revents != 0) take_input();
  if ((all[3].revents & (POLLERR | POLLHUP)) != 0) {
    output_ = -1;
    on_reader_gone_();
  }
  run_timers();
}

void MainLoop::run_timers() {
  const auto now = Clock::now();
  for (std::size_t i = 0; i < timers_.size(); ++i) {
    if (timers_[i].next > now) continue;
    timers_[i].next = std::max(timers_[i].next + timers_[i].period, now);
    const auto what = timers_[i].what;
    what();
  }
}

void MainLoop::take_signal() {
  signalfd_siginfo facts{};
  if (::read(signals_, &facts, sizeof facts) != static_cast<ssize_t>(sizeof facts)) return;
  if (++signals_taken_ > 1) ::_exit(128 + static_cast<int>(facts.ssi_signo));
  stop(0);
}

void MainLoop::drop_input() {
  input_ = -1;
  line_.clear();
}

void MainLoop::take_input() {
  if (is_stopping_) return drop_input();
  std::array<char, 4096> piece{};
  const ssize_t got = ::read(input_, piece.data(), piece.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got > 0) line_.append(piece.data(), static_cast<std::size_t>(got));
  if (line_.size() > kLongestLine) line_ += '\n';
  for (std::size_t end = 0; (end = line_.find('\n')) != std::string::npos;) {
    const std::string line = line_.substr(0, end);
    line_.erase(0, end + 1);
    on_line_(line);
    if (is_stopping_) return drop_input();
  }
  if (got > 0) return;
  input_ = -1;
  if (!line_.empty()) on_line_(std::exchange(line_, {}));
  on_end_();
}

}  // namespace heliograph::cli
