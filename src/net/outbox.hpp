// Outbox: the bytes that wait to be written to one peer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heliograph::net {

/// Grows at the end, is written from the front. Keeps (almost) no memory while empty. Threads: one.
class Outbox {
 public:
  /// For appending.
  [[nodiscard]] std::string& tail() noexcept { return bytes_; }
  [[nodiscard]] std::string_view front() const noexcept { return std::string_view(bytes_).substr(written_); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - written_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  void consume(std::size_t bytes) {
    written_ += bytes;
    if (written_ == bytes_.size()) {
      written_ = 0;
      if (bytes_.capacity() > kKeep) {
        std::string().swap(bytes_);
      } else {
        bytes_.clear();
      }
    } else if (written_ > kCompact && written_ > bytes_.size() / 2) {
      bytes_.erase(0, written_);
      written_ = 0;
    }
  }

 private:
  static constexpr std::size_t kKeep = 512;
  static constexpr std::size_t kCompact = 64 * 1024;

  std::string bytes_;
  std::size_t written_ = 0;
};

}  // namespace heliograph::net
