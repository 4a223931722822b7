// The envelopes as botocore's and the JavaScript SDKs' parsers expect them (service model sts/2011-06-15).
#include "server/identity/sts_answers.hpp"

#include "wire/error_table.hpp"
#include "wire/utf8.hpp"

namespace heliograph::server::identity {
namespace {

constexpr std::string_view kNamespace = " xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"";

bool is_xml_char(char32_t c) noexcept {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c < 0xFFFE) || c > 0xFFFF;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const wire::Utf8Char c = wire::decode_utf8(text, i);
    const std::string_view bytes = text.substr(i, c.length);
    i += c.length == 0 ? 1 : c.length;
    if (bytes == "&") {
      out += "&amp;";
    } else if (bytes == "<") {
      out += "&lt;";
    } else if (bytes == ">") {
      out += "&gt;";
    } else if (!bytes.empty() && is_xml_char(c.code)) {
      out += bytes;
    }
  }
  return out;
}

}  // namespace

std::string xml_around(std::string_view name, std::string_view inner) {
  std::string out = "<";
  return out.append(name).append(">").append(inner).append("</").append(name).append(">");
}

std::string xml(std::string_view name, std::string_view text) { return xml_around(name, escaped(text)); }

StsFailure invalid(std::string message) { return {400, "ValidationError", std::move(message)}; }

StsFailure to_sts_failure(const Error& error) {
  const std::string text = error.detail.empty() ? std::string(wire::error_row(error.code).text) : error.detail;
  switch (error.code) {
    case Errc::kMissingAuthenticationToken:
      return {403, "MissingAuthenticationToken", "Request is missing Authentication Token"};
    case Errc::kIncompleteSignature:
      return {400, "IncompleteSignature", text};
    case Errc::kUnrecognizedClient:
      return {403, "InvalidClientTokenId", "The security token included in the request is invalid."};
    case Errc::kSignatureMismatch:
    case Errc::kSignatureExpired:
    case Errc::kSignatureNotYetCurrent:
      return {403, "SignatureDoesNotMatch", text};
    case Errc::kExpiredToken:
      return {403, "ExpiredToken", "The security token included in the request is expired"};
    case Errc::kAccessDenied:
      return {403, "AccessDenied", text};
    case Errc::kServiceUnavailable:
      return {503, "ServiceUnavailable", "The service cannot take this request now. Try again later."};
    default:
      break;
  }
  const int status = wire::error_row(error.code).http[0].status;
  if (status >= 500) return {500, "InternalFailure", "The service failed. Try again."};
  return invalid(text);
}

net::HttpResponse to_response(std::string_view action, const StsOutcome& outcome, std::string_view request_id) {
  net::HttpResponse response{200, {{"Content-Type", "text/xml"}, {"Cache-Control", "no-store"}}, {}};
  if (const auto* failure = std::get_if<StsFailure>(&outcome)) {
    response.status = failure->status;
    response.headers.push_back({"x-amzn-ErrorType", failure->code});
    response.body = "<ErrorResponse" + std::string(kNamespace) + ">" +
                    xml_around("Error", xml("Type", failure->status < 500 ? "Sender" : "Receiver") +
                                            xml("Code", failure->code) + xml("Message", failure->message)) +
                    xml("RequestId", request_id) + "</ErrorResponse>";
    return response;
  }
  const std::string name(action);
  response.body = "<" + name + "Response" + std::string(kNamespace) + ">" +
                  xml_around(name + "Result", std::get<std::string>(outcome)) +
                  xml_around("ResponseMetadata", xml("RequestId", request_id)) + "</" + name + "Response>";
  return response;
}

}  // namespace heliograph::server::identity
