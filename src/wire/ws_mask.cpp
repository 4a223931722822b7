// Masking in words of eight bytes, four at a time. Loads and stores go through memcpy: no alignment is assumed, and
// compilers turn them into vector instructions.
#include "wire/ws_mask.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace heliograph::wire {
namespace {

std::uint64_t load(const char* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

void store(char* to, std::uint64_t word) noexcept { std::memcpy(to, &word, sizeof word); }

}  // namespace

void apply_ws_mask(std::span<char> payload, WsMaskKey key) noexcept {
  std::uint32_t half = 0;
  std::memcpy(&half, key.data(), sizeof half);
  const std::uint64_t mask = std::uint64_t{half} << 32 | half;  // The same in either byte order.

  char* at = payload.data();
  std::size_t left = payload.size();
  for (; left >= 32; at += 32, left -= 32) {
    // Four named words, not an array: GCC 12 would also write the array itself to memory, at a third of the speed.
    const std::uint64_t first = load(at) ^ mask;
    const std::uint64_t second = load(at + 8) ^ mask;
    const std::uint64_t third = load(at + 16) ^ mask;
    const std::uint64_t fourth = load(at + 24) ^ mask;
    store(at, first);
    store(at + 8, second);
    store(at + 16, third);
    store(at + 24, fourth);
  }
  for (; left >= 8; at += 8, left -= 8) store(at, load(at) ^ mask);
  for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<char>(at[i] ^ key[i % 4]);
}

}  // namespace heliograph::wire
