// Executor: the threads that may block (on the store's disk), so that network threads never do.
#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
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

  /// Runs `work` soon, on another thread; false when too much waits already.
  template <class Work>
  [[nodiscard]] bool try_post(Work work) {
    if (queued_.fetch_add(1) >= max_queued_) {
      queued_.fetch_sub(1);
      return false;
    }
    boost::asio::post(pool_, [this, work = std::move(work)]() mutable {
      work();
      queued_.fetch_sub(1);
    });
    return true;
  }

 private:
  boost::asio::thread_pool pool_;
  std::atomic<std::size_t> queued_{0};
  std::size_t max_queued_;
};

}  // namespace heliograph::server
