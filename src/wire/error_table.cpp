// The table of error_table.hpp, one row per Errc in the order of the enumeration.
//
// Sources. Statuses and types: service models of kinesisvideo, kinesis-video-signaling and
// kinesis-video-webrtc-storage; developer guide, ConnectAsMaster/ConnectAsViewer, "Errors" (at the handshake a
// parameter that is missing or malformed is 400 InvalidArgumentException, and every failure of authentication or
// permission is 403 AccessDeniedException). Authentication texts: public logs of the real service. Close codes: none is
// documented and no client read acts on them, so they are our choice: RFC 6455 codes where one fits, and of the private
// range
//   4001 replaced by a newer connection   4002 channel deleted   4003 idle   4004 no pong   4005 ended by the operator
// so that an application can tell "do not come back" (4001, 4002, 4005) from "reconnect" (all others).
#include "wire/error_table.hpp"

#include "wire/json_text.hpp"

namespace heliograph::wire {
namespace {

constexpr std::string_view kAccessDenied = "AccessDeniedException";
constexpr std::string_view kNotAuthorized = "NotAuthorizedException";
constexpr std::string_view kInternal = "InternalFailureException";
constexpr std::string_view kInvalid = "InvalidArgumentException";

constexpr std::uint16_t kNormal = 1000;
constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kProtocol = 1002;
constexpr std::uint16_t kUnsupported = 1003;
constexpr std::uint16_t kInvalidPayload = 1007;
constexpr std::uint16_t kPolicy = 1008;
constexpr std::uint16_t kTooBig = 1009;
constexpr std::uint16_t kServerError = 1011;
constexpr std::uint16_t kTryAgainLater = 1013;

constexpr std::array<HttpFace, kSurfaceCount> everywhere(std::uint16_t status, std::string_view type) {
  const HttpFace face{status, type};
  return {face, face, face, face};
}

/// A failure that the service model names.
constexpr ErrorRow modelled(Errc code, std::uint16_t status, std::string_view type, std::string_view text,
                            std::uint16_t close_code = kPolicy) {
  return {code, everywhere(status, type), false, text, {status, type}, close_code, text};
}

/// The caller may not. The models spell it differently: 401 AccessDenied in the control plane, 401 NotAuthorized in
/// signaling and for streams, 403 AccessDenied in storage and at the handshake.
constexpr ErrorRow denied(Errc code, std::string_view control_plane_type, std::string_view text) {
  return {code,
          {{{401, control_plane_type}, {401, kNotAuthorized}, {403, kAccessDenied}, {403, kAccessDenied}}},
          false,
          text,
          {403, kAccessDenied},
          kPolicy,
          text};
}

/// An answer of the authentication layer: 403, lower-case `message`.
constexpr ErrorRow unauthenticated(Errc code, std::string_view type, std::string_view text) {
  return {code,
          {{{403, type}, {403, type}, {403, type}, {403, kAccessDenied}}},
          true,
          text,
          {403, type},
          kPolicy,
          "authentication failed"};
}

/// A request that cannot be read. At the handshake a parameter that is missing or malformed is 400, and those of the
/// signature are parameters like the others; elsewhere it is what `face` says.
constexpr ErrorRow unreadable(Errc code, HttpFace face, std::string_view text, std::string_view reason) {
  return {code, {{face, face, face, {400, kInvalid}}}, true, text, face, kPolicy, reason};
}

/// An answer of the HTTP layer.
constexpr ErrorRow http(Errc code, std::uint16_t status, std::string_view type, std::string_view text,
                        std::uint16_t close_code) {
  return {code, everywhere(status, type), true, text, {status, type}, close_code, text};
}

/// The end of a WebSocket connection. The HTTP face only matters when it is met before the upgrade is answered.
constexpr ErrorRow closing(Errc code, std::uint16_t close_code, std::string_view reason, HttpFace face) {
  return {code, everywhere(face.status, face.type), true, reason, face, close_code, reason};
}

constexpr HttpFace kTheirFault{400, kInvalid};
constexpr HttpFace kUnavailable{503, "ServiceUnavailableException"};

constexpr std::array kTable{
    modelled(Errc::kInvalidArgument, 400, kInvalid, "The request has an argument that is missing or not valid."),
    denied(Errc::kAccessDenied, kAccessDenied, "You do not have the permission that this operation needs."),
    denied(Errc::kNotAuthorized, kNotAuthorized, "You do not have the permission that this operation needs."),
    modelled(Errc::kResourceNotFound, 404, "ResourceNotFoundException",
             "The requested channel is not found or not active."),
    modelled(Errc::kResourceInUse, 400, "ResourceInUseException",
             "The resource is in use, or one of that name already exists."),
    modelled(Errc::kVersionMismatch, 400, "VersionMismatchException",
             "The version given is not the current one. Describe the resource to learn its version."),
    modelled(Errc::kClientLimitExceeded, 400, "ClientLimitExceededException",
             "A limit on requests or connections is exceeded. Try again later.", kTryAgainLater),
    modelled(Errc::kAccountChannelLimitExceeded, 400, "AccountChannelLimitExceededException",
             "The account has as many signaling channels as it may have."),
    modelled(Errc::kAccountStreamLimitExceeded, 400, "AccountStreamLimitExceededException",
             "The account has as many streams as it may have."),
    modelled(Errc::kDeviceStreamLimitExceeded, 400, "DeviceStreamLimitExceededException",
             "The device has as many streams as it may have."),
    modelled(Errc::kTagsPerResourceExceededLimit, 400, "TagsPerResourceExceededLimitException",
             "A resource can have 50 tags at most."),
    modelled(Errc::kNoDataRetention, 400, "NoDataRetentionException",
             "The stream keeps no data. Set its data retention to one hour or more."),
    modelled(Errc::kInvalidDevice, 400, "InvalidDeviceException", "The device name is not valid."),
    modelled(Errc::kInvalidResourceFormat, 400, "InvalidResourceFormatException", "The ARN is not well formed."),
    http(Errc::kInvalidClient, 400, "InvalidClientException", "The client is not valid.", kPolicy),
    http(Errc::kSessionExpired, 400, "SessionExpiredException", "The session has expired.", kPolicy),

    unauthenticated(Errc::kMissingAuthenticationToken, "MissingAuthenticationTokenException",
                    "Missing Authentication Token"),
    unreadable(Errc::kIncompleteSignature, {403, "IncompleteSignatureException"},
               "The request signature does not conform to AWS standards.", "authentication failed"),
    unauthenticated(Errc::kUnrecognizedClient, "UnrecognizedClientException",
                    "The security token included in the request is invalid"),
    unauthenticated(
        Errc::kSignatureMismatch, "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        "Access Key and signing method. Consult the service documentation for details."),
    unauthenticated(Errc::kSignatureExpired, "InvalidSignatureException", "Signature expired"),
    unauthenticated(Errc::kSignatureNotYetCurrent, "InvalidSignatureException", "Signature not yet current"),
    unauthenticated(Errc::kExpiredToken, "ExpiredTokenException",
                    "The security token included in the request is expired"),

    unreadable(Errc::kBadRequest, {400, "BadRequestException"}, "The request is malformed.",
               "The request is malformed."),
    http(Errc::kUnknownOperation, 404, "UnknownOperationException", "There is no operation of that path.", kPolicy),
    http(Errc::kMethodNotAllowed, 405, "MethodNotAllowedException", "This path does not take that method.", kPolicy),
    http(Errc::kPayloadTooLarge, 413, "RequestEntityTooLargeException", "The request is too large.", kTooBig),
    http(Errc::kTlsRequired, 403, "TlsRequiredException", "This listener serves TLS only. Use https or wss.", kPolicy),
    http(Errc::kForbiddenOrigin, 403, "ForbiddenOriginException", "Pages of that origin may not use this service.",
         kPolicy),
    http(Errc::kLoginRequired, 401, "LoginRequired", "Log in first.", kPolicy),
    http(Errc::kInternalFailure, 500, kInternal, "The service failed. Try again.", kServerError),
    http(Errc::kServiceUnavailable, 503, kUnavailable.type,
         "The service cannot take this request now. Try again later.", kTryAgainLater),

    closing(Errc::kProtocolError, kProtocol, "WebSocket protocol error", kTheirFault),
    closing(Errc::kUnsupportedData, kUnsupported, "only text messages are accepted", kTheirFault),
    closing(Errc::kInvalidUtf8, kInvalidPayload, "text is not UTF-8", kTheirFault),
    closing(Errc::kMessageTooBig, kTooBig, "message is too big", kTheirFault),
    closing(Errc::kSlowPeer, kPolicy, "peer reads too slowly", kTheirFault),
    closing(Errc::kReplaced, 4001, "replaced by a newer connection of the same role and id",
            {400, "ResourceInUseException"}),
    closing(Errc::kChannelDeleted, 4002, "channel was deleted", {404, "ResourceNotFoundException"}),
    closing(Errc::kIdleTimeout, 4003, "connection was idle for too long", kTheirFault),
    closing(Errc::kPingTimeout, 4004, "no answer to ping", kTheirFault),
    closing(Errc::kDurationExceeded, kGoingAway, "connection reached its longest duration", kTheirFault),
    closing(Errc::kDisconnected, 4005, "ended by the operator", kTheirFault),
    closing(Errc::kGoingAway, kGoingAway, "service is going away", kUnavailable),

    closing(Errc::kClosed, kNormal, "closed", kUnavailable),
    closing(Errc::kTimeout, kServerError, "timed out", kUnavailable),
    closing(Errc::kIo, kServerError, "input or output failed", {500, kInternal}),
    closing(Errc::kCorrupt, kServerError, "stored data is damaged", {500, kInternal}),
};

constexpr std::size_t index_of(Errc code) { return static_cast<std::size_t>(code); }

constexpr bool is_exhaustive() {
  if (kTable.size() != index_of(Errc::kCorrupt) + 1) return false;
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (index_of(kTable[i].code) != i || kTable[i].close_reason.size() > 123) return false;
  }
  return true;
}
static_assert(is_exhaustive(),
              "one row per Errc, in the order of the enumeration; close reasons fit in a control frame");

}  // namespace

const ErrorRow& error_row(Errc code) noexcept { return kTable[index_of(code)]; }

ErrorAnswer to_http(Errc code, Surface surface, std::string_view public_message) {
  const ErrorRow& row = error_row(code);
  const HttpFace& face = row.http[static_cast<std::size_t>(surface)];
  const bool lower_case = row.lower_case_message || surface == Surface::kStorage;

  ErrorAnswer answer{face.status, face.type, {}};
  answer.body = "{\"__type\":";
  append_json_string(answer.body, face.type);
  answer.body += lower_case ? ",\"message\":" : ",\"Message\":";
  append_json_string(answer.body, public_message.empty() ? row.text : public_message);
  answer.body += '}';
  return answer;
}

ErrorAnswer to_http(const Error& error, Surface surface) {
  const bool is_ours = error_row(error.code).http[static_cast<std::size_t>(surface)].status >= 500;
  return to_http(error.code, surface, is_ours ? std::string_view{} : error.detail);
}

}  // namespace heliograph::wire
