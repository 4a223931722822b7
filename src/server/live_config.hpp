// LiveConfig: the configuration in force, for those who must see it change.
#pragma once

#include <atomic>
#include <deque>
#include <utility>

#include "server/config.hpp"

namespace heliograph::server {

/// Those replaced are kept as long as the object: they are small and few, and whoever holds a reference (a connection
/// to its limits) keeps what it began with. Threads: get from any; set from one.
class LiveConfig {
 public:
  explicit LiveConfig(Config first) { set(std::move(first)); }

  [[nodiscard]] const Config& get() const noexcept { return *current_.load(std::memory_order_acquire); }
  void set(Config next) {
    history_.push_back(std::move(next));
    current_.store(&history_.back(), std::memory_order_release);
  }

 private:
  std::deque<Config> history_;
  std::atomic<const Config*> current_{nullptr};
};

}  // namespace heliograph::server
