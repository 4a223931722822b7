// A queue under a lock, and the one thread that may wait for the reader.
#include "server/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace heliograph::server {
namespace {

/// Signals are for the other threads; SIGPIPE's place is taken by EPIPE. New threads inherit the mask of their maker.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

/// One write; 0 bytes when it should be tried again. False when the descriptor takes nothing any more.
bool write_some(int descriptor, std::string_view& text) {
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  if (written >= 0) {
    text.remove_prefix(static_cast<std::size_t>(written));
    return true;
  }
  if (errno == EINTR) return true;
  if (errno != EAGAIN) return false;
  // Whoever shares the descriptor has made it non-blocking.
  pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
  ::poll(&ready, 1, -1);
  return true;
}

}  // namespace

struct LineWriter::State {
  State(int wanted_descriptor, ToNotice wanted_to_notice, std::size_t wanted_max)
      : descriptor(::fcntl(wanted_descriptor, F_DUPFD_CLOEXEC, 3)),
        to_notice(std::move(wanted_to_notice)),
        max_queued_bytes(wanted_max) {}
  ~State() {
    if (descriptor >= 0) ::close(descriptor);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const int descriptor;
  const ToNotice to_notice;
  const std::size_t max_queued_bytes;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> queue;
  std::size_t queued_bytes = 0;
  std::uint64_t lost = 0;  ///< Since the queue was last taken.
  std::uint64_t lost_in_all = 0;
  std::uint64_t written = 0;  ///< How often the reader took something.
  bool stopping = false;      ///< Write what is queued, then end.
  bool abandoned = false;     ///< End as soon as possible.
  bool ended = false;
};

LineWriter::LineWriter(int descriptor, ToNotice to_notice, Options options)
    : state_(std::make_shared<State>(descriptor, std::move(to_notice), options.max_queued_bytes)),
      patience_(options.patience) {
  const SignalsBlocked blocked;
  // Detached, because a thread in a blocking write cannot be joined; it shares the state, and touches nothing else.
  std::thread([state = state_] { run(*state); }).detach();
}

LineWriter::~LineWriter() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  state.stopping = true;
  state.changed.notify_all();
  while (!state.ended) {
    const std::uint64_t before = state.written;
    state.changed.wait_for(lock, patience_, [&] { return state.ended || state.written != before; });
    if (state.written == before) break;
  }
  state.abandoned = true;
}

void LineWriter::write(std::string line) {
  State& state = *state_;
  {
    const std::lock_guard lock(state.mutex);
    // An oversized line into an empty queue, so that no line is too big for ever.
    if (!state.queue.empty() && state.queued_bytes + line.size() > state.max_queued_bytes) {
      ++state.lost;
      ++state.lost_in_all;
      return;
    }
    state.queued_bytes += line.size();
    state.queue.push_back(std::move(line));
  }
  state.changed.notify_all();
}

std::uint64_t LineWriter::lost() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lost_in_all;
}

void LineWriter::run(State& state) {
  std::vector<std::string> taken;
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.changed.wait(lock, [&] { return !state.queue.empty() || state.stopping; });
    if (state.queue.empty()) break;
    taken.swap(state.queue);
    state.queued_bytes = 0;
    // Lines are lost only while the queue is full, so that all of them came after what was taken.
    const std::uint64_t lost = std::exchange(state.lost, 0);
    lock.unlock();
    if (lost > 0) taken.push_back(state.to_notice(lost));
    bool abandoned = false;
    for (const std::string& line : taken) {
      for (std::string_view rest = line; !rest.empty() && !abandoned;) {
        const bool can_write = write_some(state.descriptor, rest);
        const std::lock_guard relock(state.mutex);
        ++state.written;
        state.changed.notify_all();
        abandoned = state.abandoned;
        if (!can_write) break;
      }
    }
    taken.clear();
    lock.lock();
    if (abandoned) break;
  }
  state.ended = true;
  state.changed.notify_all();
}

}  // namespace heliograph::server
