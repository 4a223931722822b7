// Chunks are lines with a size, data, and an empty line; the chunk of size 0 is followed by the trailer.
#include "net/chunked_body.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace heliograph::net {
namespace {

/// RFC 7230, 3.2.6
bool is_token(std::string_view text) noexcept {
  static constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

/// No control characters but tabs: a lone CR above all, which some would take for the end of the line.
bool is_printable(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

}  // namespace

ChunkedBody::Result ChunkedBody::feed(std::string_view bytes, std::string& body) {
  std::size_t consumed = 0;
  for (;;) {
    const std::string_view rest = bytes.substr(consumed);
    if (state_ == State::kData) {
      const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size()));
      body.append(rest.substr(0, piece));
      consumed += piece;
      left_ -= piece;
      if (left_ > 0) return {Outcome::kNeedMore, consumed};
      state_ = State::kDataEnd;
      continue;
    }
    const std::size_t room = limits_.max_line - trailer_bytes_;
    const std::size_t end = rest.substr(0, room).find('\n');
    if (end == std::string_view::npos)
      return {rest.size() >= room ? Outcome::kLineTooLong : Outcome::kNeedMore, consumed};
    if (end == 0 || rest[end - 1] != '\r') return {Outcome::kMalformed, consumed};
    consumed += end + 1;
    const Outcome outcome = on_line(rest.substr(0, end - 1), body.size());
    if (outcome != Outcome::kNeedMore) return {outcome, consumed};
  }
}

ChunkedBody::Outcome ChunkedBody::on_line(std::string_view line, std::size_t body_size) noexcept {
  switch (state_) {
    case State::kSize:
      return on_size(line, body_size);
    case State::kDataEnd:
      state_ = State::kSize;
      return line.empty() ? Outcome::kNeedMore : Outcome::kMalformed;
    case State::kTrailer: {
      if (line.empty()) return Outcome::kComplete;
      trailer_bytes_ += line.size() + 2;
      const bool is_field = is_token(line.substr(0, line.find(':'))) && line.find(':') != std::string_view::npos;
      return is_field && is_printable(line) ? Outcome::kNeedMore : Outcome::kMalformed;
    }
    case State::kData:
      break;
  }
  return Outcome::kMalformed;
}

ChunkedBody::Outcome ChunkedBody::on_size(std::string_view line, std::size_t body_size) noexcept {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error != std::errc{})
    return error == std::errc::result_out_of_range ? Outcome::kBodyTooLarge : Outcome::kMalformed;
  std::string_view extension = line.substr(static_cast<std::size_t>(end - line.data()));
  const std::size_t blank = std::min(extension.find_first_not_of(" \t"), extension.size());
  extension.remove_prefix(blank);
  if (!(extension.empty() || extension.front() == ';') || !is_printable(extension)) return Outcome::kMalformed;
  if (size > limits_.max_body - body_size) return Outcome::kBodyTooLarge;
  left_ = size;
  state_ = size == 0 ? State::kTrailer : State::kData;
  return Outcome::kNeedMore;
}

}  // namespace heliograph::net
