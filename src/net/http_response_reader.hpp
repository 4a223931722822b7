// HttpResponseReader: an HTTP/1.1 response out of the bytes of a connection.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "net/http.hpp"

namespace heliograph::net {

struct HttpReply {
  int status = 0;
  std::vector<HttpHeader> headers{};
  std::string body{};

  /// The first header of that name, compared without case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Interim answers (1xx) but 101 are passed over. Threads: one at a time.
class HttpResponseReader {
 public:
  HttpResponseReader(std::size_t max_head, std::size_t max_body, bool is_head_request);
  ~HttpResponseReader();
  HttpResponseReader(const HttpResponseReader&) = delete;
  HttpResponseReader& operator=(const HttpResponseReader&) = delete;

  /// Takes what was read. Fails with kIo when it is not HTTP, or too long.
  [[nodiscard]] Result<void> feed(std::string_view bytes);
  /// The connection has ended. True when that makes the answer whole, or it was.
  [[nodiscard]] bool on_end();
  [[nodiscard]] bool is_whole() const noexcept;
  /// Whether anything at all was read of it.
  [[nodiscard]] bool has_begun() const noexcept { return has_begun_; }
  /// Whether the connection is good for another request after this.
  [[nodiscard]] bool keeps_alive() const noexcept;
  /// The whole answer, once.
  [[nodiscard]] HttpReply take();
  /// What came behind it: the first bytes of whatever an upgrade led to.
  [[nodiscard]] const std::string& rest() const noexcept { return input_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> make_parser() const;

  std::size_t max_head_;
  std::size_t max_body_;
  bool is_head_request_;
  bool has_begun_ = false;
  std::unique_ptr<Parser> parser_;
  std::string input_;
};

}  // namespace heliograph::net
