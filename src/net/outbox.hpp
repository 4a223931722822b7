// Outbox: the bytes that wait to be written to one peer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heliograph::net {

/// Buffers that nobody fills at the moment. The one given back last is lent first: it is still in the processor's
/// cache. Threads: one.
class SpareBuffers {
 public:
  [[nodiscard]] std::string take() noexcept {
    if (buffers_.empty()) return {};
    std::string buffer = std::move(buffers_.back());
    buffers_.pop_back();
    return buffer;
  }
  void give(std::string buffer) {
    if (buffer.capacity() > kLargest || buffers_.size() == kMost) return;
    buffer.clear();
    buffers_.push_back(std::move(buffer));
  }

 private:
  static constexpr std::size_t kMost = 128;
  static constexpr std::size_t kLargest = 64 * 1024;

  std::vector<std::string> buffers_;
};

/// Grows at the end, is written from the front. Keeps no memory while empty. Threads: one.
class Outbox {
 public:
  /// @param spare  must outlive it.
  explicit Outbox(SpareBuffers& spare) noexcept : spare_(spare) {}

  /// For appending.
  [[nodiscard]] std::string& tail() noexcept {
    if (bytes_.empty() && bytes_.capacity() == std::string().capacity()) bytes_ = spare_.take();
    return bytes_;
  }
  [[nodiscard]] std::string_view front() const noexcept { return std::string_view(bytes_).substr(written_); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - written_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  void consume(std::size_t bytes) {
    written_ += bytes;
    if (written_ == bytes_.size()) {
      written_ = 0;
      spare_.give(std::exchange(bytes_, {}));
    } else if (written_ > kCompact && written_ > bytes_.size() / 2) {
      bytes_.erase(0, written_);
      written_ = 0;
    }
  }

 private:
  static constexpr std::size_t kCompact = 64 * 1024;

  SpareBuffers& spare_;
  std::string bytes_;
  std::size_t written_ = 0;
};

}  // namespace heliograph::net
