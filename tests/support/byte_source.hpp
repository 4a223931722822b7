// ByteSource: choices taken from a string of bytes, so that a fuzzer can steer a program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heliograph::test {

/// Gives zeros once the bytes are used up.
class ByteSource {
 public:
  explicit ByteSource(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] unsigned byte() {
    if (bytes_.empty()) return 0;
    const auto value = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  /// One of 0 … count - 1.
  [[nodiscard]] unsigned below(unsigned count) { return byte() % count; }

 private:
  std::string_view bytes_;
};

}  // namespace heliograph::test
