// From an AWS error type to an Errc.
#include "sdk/channel/error_answer.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "sdk/credentials/quote.hpp"
#include "wire/uri.hpp"

namespace heliograph::sdk {
namespace {

namespace json = boost::json;

struct Row {
  std::string_view type;
  Errc code;
};
// The service models' own, then those of the layer in front, under every name that AWS services use for them
// (botocore's retry table; smithy's service-error-classification).
constexpr std::array kTypes{
    Row{"AccessDeniedException", Errc::kAccessDenied},
    Row{"NotAuthorizedException", Errc::kNotAuthorized},
    Row{"ResourceNotFoundException", Errc::kResourceNotFound},
    Row{"InvalidArgumentException", Errc::kInvalidArgument},
    Row{"ClientLimitExceededException", Errc::kClientLimitExceeded},
    Row{"ResourceInUseException", Errc::kResourceInUse},
    Row{"VersionMismatchException", Errc::kVersionMismatch},
    Row{"AccountChannelLimitExceededException", Errc::kAccountChannelLimitExceeded},
    Row{"AccountStreamLimitExceededException", Errc::kAccountStreamLimitExceeded},
    Row{"DeviceStreamLimitExceededException", Errc::kDeviceStreamLimitExceeded},
    Row{"TagsPerResourceExceededLimitException", Errc::kTagsPerResourceExceededLimit},
    Row{"NoDataRetentionException", Errc::kNoDataRetention},
    Row{"InvalidDeviceException", Errc::kInvalidDevice},
    Row{"InvalidResourceFormatException", Errc::kInvalidResourceFormat},
    Row{"InvalidClientException", Errc::kInvalidClient},
    Row{"SessionExpiredException", Errc::kSessionExpired},
    Row{"MissingAuthenticationTokenException", Errc::kMissingAuthenticationToken},
    Row{"MissingAuthenticationToken", Errc::kMissingAuthenticationToken},
    Row{"IncompleteSignatureException", Errc::kIncompleteSignature},
    Row{"IncompleteSignature", Errc::kIncompleteSignature},
    Row{"UnrecognizedClientException", Errc::kUnrecognizedClient},
    Row{"InvalidClientTokenId", Errc::kUnrecognizedClient},
    Row{"InvalidSignatureException", Errc::kSignatureMismatch},
    Row{"SignatureDoesNotMatch", Errc::kSignatureMismatch},
    Row{"RequestExpired", Errc::kSignatureExpired},
    Row{"RequestTimeTooSkewed", Errc::kSignatureExpired},
    Row{"RequestInTheFuture", Errc::kSignatureNotYetCurrent},
    Row{"ExpiredTokenException", Errc::kExpiredToken},
    Row{"ExpiredToken", Errc::kExpiredToken},
    Row{"BadRequestException", Errc::kBadRequest},
    Row{"ValidationException", Errc::kInvalidArgument},
    Row{"UnknownOperationException", Errc::kUnknownOperation},
    Row{"MethodNotAllowedException", Errc::kMethodNotAllowed},
    Row{"RequestEntityTooLargeException", Errc::kPayloadTooLarge},
    Row{"TlsRequiredException", Errc::kTlsRequired},
    Row{"ForbiddenOriginException", Errc::kForbiddenOrigin},
    Row{"LoginRequired", Errc::kLoginRequired},
    Row{"InternalFailureException", Errc::kInternalFailure},
    Row{"InternalFailure", Errc::kInternalFailure},
    Row{"InternalServerException", Errc::kInternalFailure},
    Row{"ServiceUnavailableException", Errc::kServiceUnavailable},
    Row{"ServiceUnavailable", Errc::kServiceUnavailable},
    Row{"Throttling", Errc::kClientLimitExceeded},
    Row{"ThrottlingException", Errc::kClientLimitExceeded},
    Row{"ThrottledException", Errc::kClientLimitExceeded},
    Row{"RequestThrottled", Errc::kClientLimitExceeded},
    Row{"RequestThrottledException", Errc::kClientLimitExceeded},
    Row{"RequestLimitExceeded", Errc::kClientLimitExceeded},
    Row{"LimitExceededException", Errc::kClientLimitExceeded},
    Row{"TooManyRequestsException", Errc::kClientLimitExceeded},
    Row{"SlowDown", Errc::kClientLimitExceeded},
};

Errc code_of_status(int status) {
  if (status == 401 || status == 403) return Errc::kAccessDenied;
  if (status == 404) return Errc::kResourceNotFound;
  if (status == 405) return Errc::kMethodNotAllowed;
  if (status == 413) return Errc::kPayloadTooLarge;
  if (status == 429) return Errc::kClientLimitExceeded;
  if (status == 502 || status == 503 || status == 504) return Errc::kServiceUnavailable;
  return status >= 500 ? Errc::kInternalFailure : Errc::kBadRequest;
}

Errc code_of(int status, std::string_view type, std::string_view text) {
  const auto* const row =
      std::find_if(kTypes.begin(), kTypes.end(), [type](const Row& each) { return each.type == type; });
  if (row == kTypes.end() && !type.empty()) return code_of_status(status);
  const Errc code = row == kTypes.end() ? code_of_status(status) : row->code;
  // Of one type, told apart by their text as the C SDK does; the front layer of AWS names no type.
  if (code == Errc::kSignatureMismatch || code == Errc::kAccessDenied) {
    if (text.starts_with("Signature expired")) return Errc::kSignatureExpired;
    if (text.starts_with("Signature not yet current")) return Errc::kSignatureNotYetCurrent;
  }
  if (type.empty() && code == Errc::kAccessDenied) {
    if (text.starts_with("The request signature we calculated does not match")) return Errc::kSignatureMismatch;
    if (text.starts_with("The security token included in the request is expired")) return Errc::kExpiredToken;
    if (text.starts_with("The security token included in the request is invalid")) return Errc::kUnrecognizedClient;
  }
  return code;
}

std::string_view strip(std::string_view type) {
  if (const auto hash = type.find('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
  return type.substr(0, type.find(':'));
}

std::string first_text(const json::object& body, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto* value = body.if_contains(name);
    if (value != nullptr && value->is_string() && !value->get_string().empty()) return std::string(value->get_string());
  }
  return {};
}

}  // namespace

std::string_view header_of(const net::HttpReply& reply, std::string_view name) noexcept {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  for (const net::HttpHeader& header : reply.headers) {
    if (std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                   [small](char a, char b) { return small(a) == small(b); }))
      return header.value;
  }
  return {};
}

TokenSpellings::TokenSpellings(std::string_view token)
    : plain_(std::string(token)), encoded_(wire::percent_encode(token)) {}

ErrorAnswer read_error(const net::HttpReply& reply, std::span<const std::string_view> secrets) {
  ErrorAnswer answer;
  boost::system::error_code wrong;
  const auto body = json::parse(reply.body, wrong);
  const bool is_object = !wrong && body.is_object();
  answer.type = strip(header_of(reply, "x-amzn-ErrorType"));
  if (answer.type.empty() && is_object) answer.type = strip(first_text(body.get_object(), {"__type", "code", "Code"}));
  const std::string text = is_object ? first_text(body.get_object(), {"message", "Message"}) : reply.body;

  answer.error.code = code_of(reply.status, answer.type, text);
  answer.is_throttling = answer.error.code == Errc::kClientLimitExceeded || reply.status == 429;
  answer.is_temporary = answer.is_throttling || reply.status >= 500;
  std::string& detail = answer.error.detail = std::to_string(reply.status);
  if (!answer.type.empty()) detail += ' ' + quote(answer.type, secrets);
  const std::string said = quote(text, secrets);
  detail += ": " + (said.empty() ? "without a reason" : said);
  if (const auto id = header_of(reply, "x-amzn-RequestId"); !id.empty())
    detail += " (request " + quote(id, secrets) + ')';
  return answer;
}

}  // namespace heliograph::sdk
