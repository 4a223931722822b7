// Status lines, headers, bodies.
#include "net/http_writer.hpp"

#include "wire/date.hpp"
#include "wire/json_text.hpp"

namespace heliograph::net {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

/// RFC 7230, 3.3.2: no Content-Length in these.
bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  // A line break in a value would begin a header of somebody else's choosing.
  for (const char c : value) out.push_back(c == '\r' || c == '\n' ? ' ' : c);
  out.append("\r\n");
}

void append_head(std::string& out, const HttpResponse& response, WallTime now) {
  out.append("HTTP/1.1 ")
      .append(std::to_string(response.status))
      .append(" ")
      .append(reason_of(response.status))
      .append("\r\n");
  append_header(out, "Date", wire::to_http_date(now));
  for (const HttpHeader& header : response.headers) append_header(out, header.name, header.value);
}

}  // namespace

void append_response(std::string& out, const HttpResponse& response, WallTime now, bool head, bool keep_alive) {
  append_head(out, response, now);
  if (!is_bodiless(response.status)) append_header(out, "Content-Length", std::to_string(response.body.size()));
  if (!keep_alive) append_header(out, "Connection", "close");
  out.append("\r\n");
  if (!head && !is_bodiless(response.status)) out.append(response.body);
}

void append_stream_head(std::string& out, const HttpResponse& response, WallTime now) {
  append_head(out, response, now);
  append_header(out, "Connection", "close");
  out.append("\r\n");
}

HttpResponse plain_refusal(int status, std::string_view text) {
  std::string body = "{\"message\":";
  wire::append_json_string(body, text);
  body.append("}");
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

}  // namespace heliograph::net
