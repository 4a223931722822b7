// Executor: the threads that may block (on the store's disk), so that network threads never do.
#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <utility>

namespace heliograph::server {

/// Threads: try_post from any. Destruction waits for what was taken.
class Executor {
 public:
  /// @param max_queued  more work waiting than this is refused, so that a slow disk gives errors and not a full memory.
  Executor(std::size_t threads, std::size_t max_queued) : pool_(threads), max_queued_(max_queued) {}
  ~Executor() { pool_.join(); }
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Runs `work` soon, on another thread; false when too much waits already. Work that throws (memory is short) ends
  /// neither the process nor the place it took: `on_failure` is called with the exception's text, on the same thread,
  /// and must not throw.
  template <class Work, class OnFailure>
  [[nodiscard]] bool try_post(Work work, OnFailure on_failure) {
    if (queued_.fetch_add(1) >= max_queued_) {
      queued_.fetch_sub(1);
      refused_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    boost::asio::post(pool_, [this, work = std::move(work), on_failure = std::move(on_failure)]() mutable {
      try {
        work();
      } catch (const std::exception& error) {
        on_failure(error.what());
      } catch (...) {
        on_failure("an exception of unknown type");
      }
      queued_.fetch_sub(1);
    });
    return true;
  }

  /// For work that nobody waits for: a failure goes to standard error.
  template <class Work>
  [[nodiscard]] bool try_post(Work work) {
    return try_post(std::move(work),
                    [](const char* why) { std::fprintf(stderr, "heliographd: work failed: %s\n", why); });
  }

  /// Work that waits or runs.
  [[nodiscard]] std::size_t queued() const noexcept { return queued_.load(std::memory_order_relaxed); }
  /// Work that was not taken, since the start.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  boost::asio::thread_pool pool_;
  std::atomic<std::size_t> queued_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::size_t max_queued_;
};

}  // namespace heliograph::server
