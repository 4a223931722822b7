// Requests out, answers with a Content-Length in.
#include "cli/client/http.hpp"

#include <strings.h>

#include <charconv>

namespace heliograph::cli {
namespace {

constexpr std::size_t kLongestHead = 64UL * 1024;
constexpr std::size_t kLongestBody = 16UL * 1024 * 1024;

bool is_same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

Error no_http() { return {Errc::kProtocolError, "what answers there does not speak HTTP"}; }

Result<HttpAnswer> parse_head(std::string_view head) {
  HttpAnswer answer;
  const std::string_view line = head.substr(0, head.find("\r\n"));
  if (!line.starts_with("HTTP/1.") || line.size() < 12) return no_http();
  const auto [end, error] = std::from_chars(line.data() + 9, line.data() + 12, answer.status);
  if (error != std::errc{} || end != line.data() + 12) return no_http();
  for (std::size_t at = line.size() + 2; at < head.size();) {
    const std::string_view header = head.substr(at, head.find("\r\n", at) - at);
    at += header.size() + 2;
    const auto colon = header.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = header.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    answer.headers.emplace_back(header.substr(0, colon), value);
  }
  return answer;
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (is_same(key, name)) return value;
  return {};
}

std::string to_text(const HttpAsk& ask) {
  std::string text = ask.method + ' ' + ask.target + " HTTP/1.1\r\nHost: " + ask.host + "\r\n";
  for (const auto& [name, value] : ask.headers) text.append(name).append(": ").append(value).append("\r\n");
  if (ask.method != "GET") text += "Content-Length: " + std::to_string(ask.body.size()) + "\r\n";
  return text + "\r\n" + ask.body;
}

Result<HttpAnswer> exchange(Stream& stream, const HttpAsk& ask) {
  if (auto sent = stream.write(to_text(ask)); !sent) return sent.error();
  std::string input;
  std::size_t end = std::string::npos;
  while ((end = input.find("\r\n\r\n")) == std::string::npos) {
    const auto piece = stream.read();
    if (!piece) return piece.error();
    if (piece->empty()) return Error{Errc::kClosed, "the connection was closed without an answer"};
    input += *piece;
    if (input.size() > kLongestHead) return no_http();
  }
  auto answer = parse_head(std::string_view(input).substr(0, end + 2));
  if (!answer) return answer;
  input.erase(0, end + 4);
  std::size_t length = 0;
  const std::string said = answer->header("Content-Length");
  std::from_chars(said.data(), said.data() + said.size(), length);
  if (length > kLongestBody) return no_http();
  while (input.size() < length) {
    const auto piece = stream.read();
    if (!piece) return piece.error();
    if (piece->empty()) return Error{Errc::kClosed, "the connection was closed in the middle of an answer"};
    input += *piece;
  }
  answer->body = input.substr(0, length);
  answer->rest = input.substr(length);
  return answer;
}

Result<HttpAnswer> fetch(const Endpoint& endpoint, const Trust& trust, HttpAsk ask) {
  auto stream = Stream::connect(endpoint, trust);
  if (!stream) return stream.error();
  ask.host = endpoint.authority;
  ask.headers.emplace_back("Connection", "close");
  return exchange(*stream, ask);
}

}  // namespace heliograph::cli
