// HttpParser: bytes → HttpRequest, piece by piece. The only user of Beast, hidden behind this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "heliograph/result.hpp"
#include "net/http.hpp"

namespace heliograph::net {

struct HttpLimits {
  std::size_t max_header = 16 * 1024;  ///< Bytes from the method to the empty line; at least 1.
  std::size_t max_body = 1024 * 1024;  ///< Bytes.
};

/// Reads one request after the other; the same ones however the stream is cut. Trailer fields of a chunked body are
/// checked and dropped: what comes behind a body must not pass for part of the header. Threads: one at a time.
class HttpParser {
 public:
  explicit HttpParser(HttpLimits limits);
  ~HttpParser();
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  enum class Step : std::uint8_t {
    kNeedMore,  ///< All that could be used was.
    kContinue,  ///< The client waits for "100 Continue"; send it and go on.
    kComplete,  ///< take() the request; bytes behind it were not touched.
  };
  struct Progress {
    Step step{};
    std::size_t consumed = 0;
  };
  /// A request that must be refused: the status and a text for its sender.
  struct Refusal {
    int status = 400;
    std::string_view text;
  };
  /// @param bytes  everything unconsumed so far, and what came since.
  [[nodiscard]] std::variant<Progress, Refusal> feed(std::string_view bytes);
  /// Whether any byte of the next request was seen.
  [[nodiscard]] bool is_idle() const noexcept;
  /// The complete request; the parser is ready for the next.
  [[nodiscard]] HttpRequest take();
  /// Whether the connection may be used again after the request taken last.
  [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }

 private:
  struct Impl;
  void reset();
  [[nodiscard]] std::variant<Progress, Refusal> feed_header(std::string_view bytes);
  [[nodiscard]] std::variant<Progress, Refusal> feed_body(std::string_view bytes, std::size_t consumed);
  [[nodiscard]] std::optional<Refusal> accept_header();

  HttpLimits limits_;
  std::unique_ptr<Impl> impl_;
  bool keep_alive_ = true;
};

}  // namespace heliograph::net
