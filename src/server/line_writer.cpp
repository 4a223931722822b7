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

/// One write, or the wait for its time. An errno when the descriptor does not take it; 0: it did, or shall be asked
/// again.
int write_some(int descriptor, std::string_view& text) {
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  if (written >= 0) {
    text.remove_prefix(static_cast<std::size_t>(written));
    return 0;
  }
  if (errno == EINTR) return 0;
  if (errno != EAGAIN) return errno;
  // Whoever shares the descriptor has made it non-blocking.
  pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
  ::poll(&ready, 1, -1);
  return 0;
}

}  // namespace

struct LineWriter::State {
  State(int wanted_descriptor, ToNotice wanted_to_notice, const Options& options)
      : descriptor(::fcntl(wanted_descriptor, F_DUPFD_CLOEXEC, 3)),
        to_notice(std::move(wanted_to_notice)),
        on_failure(options.on_failure),
        lost_in_all(options.lost_count ? options.lost_count : std::make_shared<std::atomic<std::uint64_t>>(0)),
        max_queued_bytes(options.max_queued_bytes) {}
  ~State() {
    if (descriptor >= 0) ::close(descriptor);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const int descriptor;
  const ToNotice to_notice;
  const std::function<void(int)> on_failure;
  const std::shared_ptr<std::atomic<std::uint64_t>> lost_in_all;
  const std::size_t max_queued_bytes;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> queue;
  std::size_t queued_bytes = 0;
  std::uint64_t lost = 0;     ///< Since the queue was last taken.
  std::uint64_t written = 0;  ///< How often the reader took something, or refused it.
  bool stopping = false;      ///< Write what is queued, then end.
  bool abandoned = false;     ///< End as soon as possible.
  bool ended = false;
};

/// What the writer's thread does, and knows alone.
class LineWriter::Run {
 public:
  explicit Run(State& state) : state_(state) {}

  void run() {
    std::vector<std::string> taken;
    std::unique_lock lock(state_.mutex);
    for (;;) {
      state_.changed.wait(lock, [&] { return !state_.queue.empty() || state_.stopping; });
      if (state_.queue.empty()) break;
      taken.swap(state_.queue);
      state_.queued_bytes = 0;
      // Lines are lost to a full queue only while it is full, so that all of them came after what was taken.
      const std::uint64_t lost = std::exchange(state_.lost, 0);
      lock.unlock();
      for (const std::string& line : taken)
        if (!is_abandoned_) put(line);
      untold_ += lost;
      tell();
      taken.clear();
      lock.lock();
      if (is_abandoned_) break;
    }
    state_.ended = true;
    state_.changed.notify_all();
  }

 private:
  void put(std::string_view line) {
    if (tell() && write_whole(line)) return;
    if (is_abandoned_) return;
    ++untold_;
    ++*state_.lost_in_all;
    if (failure_ == 0 || std::exchange(is_failing_, true)) return;
    if (state_.on_failure) state_.on_failure(failure_);
  }

  /// Writes how many lines were lost, if any were. False when it cannot.
  bool tell() {
    if (untold_ == 0) return true;
    if (is_abandoned_) return false;
    // What was broken off in the middle ends here.
    const std::string notice = (is_torn_ ? "\n" : "") + state_.to_notice(untold_);
    if (!write_whole(notice)) return false;
    untold_ = 0;
    return true;
  }

  bool write_whole(std::string_view text) {
    const std::size_t size = text.size();
    failure_ = 0;
    while (!text.empty() && failure_ == 0 && !is_abandoned_) {
      failure_ = write_some(state_.descriptor, text);
      const std::lock_guard relock(state_.mutex);
      ++state_.written;
      state_.changed.notify_all();
      is_abandoned_ = state_.abandoned;
    }
    if (text.size() < size) is_torn_ = !text.empty();
    if (text.empty()) is_failing_ = false;
    return text.empty();
  }

  State& state_;
  std::uint64_t untold_ = 0;   ///< Lines lost, of which no notice was written yet.
  int failure_ = 0;            ///< Of the last write: its errno.
  bool is_failing_ = false;    ///< And that was told.
  bool is_torn_ = false;       ///< What was written last is no whole line.
  bool is_abandoned_ = false;  ///< Nobody waits for this thread any more: what is not its own may be gone.
};

LineWriter::LineWriter(int descriptor, ToNotice to_notice, Options options)
    : state_(std::make_shared<State>(descriptor, std::move(to_notice), options)), patience_(options.patience) {
  const SignalsBlocked blocked;
  // Detached, because a thread in a blocking write cannot be joined; it shares the state, and touches nothing else.
  std::thread([state = state_] { Run(*state).run(); }).detach();
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
      ++*state.lost_in_all;
      return;
    }
    state.queued_bytes += line.size();
    state.queue.push_back(std::move(line));
  }
  state.changed.notify_all();
}

std::uint64_t LineWriter::lost() const { return *state_->lost_in_all; }

}  // namespace heliograph::server
