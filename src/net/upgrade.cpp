// Handshake headers.
#include "net/upgrade.hpp"

#include <algorithm>
#include <cctype>

#include "net/http_writer.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::net {
namespace {

bool equals_no_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

/// Whether a comma-separated list in any header of that name holds a token.
bool has_token(const HttpRequest& request, std::string_view name, std::string_view token) {
  for (const HttpHeader& header : request.headers) {
    if (!equals_no_case(header.name, name)) continue;
    std::string_view list = header.value;
    while (!list.empty()) {
      const auto comma = list.find(',');
      std::string_view item = list.substr(0, comma);
      list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
      while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
      while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
      if (equals_no_case(item, token)) return true;
    }
  }
  return false;
}

/// 16 bytes in base64 (RFC 6455, 4.1).
bool is_key(std::string_view key) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == 24 && key.ends_with("==") &&
         key.substr(0, 22).find_first_not_of(kAlphabet) == std::string_view::npos;
}

}  // namespace

bool asks_for_websocket(const HttpRequest& request) {
  return has_token(request, "Upgrade", "websocket") && has_token(request, "Connection", "upgrade");
}

std::optional<HttpResponse> find_upgrade_fault(const HttpRequest& request) {
  if (request.method != "GET") return plain_refusal(400, "a WebSocket handshake is a GET");
  if (request.header("Sec-WebSocket-Version") != "13") {
    HttpResponse response = plain_refusal(426, "this service speaks WebSocket version 13");
    response.headers.push_back({"Sec-WebSocket-Version", "13"});
    return response;
  }
  if (!is_key(request.header("Sec-WebSocket-Key")))
    return plain_refusal(400, "Sec-WebSocket-Key is not 16 bytes in base64");
  return std::nullopt;
}

void append_switching_protocols(std::string& out, const HttpRequest& request) {
  out.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
      .append(wire::ws_accept_key(request.header("Sec-WebSocket-Key")))
      .append("\r\n\r\n");
}

}  // namespace heliograph::net
