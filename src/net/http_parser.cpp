// Beast's request parser behind plain structs.
#include "net/http_parser.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace heliograph::net {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;

std::string to_std(boost::beast::string_view text) { return {text.data(), text.size()}; }

HttpParser::Refusal to_refusal(const boost::beast::error_code& error) {
  if (error == http::error::header_limit) return {431, "the request's header is too large"};
  if (error == http::error::body_limit) return {413, "the request's body is too large"};
  if (error == http::error::bad_version) return {505, "use HTTP/1.1"};
  return {400, "the request is not valid HTTP/1.1"};
}

/// What Beast lets pass and RFC 7230 (5.4, 3.3.3) does not.
std::optional<HttpParser::Refusal> find_breach(const http::request<http::string_body>& message) {
  const auto hosts = message.count(http::field::host);
  if (hosts > 1) return HttpParser::Refusal{400, "the request has more than one Host header"};
  if (hosts == 0 && message.version() == 11) return HttpParser::Refusal{400, "the request has no Host header"};
  if (message.count(http::field::content_length) > 0 && message.count(http::field::transfer_encoding) > 0)
    return HttpParser::Refusal{400, "the request has both Content-Length and Transfer-Encoding"};
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
  Parser parser;
  bool seen = false;       ///< A byte of the request.
  bool checked = false;    ///< The header was complete and good.
  bool continued = false;  ///< 100 Continue was asked for and said.
};

HttpParser::HttpParser(HttpLimits limits) : limits_(limits) { reset(); }
HttpParser::~HttpParser() = default;

void HttpParser::reset() {
  impl_ = std::make_unique<Impl>();
  impl_->parser.eager(true);
  impl_->parser.header_limit(static_cast<std::uint32_t>(limits_.max_header));
  impl_->parser.body_limit(limits_.max_body);
}

bool HttpParser::is_idle() const noexcept { return !impl_->seen; }

std::variant<HttpParser::Progress, HttpParser::Refusal> HttpParser::feed(std::string_view bytes) {
  Parser& parser = impl_->parser;
  std::size_t consumed = 0;
  while (!parser.is_done() && consumed < bytes.size()) {
    impl_->seen = true;
    boost::beast::error_code error;
    const auto rest = bytes.substr(consumed);
    const std::size_t used = parser.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    consumed += used;
    if (error == http::error::need_more) break;
    if (error) return to_refusal(error);
    if (used == 0) break;
  }
  if (parser.is_header_done() && !impl_->checked) {
    if (const auto breach = find_breach(parser.get())) return *breach;
    impl_->checked = true;
  }
  if (!parser.is_done() && bytes.size() - consumed > limits_.max_header)
    return Refusal{431, "the request's header is too large"};
  if (parser.is_done()) return Progress{Step::kComplete, consumed};
  if (impl_->checked && !impl_->continued && boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    impl_->continued = true;
    return Progress{Step::kContinue, consumed};
  }
  return Progress{Step::kNeedMore, consumed};
}

HttpRequest HttpParser::take() {
  auto message = impl_->parser.release();
  keep_alive_ = message.keep_alive();
  HttpRequest request;
  request.method = to_std(message.method_string());
  request.target = origin_form(to_std(message.target()));
  for (const auto& field : message) request.headers.push_back({to_std(field.name_string()), to_std(field.value())});
  request.body = std::move(message.body());
  reset();
  return request;
}

}  // namespace heliograph::net
