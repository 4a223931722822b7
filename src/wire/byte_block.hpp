// Sixteen bytes at a time, for scanners of text: vector instructions wherever the compiler knows some (GCC and clang
// turn these operations into SSE2 or NEON; without either they become plain words).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace heliograph::wire {

/// Sixteen unsigned bytes with the operators of each.
using ByteBlock [[gnu::vector_size(16)]] = unsigned char;
/// What comparing two blocks gives: 0 or -1 per byte.
using ByteMask [[gnu::vector_size(16)]] = signed char;

inline ByteBlock load_block(const char* from) noexcept {
  ByteBlock block;
  std::memcpy(&block, from, sizeof block);
  return block;
}

/// The place of the first byte that is set; 16 if none is.
inline std::size_t first_of(ByteMask mask) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    using Words [[gnu::vector_size(16)]] = std::uint64_t;
    const Words words = reinterpret_cast<Words>(mask);
    if (words[0] != 0) return static_cast<std::size_t>(std::countr_zero(words[0])) / 8;
    return 8 + static_cast<std::size_t>(std::countr_zero(words[1])) / 8;
  }
  std::size_t place = 0;
  while (place < sizeof mask && mask[place] == 0) ++place;
  return place;
}

/// Whether any byte is set.
inline bool any_of(ByteMask mask) noexcept {
  using Words [[gnu::vector_size(16)]] = std::int64_t;
  const Words words = reinterpret_cast<Words>(mask);
  return (words[0] | words[1]) != 0;
}

}  // namespace heliograph::wire
