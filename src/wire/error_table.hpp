// The one table from Errc to everything a peer can see of a failure: HTTP status and AWS error type per surface, the
// STATUS_RESPONSE of a WebSocket message, the close code of a WebSocket connection, and the fixed public text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "heliograph/error.hpp"

namespace heliograph::wire {

/// Where an HTTP answer is given. The service models differ in status and spelling.
enum class Surface : std::uint8_t {
  kControlPlane,  ///< kinesisvideo: channels, tags, streams.
  kSignaling,     ///< kinesis-video-signaling: /v1/get-ice-server-config, /v1/send-alexa-offer-to-master.
  kStorage,       ///< kinesis-video-webrtc-storage: /joinStorageSession…
  kHandshake,     ///< The answer to a WebSocket upgrade.
};
inline constexpr std::size_t kSurfaceCount = 4;

/// How a failure looks in an HTTP answer.
struct HttpFace {
  std::uint16_t status = 0;
  std::string_view type;  ///< "ResourceNotFoundException": x-amzn-ErrorType and `__type`.
};

/// One row. All views are to static text.
struct ErrorRow {
  Errc code{};
  std::array<HttpFace, kSurfaceCount> http;  ///< By Surface.
  bool lower_case_message = false;           ///< The body member is `message` on every surface, not only on storage.
  std::string_view text;                     ///< What a peer is told when the caller has nothing better.
  HttpFace status_response;                  ///< errorType and statusCode of a STATUS_RESPONSE.
  std::uint16_t close_code = 0;
  std::string_view close_reason;  ///< At most 123 bytes: it goes into a control frame.
};

/// The row of a code; there is one for every code.
[[nodiscard]] const ErrorRow& error_row(Errc code) noexcept;

/// What an HTTP server sends. `type` is the value of the x-amzn-ErrorType header.
struct ErrorAnswer {
  int status = 0;
  std::string_view type;
  std::string body;  ///< JSON: `__type` and `Message` or `message`.
};

/// The answer for a failure, in the form that every SDK reads (the type in both header and body).
/// @param public_message  what the peer is told; empty: the table's text. It may quote input, must not hold a secret.
[[nodiscard]] ErrorAnswer to_http(Errc code, Surface surface, std::string_view public_message = {});

/// The same with the detail of an error that was met on the way. The detail of a failure of ours (5xx) may hold paths:
/// the peer gets the table's text instead, and the caller logs the detail.
[[nodiscard]] ErrorAnswer to_http(const Error& error, Surface surface);

}  // namespace heliograph::wire
