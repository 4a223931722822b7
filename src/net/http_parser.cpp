// Beast's parser for the header, and what comes behind it, as plain structs.
#include "net/http_parser.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "net/chunked_body.hpp"

namespace heliograph::net {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;

std::string to_std(boost::beast::string_view text) { return {text.data(), text.size()}; }

constexpr HttpParser::Refusal kNotHttp{400, "the request is not valid HTTP/1.1"};

HttpParser::Refusal to_refusal(const boost::beast::error_code& error) {
  if (error == http::error::bad_version) return {505, "use HTTP/1.1"};
  return kNotHttp;
}

constexpr HttpParser::Refusal kHeaderTooLarge{431, "the request's header is too large"};
constexpr HttpParser::Refusal kBodyTooLarge{413, "the request's body is too large"};
constexpr HttpParser::Refusal kBadChunk{400, "the request's chunked body is malformed"};

/// RFC 7230, 3.1.1 and 3.2.6; the bytes of other protocols begin otherwise.
bool is_method_char(char c) {
  return c > ' ' && c < 0x7F && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

/// What Beast lets pass and RFC 7230 (5.4, 3.3.3) does not. Whoever disagrees with us about where a request ends could
/// hide a second one in its body, so only one reading is left.
std::optional<HttpParser::Refusal> find_breach(const http::request<http::empty_body>& message) {
  const auto hosts = message.count(http::field::host);
  if (hosts > 1) return HttpParser::Refusal{400, "the request has more than one Host header"};
  if (hosts == 0 && message.version() == 11) return HttpParser::Refusal{400, "the request has no Host header"};
  const auto lengths = message.count(http::field::content_length);
  const auto codings = message.count(http::field::transfer_encoding);
  if (lengths > 1) return HttpParser::Refusal{400, "the request has more than one Content-Length"};
  if (lengths > 0 &&
      message[http::field::content_length].find_first_not_of("0123456789") != boost::beast::string_view::npos)
    return HttpParser::Refusal{400, "Content-Length is not a number"};
  if (lengths > 0 && codings > 0)
    return HttpParser::Refusal{400, "the request has both Content-Length and Transfer-Encoding"};
  if (codings > 0 && message.version() < 11)
    return HttpParser::Refusal{400, "HTTP/1.0 has no Transfer-Encoding; send a Content-Length"};
  if (codings > 1 || (codings == 1 && !boost::beast::iequals(message[http::field::transfer_encoding], "chunked")))
    return HttpParser::Refusal{501, "the only Transfer-Encoding taken is chunked"};
  const auto target = message.target();
  if (target.empty() ||
      (target.front() != '/' && !target.starts_with("http://") && !target.starts_with("https://") && target != "*"))
    return HttpParser::Refusal{400, "the request's target is not a path"};
  return std::nullopt;
}

/// "http://host/path?query" → "/path?query" (RFC 7230, 5.3.2: a server must accept the absolute form).
std::string origin_form(const std::string& target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string::npos) return target;
  const auto path = target.find_first_of("/?", scheme + 3);
  if (path == std::string::npos) return "/";
  return target[path] == '/' ? target.substr(path) : "/" + target.substr(path);
}

}  // namespace

struct HttpParser::Impl {
  Parser header;
  HttpRequest request;                ///< Filled when the header is complete.
  std::optional<ChunkedBody> chunks;  ///< When it is chunked.
  std::size_t scanned = 0;            ///< Of the bytes that wait: they hold no empty line.
  std::size_t body_left = 0;          ///< When it has a Content-Length.
  bool seen = false;                  ///< A byte of the request.
  bool waits_to_send = false;         ///< Until it reads 100 Continue.
};

HttpParser::HttpParser(HttpLimits limits) : limits_(limits) { reset(); }
HttpParser::~HttpParser() = default;

void HttpParser::reset() {
  impl_ = std::make_unique<Impl>();
  // Beast gets the header whole, once: given pieces, it would count each anew against the limit, and read lone LFs
  // differently depending on where the cuts are.
  impl_->header.header_limit(std::numeric_limits<std::uint32_t>::max());
  impl_->header.body_limit(boost::none);
  impl_->header.skip(true);
}

bool HttpParser::is_idle() const noexcept { return !impl_->seen; }

