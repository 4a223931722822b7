// Beast's response parser. One of the files that compile Beast.
#include "net/http_response_reader.hpp"

#include <strings.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace heliograph::net {

namespace http = boost::beast::http;
using boost::system::error_code;

std::string_view HttpReply::header(std::string_view name) const noexcept {
  for (const HttpHeader& header : headers)
    if (header.name.size() == name.size() && ::strncasecmp(header.name.data(), name.data(), name.size()) == 0)
      return header.value;
  return {};
}

struct HttpResponseReader::Parser : http::response_parser<http::string_body> {};

HttpResponseReader::HttpResponseReader(std::size_t max_head, std::size_t max_body, bool is_head_request)
    : max_head_(max_head), max_body_(max_body), is_head_request_(is_head_request), parser_(make_parser()) {}

HttpResponseReader::~HttpResponseReader() = default;

std::unique_ptr<HttpResponseReader::Parser> HttpResponseReader::make_parser() const {
  auto parser = std::make_unique<Parser>();
  parser->body_limit(max_body_);
  parser->header_limit(static_cast<std::uint32_t>(max_head_));
  parser->eager(true);
  if (is_head_request_) parser->skip(true);
  return parser;
}

Result<void> HttpResponseReader::feed(std::string_view bytes) {
  if (!bytes.empty()) has_begun_ = true;
  input_.append(bytes);
  while (!input_.empty() && !parser_->is_done()) {
    error_code wrong;
    const std::size_t used = parser_->put(boost::asio::buffer(input_), wrong);
    input_.erase(0, used);
    if (wrong == http::error::need_more) wrong = {};
    if (wrong) return Error{Errc::kIo, "the answer is not HTTP (" + wrong.message() + ")"};
    const int status = parser_->is_header_done() ? static_cast<int>(parser_->get().result_int()) : 0;
    if (parser_->is_done() && status >= 100 && status < 200 && status != 101) {
      parser_ = make_parser();
      continue;
    }
    if (used == 0) break;
  }
  return {};
}

bool HttpResponseReader::on_end() {
  if (parser_->is_done()) return true;
  // Many servers end TLS without a word: what counts is whether the answer is whole.
  if (!parser_->is_header_done()) return false;
  error_code wrong;
  parser_->put_eof(wrong);
  return !wrong;
}

bool HttpResponseReader::is_whole() const noexcept { return parser_->is_done(); }

bool HttpResponseReader::keeps_alive() const noexcept { return parser_->is_done() && parser_->keep_alive(); }

HttpReply HttpResponseReader::take() {
  auto message = parser_->release();
  HttpReply reply{static_cast<int>(message.result_int()), {}, std::move(message.body())};
  for (const auto& field : message)
    reply.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  return reply;
}

}  // namespace heliograph::net
