// Throttle: whether a call or a connect comes too soon after those before it.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "core/rate_table.hpp"
#include "core/token_bucket.hpp"
#include "heliograph/result.hpp"
#include "server/call_limits.hpp"

namespace heliograph::server {

/// Counts per operation, for the account and for each channel. A call must have room under both; one that is refused
/// uses up neither. Nothing is counted where nothing is limited. Memory is bounded: see core::RateTable.
/// Threads: any; a mutex is held for a lookup.
class Throttle {
 public:
  explicit Throttle(const CallLimits& limits);

  /// From here on these; every bucket is full again.
  void set_limits(const CallLimits& limits);

  /// @param channel  the channel's name; empty when the call is about none.
  /// Fails with kClientLimitExceeded, in the real service's words: "Limit exceeded on number of requests for X API".
  [[nodiscard]] Result<void> on_call(SteadyTime now, Operation operation, std::string_view channel);
  /// ConnectAsMaster or ConnectAsViewer; fails likewise.
  [[nodiscard]] Result<void> on_connect(SteadyTime now, wire::Role role, std::string_view channel);

 private:
  struct Count {
    std::size_t kind;
    CallRate rate;
    std::string_view name;
  };
  /// Under the mutex.
  [[nodiscard]] Result<void> check(SteadyTime now, const Count& what, std::string_view channel);

  std::atomic<bool> is_limited_{false};
  std::mutex mutex_;
  CallLimits limits_;
  /// Of the operations, then of ConnectAsMaster and ConnectAsViewer.
  std::array<core::TokenBucket, kOperationCount + 2> account_;
  std::optional<core::RateTable> channels_;  ///< When some rate is per channel.
};

}  // namespace heliograph::server
