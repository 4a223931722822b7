// HTTP answers as bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "net/http.hpp"

namespace heliograph::net {

/// Appends a whole answer, header and body together, so that it leaves in one write (the C SDK takes a body from one
/// read only).
/// @param head        the request was a HEAD: the body is counted but not sent.
/// @param keep_alive  false adds `Connection: close`.
void append_response(std::string& out, const HttpResponse& response, WallTime now, bool head, bool keep_alive);

/// Appends the header of an answer whose body has no length and ends with its connection.
void append_stream_head(std::string& out, const HttpResponse& response, WallTime now);

/// A small JSON error for requests that never reach the service.
[[nodiscard]] HttpResponse plain_refusal(int status, std::string_view text);

}  // namespace heliograph::net
