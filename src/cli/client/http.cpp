// Requests out, answers in.
#include "cli/client/http.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace heliograph::cli {
namespace {

constexpr std::size_t kLongestHead = 64UL * 1024;
constexpr std::size_t kLongestBody = 64UL * 1024 * 1024;
constexpr std::size_t kToTheEnd = std::numeric_limits<std::size_t>::max();

bool is_same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

Error no_http() { return {Errc::kProtocolError, "what answers there does not speak HTTP"}; }
Error cut_off() { return {Errc::kClosed, "the connection was closed in the middle of an answer"}; }

/// What has come from a stream and is not used up yet.
class Input {
 public:
  explicit Input(Stream& stream) : stream_(stream) {}

  /// Waits for more; false at the end of the stream.
  Result<bool> fill() {
    const auto piece = stream_.read();
    if (!piece) return piece.error();
    buffer_ += *piece;
    return !piece->empty();
  }

  /// Everything in front of `mark`, which is used up too.
  Result<std::string> until(std::string_view mark) {
    std::size_t end = 0;
    while ((end = buffer_.find(mark)) == std::string::npos) {
      if (buffer_.size() > kLongestHead) return no_http();
      const auto more = fill();
      if (!more) return more.error();
      if (!*more)
        return buffer_.empty() ? Error{Errc::kClosed, "the connection was closed without an answer"} : cut_off();
    }
    std::string text = buffer_.substr(0, end);
    buffer_.erase(0, end + mark.size());
    return text;
  }

  /// Hands `length` bytes to `sink`, or with kToTheEnd whatever comes.
  Result<void> pass(std::size_t length, const std::function<Result<void>(std::string_view)>& sink) {
    while (length > 0) {
      if (buffer_.empty()) {
        const auto more = fill();
        if (!more) return more.error();
        if (!*more && length == kToTheEnd) return {};
        if (!*more) return cut_off();
      }
      const std::size_t size = std::min(length, buffer_.size());
      if (auto taken = sink(std::string_view(buffer_).substr(0, size)); !taken) return taken;
      buffer_.erase(0, size);
      if (length != kToTheEnd) length -= size;
    }
    return {};
  }

  std::string take_rest() { return std::exchange(buffer_, {}); }

 private:
  Stream& stream_;
  std::string buffer_;
};

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

/// The whole text as a number; nothing when it is none.
std::optional<std::size_t> parse_size(std::string_view text, int base) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return size;
}

/// RFC 9112 7.1; trailer fields are read over.
Result<void> pass_chunks(Input& input, const std::function<Result<void>(std::string_view)>& sink) {
  while (true) {
    const auto line = input.until("\r\n");
    if (!line) return line.error();
    const auto size = parse_size(std::string_view(*line).substr(0, line->find_first_of("; \t")), 16);
    if (!size) return no_http();
    if (*size == 0) break;
    if (auto passed = input.pass(*size, sink); !passed) return passed;
    const auto end = input.until("\r\n");
    if (!end) return end.error();
    if (!end->empty()) return no_http();
  }
  while (true) {
    const auto trailer = input.until("\r\n");
    if (!trailer) return trailer.error();
    if (trailer->empty()) return {};
  }
}

Result<void> read_body(Input& input, HttpAnswer& answer, const OnBody& on_body) {
  if (answer.status < 200 || answer.status == 204 || answer.status == 304) return {};
  const auto sink = [&](std::string_view piece) -> Result<void> {
    if (on_body && answer.status == 200) {
      if (!on_body(piece)) return Error{Errc::kClosed, "no more of it is wanted"};
      return {};
    }
    if (answer.body.size() + piece.size() > kLongestBody) return no_http();
    answer.body += piece;
    return {};
  };
  if (is_same(answer.header("Transfer-Encoding"), "chunked")) return pass_chunks(input, sink);
  const std::string said = answer.header("Content-Length");
  if (said.empty()) return input.pass(kToTheEnd, sink);
  const auto length = parse_size(said, 10);
  if (!length) return no_http();
  return input.pass(*length, sink);
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

Result<HttpAnswer> exchange(Stream& stream, const HttpAsk& ask, const OnBody& on_body) {
  if (auto sent = stream.write(to_text(ask)); !sent) return sent.error();
  Input input(stream);
  const auto head = input.until("\r\n\r\n");
  if (!head) return head.error();
  auto answer = parse_head(*head);
  if (!answer) return answer;
  if (on_body && answer->status == 200) stream.wait_for_ever();
  if (auto read = read_body(input, *answer, on_body); !read) return read.error();
  answer->rest = input.take_rest();
  return answer;
}

Result<HttpAnswer> fetch(const Endpoint& endpoint, const Trust& trust, HttpAsk ask, const OnBody& on_body) {
  auto stream = Stream::connect(endpoint, trust);
  if (!stream) return stream.error();
  ask.host = endpoint.authority;
  ask.headers.emplace_back("Connection", "close");
  return exchange(*stream, ask, on_body);
}

}  // namespace heliograph::cli
