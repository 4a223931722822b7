// The stream that a request means, by ARN or by name, and streams as the service's JSON shows them.
#pragma once

#include <string>

#include "heliograph/result.hpp"
#include "server/api/operations.hpp"
#include "store/stream.hpp"

namespace heliograph::server::api {

/// Reads "StreamName or StreamARN" and finds that stream. With both, they must agree. Fails with kInvalidArgument, and
/// as the store does.
[[nodiscard]] Result<store::Stream> find_named_stream(const Request& request);

/// Appends a StreamInfo object.
void append_stream_info(std::string& out, const store::Stream& stream);

}  // namespace heliograph::server::api
