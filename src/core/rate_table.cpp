// Finding a name's bucket, or a place for one.
#include "core/rate_table.hpp"

#include <bit>
#include <functional>

namespace heliograph::core {
namespace {

/// Spreads what differs in a few bits over all of them (the finalizer of MurmurHash3).
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 33U)) * 0xFF51AFD7ED558CCDULL;
  x = (x ^ (x >> 33U)) * 0xC4CEB9FE1A85EC53ULL;
  return x ^ (x >> 33U);
}

}  // namespace

RateTable::RateTable(std::size_t buckets) : slots_(std::bit_ceil(buckets < kWays ? kWays : buckets)) {}

TokenBucket& RateTable::bucket(std::uint32_t kind, std::string_view name) noexcept {
  const std::uint64_t key = mix(std::hash<std::string_view>{}(name) + mix(kind + 1ULL));
  Slot* const first = &slots_[key & (slots_.size() - kWays)];
  Slot* spare = first;
  for (Slot* slot = first; slot != first + kWays; ++slot) {
    if (slot->key == key) return slot->bucket;
    if (slot->bucket.full_at() < spare->bucket.full_at()) spare = slot;
  }
  *spare = {key, {}};
  return spare->bucket;
}

}  // namespace heliograph::core
