// Randomness of the real world.
#include "server/system_rng.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace heliograph::server {

void SystemRng::fill(std::span<std::byte> bytes) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    std::fputs("heliographd: the system gave no random bytes\n", stderr);
    std::abort();
  }
}

void IdRng::fill(std::span<std::byte> bytes) {
  struct Stock {
    std::array<std::byte, 2048> bytes{};
    std::size_t left = 0;
  };
  thread_local Stock stock;
  for (std::byte& byte : bytes) {
    if (stock.left == 0) {
      SystemRng().fill(stock.bytes);
      stock.left = stock.bytes.size();
    }
    byte = stock.bytes[--stock.left];
  }
}

std::string random_text(Rng& rng, std::string_view alphabet, std::size_t size) {
  // Bytes at or above the largest multiple of the alphabet's size are thrown away, so that no character is likelier.
  const auto limit = 256 - 256 % alphabet.size();
  std::string text;
  std::array<std::byte, 64> bytes{};
  while (text.size() < size) {
    rng.fill(bytes);
    for (const std::byte byte : bytes) {
      const auto value = std::to_integer<std::size_t>(byte);
      if (value < limit && text.size() < size) text.push_back(alphabet[value % alphabet.size()]);
    }
  }
  return text;
}

}  // namespace heliograph::server
