// The opening handshake of RFC 6455, section 4.2, on the server's side.
#pragma once

#include <optional>
#include <string>

#include "net/http.hpp"

namespace heliograph::net {

/// Whether a request asks for a WebSocket at all.
[[nodiscard]] bool asks_for_websocket(const HttpRequest& request);
/// What is wrong with one that does; nothing when it can be granted.
[[nodiscard]] std::optional<HttpResponse> find_upgrade_fault(const HttpRequest& request);
/// Appends the 101. No extension and no subprotocol is ever agreed to.
void append_switching_protocols(std::string& out, const HttpRequest& request);

}  // namespace heliograph::net
