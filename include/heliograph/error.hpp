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
  kInvalidArgument,               ///< An argument is missing or not valid; also said here, before anything is sent.
  kAccessDenied,                  ///< A policy does not allow it. (AccessDeniedException)
  kNotAuthorized,                 ///< Likewise. (NotAuthorizedException, NOT_AUTHORIZED)
  kResourceNotFound,              ///< There is no such channel, stream or device.
  kResourceInUse,                 ///< A name that is taken, a channel that is not ACTIVE, or what is under way already.
  kVersionMismatch,               ///< Somebody was faster; describe again.
  kClientLimitExceeded,           ///< Too many calls, connections or messages; try later.
  kAccountChannelLimitExceeded,   ///< The account has as many channels as it may have.
  kAccountStreamLimitExceeded,    ///< Likewise with streams.
  kDeviceStreamLimitExceeded,     ///< Likewise with streams of a device.
  kTagsPerResourceExceededLimit,  ///< More than 50 tags.
  kNoDataRetention,               ///< The stream keeps nothing, so that nothing can be stored in it.
  kInvalidDevice,                 ///< The device name is not valid.
  kInvalidResourceFormat,         ///< The ARN is not well formed.
  kInvalidClient,                 ///< The client is not valid.
  kSessionExpired,                ///< The session has expired.
  // Authentication.
  kMissingAuthenticationToken,  ///< Nothing is signed; of a credential provider: it is not set up here.
  kIncompleteSignature,         ///< A part of the signature is missing.
  kUnrecognizedClient,          ///< The access key, or its session token, is not known.
  kSignatureMismatch,           ///< Signed with another secret, or not what was sent.
  kSignatureExpired,            ///< Signed too long ago; or a clock is wrong.
  kSignatureNotYetCurrent,      ///< Signed in the future: a clock is wrong.
  kExpiredToken,                ///< The temporary credentials have ended.
  // HTTP.
  kBadRequest,          ///< The request is malformed.
  kUnknownOperation,    ///< There is no operation of that path.
  kMethodNotAllowed,    ///< The path does not take that method.
  kPayloadTooLarge,     ///< The request is too large.
  kTlsRequired,         ///< Plain http or ws where only https and wss are served.
  kForbiddenOrigin,     ///< Pages of that origin may not use the service.
  kLoginRequired,       ///< Of the web console: log in first.
  kInternalFailure,     ///< The service failed (5xx).
  kServiceUnavailable,  ///< The service cannot do it now; here: a plugin or a display is absent.
  // WebSocket.
  kProtocolError,     ///< What came is no WebSocket.
  kUnsupportedData,   ///< A binary message where only text is taken.
  kInvalidUtf8,       ///< Text that is no UTF-8.
  kMessageTooBig,     ///< Longer than the other side takes.
  kSlowPeer,          ///< Too much waits for a reader that does not keep up.
  kReplaced,          ///< A newer connection of the same role and id took the place of this one.
  kChannelDeleted,    ///< The channel was deleted.
  kIdleTimeout,       ///< Nothing was sent for too long.
  kPingTimeout,       ///< No answer to a ping.
  kDurationExceeded,  ///< A connection has lasted as long as it may.
  kDisconnected,      ///< The operator ended it.
  kGoingAway,         ///< The service stops or moves; connect again.
  // This side.
  kClosed,   ///< What was asked is closed, or was meanwhile.
  kTimeout,  ///< Nothing came in time.
  kIo,       ///< A connection, file or device failed.
  kCorrupt,  ///< Data that cannot be understood: stored, or somebody's answer.
};

/// A failure. `detail` is for logs and for developers; it may quote input, so it is kept apart from the fixed text of
/// `code` and is sent to a peer only where a table says so. It never holds a secret.
struct Error {
  Errc code{};         ///< What programs decide by.
  std::string detail;  ///< What happened, in English; may be empty.
};

}  // namespace heliograph
