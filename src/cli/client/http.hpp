// HTTP requests of the command, one connection each.
#pragma once

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

[[nodiscard]] std::string to_text(const HttpAsk& ask);
/// Writes the request and reads its answer; the stream goes on being the caller's.
[[nodiscard]] Result<HttpAnswer> exchange(Stream& stream, const HttpAsk& ask);
/// The same over a connection of its own; Host is that of the endpoint.
[[nodiscard]] Result<HttpAnswer> fetch(const Endpoint& endpoint, const Trust& trust, HttpAsk ask);

}  // namespace heliograph::cli
