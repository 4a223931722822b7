// Masking in words of eight bytes, four at a time. Loads and stores go through memcpy: no alignment is assumed, and
// compilers turn them into vector instructions.
#include "wire/ws_mask.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace heliograph::wire {

void apply_ws_mask(std::span<char> payload, WsMaskKey key) noexcept {
  std::uint32_t half = 0;
  std::memcpy(&half, key.data(), sizeof half);
  const std::uint64_t mask = std::uint64_t{half} << 32 | half;  // The same in either byte order.

  char* at = payload.data();
  std::size_t left = payload.size();
  constexpr std::size_t kBlock = 4 * sizeof mask;
  for (; left >= kBlock; at += kBlock, left -= kBlock) {
    std::uint64_t words[4];
    std::memcpy(words, at, kBlock);
    for (std::uint64_t& word : words) word ^= mask;
    std::memcpy(at, words, kBlock);
  }
  for (; left >= sizeof mask; at += sizeof mask, left -= sizeof mask) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= mask;
    std::memcpy(at, &word, sizeof word);
  }
  for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<char>(at[i] ^ key[i % 4]);
}

}  // namespace heliograph::wire