std::variant<HttpParser::Progress, HttpParser::Refusal> HttpParser::feed(std::string_view bytes) {
  std::size_t consumed = 0;
  if (!impl_->header.is_header_done()) {
    const auto fed = feed_header(bytes);
    if (std::holds_alternative<Refusal>(fed)) return fed;
    consumed = std::get<Progress>(fed).consumed;
    if (!impl_->header.is_header_done()) return Progress{Step::kNeedMore, consumed};
  }
  return feed_body(bytes, consumed);
}

std::variant<HttpParser::Progress, HttpParser::Refusal> HttpParser::feed_header(std::string_view bytes) {
  if (bytes.empty()) return Progress{};
  if (!std::exchange(impl_->seen, true) && !is_method_char(bytes.front())) return kNotHttp;
  const std::string_view window = bytes.substr(0, limits_.max_header);
  std::size_t size = 0;
  for (auto at = window.find('\n', impl_->scanned); at != std::string_view::npos && size == 0;
       at = window.find('\n', at + 1)) {
    if (at == 0 || window[at - 1] != '\r') return kNotHttp;  // Some read a lone LF as the end of a line.
    if (at >= 3 && window[at - 2] == '\n') size = at + 1;
  }
  impl_->scanned = window.size();
  if (size == 0 && window.size() == limits_.max_header) return kHeaderTooLarge;
  if (size == 0) return Progress{};

  boost::beast::error_code error;
  const std::size_t used = impl_->header.put(boost::asio::const_buffer(window.data(), size), error);
  if (error) return to_refusal(error);
  if (used != size || !impl_->header.is_header_done()) return kNotHttp;
  if (const auto refusal = accept_header()) return *refusal;
  return Progress{Step::kNeedMore, size};
}

std::variant<HttpParser::Progress, HttpParser::Refusal> HttpParser::feed_body(std::string_view bytes,
                                                                              std::size_t consumed) {
  std::string& body = impl_->request.body;
  const std::string_view rest = bytes.substr(consumed);
  if (impl_->chunks) {
    const auto fed = impl_->chunks->feed(rest, body);
    consumed += fed.consumed;
    switch (fed.outcome) {
      case ChunkedBody::Outcome::kComplete:
        return Progress{Step::kComplete, consumed};
      case ChunkedBody::Outcome::kMalformed:
        return kBadChunk;
      case ChunkedBody::Outcome::kBodyTooLarge:
        return kBodyTooLarge;
      case ChunkedBody::Outcome::kLineTooLong:
        return kHeaderTooLarge;
      case ChunkedBody::Outcome::kNeedMore:
        break;
    }
  } else {
    const auto piece = rest.substr(0, impl_->body_left);
    body.append(piece);
    consumed += piece.size();
    impl_->body_left -= piece.size();
    if (impl_->body_left == 0) return Progress{Step::kComplete, consumed};
  }
  if (std::exchange(impl_->waits_to_send, false)) return Progress{Step::kContinue, consumed};
  return Progress{Step::kNeedMore, consumed};
}

std::optional<HttpParser::Refusal> HttpParser::accept_header() {
  const auto& message = impl_->header.get();
  if (auto breach = find_breach(message)) return breach;
  HttpRequest& request = impl_->request;
  request.method = to_std(message.method_string());
  request.target = origin_form(to_std(message.target()));
  for (const auto& field : message) {
    // RFC 7230, 6.7: "A server MUST ignore an Upgrade header field that is received in an HTTP/1.0 request."
    if (message.version() < 11 && field.name() == http::field::upgrade) continue;
    request.headers.push_back({to_std(field.name_string()), to_std(field.value())});
  }
  // An HTTP/1.0 client would wait for a "Connection: keep-alive" that nobody else needs.
  keep_alive_ = message.version() == 11 && message.keep_alive();
  const auto length = impl_->header.content_length().value_or(0);
  if (length > limits_.max_body) return kBodyTooLarge;
  impl_->body_left = static_cast<std::size_t>(length);
  if (impl_->header.chunked()) impl_->chunks.emplace(ChunkedBody::Limits{limits_.max_header, limits_.max_body});
  impl_->waits_to_send = message.version() == 11 && boost::beast::iequals(message[http::field::expect], "100-continue");
  return std::nullopt;
}

HttpRequest HttpParser::take() {
  HttpRequest request = std::move(impl_->request);
  reset();
  return request;
}

}  // namespace heliograph::net
