// Histogram: how long things took, in fixed buckets.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace heliograph::server::metrics {

inline constexpr std::size_t kHistogramBounds = 9;

/// What a histogram held at one moment.
struct HistogramCounts {
  std::array<std::uint64_t, kHistogramBounds + 1> buckets{};  ///< Not cumulative; the last one has no bound.
  double sum_seconds = 0;
};

/// Threads: any. For what happens some thousand times a second, not for every message.
class Histogram {
 public:
  /// Seconds.
  static constexpr std::array<double, kHistogramBounds> kBounds{0.0005, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 5};

  void observe(std::chrono::nanoseconds took) noexcept {
    const double seconds = std::chrono::duration<double>(took).count();
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    nanoseconds_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
  }

  [[nodiscard]] HistogramCounts counts() const noexcept {
    HistogramCounts counts;
    for (std::size_t i = 0; i < buckets_.size(); ++i) counts.buckets[i] = buckets_[i].load(std::memory_order_relaxed);
    counts.sum_seconds = static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) / 1e9;
    return counts;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kHistogramBounds + 1> buckets_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace heliograph::server::metrics
