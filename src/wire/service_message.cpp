// Parsing what the service sends and writing what a client sends.
#include "wire/service_message.hpp"

#include <charconv>

#include "wire/flat_json.hpp"
#include "wire/json_text.hpp"

namespace heliograph::wire {
namespace {

Error invalid(std::string detail) { return Error{Errc::kInvalidArgument, std::move(detail)}; }

/// Takes a string member; null leaves it empty. The first member of a wrong kind is named in `broken`.
void take_string(const JsonMember& member, std::string_view& out, std::string& broken) {
  if (member.kind == JsonMember::Kind::kNull) return;
  if (member.kind == JsonMember::Kind::kString) {
    out = member.value;
  } else if (broken.empty()) {
    broken = std::string(member.name) + " is not a string";
  }
}

std::string unreadable(const FlatJsonReader& reader) {
  return "the message cannot be read: " + std::string(reader.failure()) + ", at byte " +
         std::to_string(reader.position());
}

Result<StatusResponse> parse_status(std::string_view text, std::string& scratch) {
  StatusResponse status;
  std::string broken;
  std::string_view code;
  FlatJsonReader reader(text, scratch);
  while (const auto member = reader.next()) {
    if (member->name == "correlationId") take_string(*member, status.correlation_id, broken);
    if (member->name == "errorType") take_string(*member, status.error_type, broken);
    if (member->name == "description") take_string(*member, status.description, broken);
    if (member->name == "statusCode") code = member->value;
    if (member->name == "success") status.success = member->value == "true";
  }
  if (!reader.failure().empty()) return invalid(unreadable(reader));
  if (!broken.empty()) return invalid("statusResponse." + broken);
  const auto read = std::from_chars(code.data(), code.data() + code.size(), status.status_code);
  if (read.ec != std::errc{} || read.ptr != code.data() + code.size()) {
    return invalid("statusResponse.statusCode is not a number");
  }
  return status;
}

bool carries_payload(MessageType type) noexcept { return type <= MessageType::kIceCandidate; }

}  // namespace

Result<ServiceMessage> ServiceMessageParser::parse(std::string_view text) {
  scratch_.clear();
  status_scratch_.clear();
  ServiceMessage message;
  std::string broken;
  std::optional<JsonMember> status;
  FlatJsonReader reader(text, scratch_);
  while (const auto member = reader.next()) {
    if (member->name == "messageType") take_string(*member, message.type_name, broken);
    if (member->name == "messagePayload") take_string(*member, message.payload, broken);
    if (member->name == "senderClientId") take_string(*member, message.sender, broken);
    if (member->name == "statusResponse" && member->kind != JsonMember::Kind::kNull) status = member;
  }
  if (!reader.failure().empty()) return invalid(unreadable(reader));
  if (!broken.empty()) return invalid(std::move(broken));
  if (status) {
    if (status->kind != JsonMember::Kind::kObject) return invalid("statusResponse is not an object");
    auto parsed = parse_status(status->value, status_scratch_);
    if (!parsed) return std::move(parsed).error();
    message.status = *parsed;
    if (message.type_name.empty()) message.type_name = to_string(MessageType::kStatusResponse);
  }
  if (message.type_name.empty()) return invalid("messageType is missing");
  message.type = parse_message_type(message.type_name);
  if (message.type && carries_payload(*message.type)) {
    if (message.payload.empty()) return invalid("messagePayload is missing");
    if (!is_message_payload(message.payload)) return invalid("messagePayload is not base64");
  }
  return message;
}

void append_client_message(std::string& out, const ClientMessage& message) {
  const auto append = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += name;
    append_json_text(out, value);
    out += '"';
  };
  append(R"({"action":")", to_string(message.action));
  append(R"(,"messagePayload":")", message.payload);
  append(R"(,"recipientClientId":")", message.recipient);
  append(R"(,"correlationId":")", message.correlation_id);
  out += '}';
}

}  // namespace heliograph::wire
