// HTTP requests of the command, one connection each.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/client/stream.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string rest{};  ///< What came behind it, after an upgrade.

  /// The first of that name, compared without case; empty when absent.
  [[nodiscard]] std::string header(std::string_view name) const;
};

struct HttpAsk {
  std::string method = "GET";
  std::string target = "/";
  std::string host{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< Beside Host and Content-Length.
  std::string body{};
};

/// Takes a body piece by piece, as it comes; false: no more of it.
using OnBody = std::function<bool(std::string_view)>;

[[nodiscard]] std::string to_text(const HttpAsk& ask);
/// Writes the request and reads its answer, in any of the three ways that RFC 9112 6.3 ends a body; the stream goes on
/// being the caller's.
/// @param on_body  takes the body of a 200 in place of HttpAnswer::body, however long it is, and however slow. Where it
/// wants no more, this fails with kClosed.
[[nodiscard]] Result<HttpAnswer> exchange(Stream& stream, const HttpAsk& ask, const OnBody& on_body = {});
/// The same over a connection of its own; Host is that of the endpoint.
[[nodiscard]] Result<HttpAnswer> fetch(const Endpoint& endpoint, const Trust& trust, HttpAsk ask,
                                       const OnBody& on_body = {});

}  // namespace heliograph::cli
