// Counters that one thread changes and any thread reads.
#pragma once

#include <atomic>
#include <cstdint>

namespace heliograph::net {

/// Costs what a plain integer costs.
class Counter {
 public:
  void add(std::uint64_t amount) noexcept { value_.store(get() + amount, std::memory_order_relaxed); }
  void subtract(std::uint64_t amount) noexcept { value_.store(get() - amount, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one worker has done. NetStats is the sum.
struct WorkerStats {
  Counter accepted;
  Counter open_sockets;
  Counter open_websockets;
  Counter frames_in;
  Counter frames_out;
  Counter bytes_in;
  Counter bytes_out;
  Counter writes;
  Counter slow_peers_closed;
};

}  // namespace heliograph::net
