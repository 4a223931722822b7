// ChunkedBody: RFC 7230, 4.1, piece by piece. Ours because Beast's own asserts that a last chunk comes in no more than
// two pieces and takes trailer fields for header fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::net {

/// Takes a chunked body out of a stream. Whatever the pieces, the outcome is the same: decisions are made line by line.
/// Threads: one at a time.
class ChunkedBody {
 public:
  struct Limits {
    std::size_t max_line = 16 * 1024;  ///< Bytes of a chunk's line, and of the whole trailer.
    std::size_t max_body = 1024 * 1024;
  };
  explicit ChunkedBody(Limits limits) noexcept : limits_(limits) {}

  enum class Outcome : std::uint8_t {
    kNeedMore,
    kComplete,
    kMalformed,
    kBodyTooLarge,
    kLineTooLong,  ///< A chunk's line or the trailer.
  };
  struct Result {
    Outcome outcome{};
    std::size_t consumed = 0;
  };
  /// @param bytes  everything unconsumed so far, and what came since.
  /// @param body   what the chunks hold is appended to it.
  [[nodiscard]] Result feed(std::string_view bytes, std::string& body);

 private:
  enum class State : std::uint8_t { kSize, kData, kDataEnd, kTrailer };

  [[nodiscard]] Outcome on_line(std::string_view line, std::size_t body_size) noexcept;
  [[nodiscard]] Outcome on_size(std::string_view line, std::size_t body_size) noexcept;

  Limits limits_;
  State state_ = State::kSize;
  std::uint64_t left_ = 0;         ///< Of the chunk at hand.
  std::size_t trailer_bytes_ = 0;  ///< So far.
};

}  // namespace heliograph::net
