// CountingRng: random bytes of a test: never twice the same, and the same on every run.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "base/clock.hpp"

namespace heliograph::test {

class CountingRng final : public Rng {
 public:
  void fill(std::span<std::byte> bytes) override {
    std::uint64_t state = ++calls_ * 0x9E3779B97F4A7C15ULL;
    for (std::byte& byte : bytes) {
      state ^= state << 13U;
      state ^= state >> 7U;
      state ^= state << 17U;
      byte = static_cast<std::byte>(state);
    }
  }

 private:
  std::atomic<std::uint64_t> calls_ = 0;
};

}  // namespace heliograph::test
