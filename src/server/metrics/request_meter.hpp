// RequestMeter: HTTP requests by what they ask for and what they got, and handshakes by what became of them.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/http.hpp"
#include "server/control_plane.hpp"
#include "server/metrics/exposition.hpp"
#include "server/metrics/histogram.hpp"

namespace heliograph::server::metrics {

/// What a request is counted as: an operation of the KVS API, or one of these.
enum class Area : std::uint8_t { kConsole, kAdmin, kSts, kFile, kHealth, kMetrics, kPreflight, kUnknown, kUnreadable };

/// Threads: any.
class RequestMeter {
 public:
  /// An index below kKinds.
  using Kind = std::size_t;
  static constexpr std::size_t kOperations = kOperationCount;
  static constexpr std::size_t kKinds = kOperations + static_cast<std::size_t>(Area::kUnreadable) + 1;

  [[nodiscard]] static Kind kind_of(const net::HttpRequest& request);
  [[nodiscard]] static Kind kind_of(Area area) noexcept { return kOperations + static_cast<std::size_t>(area); }

  void on_answered(Kind kind, int status, std::chrono::nanoseconds took) noexcept;
  void on_handshake_accepted() noexcept { accepted_.fetch_add(1, std::memory_order_relaxed); }
  /// @param type  as in x-amzn-ErrorType.
  void on_handshake_refused(std::string_view type) noexcept;

  void expose(Exposition& out) const;

 private:
  using Count = std::atomic<std::uint64_t>;
  static constexpr std::size_t kStatuses = 18;
  static constexpr std::size_t kErrorTypes = 12;

  struct Row {
    std::array<Count, kStatuses> by_status{};
    Histogram took;
  };

  std::array<Row, kKinds> rows_;
  Count accepted_{0};
  std::array<Count, kErrorTypes> refused_{};
};

}  // namespace heliograph::server::metrics
