// Histogram: latencies in logarithmic buckets of 1.6 %, so that a percentile costs no sorting and no memory per sample.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace heliograph::bench {

class Histogram {
 public:
  void add(std::uint64_t nanoseconds) noexcept {
    ++buckets_[bucket_of(nanoseconds)];
    ++count_;
  }
  void clear() noexcept { *this = {}; }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  /// The upper edge of the bucket that holds the given share of all samples, in nanoseconds; 0 without samples.
  [[nodiscard]] std::uint64_t percentile(double share) const noexcept {
    const double wanted = share * static_cast<double>(count_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > 0 && static_cast<double>(seen) >= wanted) return upper_edge(i);
    }
    return 0;
  }

 private:
  static constexpr unsigned kSubBits = 6;
  static constexpr std::uint64_t kSub = 1U << kSubBits;

  static std::size_t bucket_of(std::uint64_t value) noexcept {
    if (value < kSub) return value;
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kSubBits - 1;
    return (std::uint64_t{shift} + 1) * kSub + (value >> shift) - kSub;
  }
  static std::uint64_t upper_edge(std::size_t bucket) noexcept {
    if (bucket < kSub) return bucket;
    const std::uint64_t shift = bucket / kSub - 1;
    return ((bucket % kSub + kSub + 1) << shift) - 1;
  }

  std::array<std::uint64_t, 59 * kSub> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace heliograph::bench
