// Errc and Error: every way in which an operation of Heliograph can fail. How a code looks on the wire (HTTP status,
// AWS error type, STATUS_RESPONSE, close code) is decided in one place, src/wire/error_table.hpp.
#pragma once

#include <cstdint>
#include <string>

namespace heliograph {

/// Why something failed. Groups: answers the service model defines; answers of the authentication layer in front of it;
/// answers of the HTTP layer; ends of a WebSocket connection; failures on this side.
enum class Errc : std::uint8_t {
  // The service model (KVS control plane, signaling, storage).
  kInvalidArgument,
  kAccessDenied,
  kNotAuthorized,
  kResourceNotFound,
  kResourceInUse,
  kVersionMismatch,
  kClientLimitExceeded,
  kAccountChannelLimitExceeded,
  kAccountStreamLimitExceeded,
  kDeviceStreamLimitExceeded,
  kTagsPerResourceExceededLimit,
  kNoDataRetention,
  kInvalidDevice,
  kInvalidResourceFormat,
  kInvalidClient,
  kSessionExpired,
  // Authentication.
  kMissingAuthenticationToken,
  kIncompleteSignature,
  kUnrecognizedClient,
  kSignatureMismatch,
  kSignatureExpired,
  kSignatureNotYetCurrent,
  kExpiredToken,
  // HTTP.
  kBadRequest,
  kUnknownOperation,
  kMethodNotAllowed,
  kPayloadTooLarge,
  kTlsRequired,
  kForbiddenOrigin,
  kLoginRequired,
  kInternalFailure,
  kServiceUnavailable,
  // WebSocket.
  kProtocolError,
  kUnsupportedData,
  kInvalidUtf8,
  kMessageTooBig,
  kSlowPeer,
  kReplaced,
  kChannelDeleted,
  kIdleTimeout,
  kPingTimeout,
  kDurationExceeded,
  kDisconnected,
  kGoingAway,
  // This side.
  kClosed,
  kTimeout,
  kIo,
  kCorrupt,
};

/// A failure. `detail` is for logs and for developers; it may quote input, so it is kept apart from the fixed text of
/// `code` and is sent to a peer only where a table says so. It never holds a secret.
struct Error {
  Errc code{};         ///< What programs decide by.
  std::string detail;  ///< What happened, in English; may be empty.
};

}  // namespace heliograph
