// Client messages in, service messages out: text only, no routing.
#include "wire/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "wire/flat_json.hpp"
#include "wire/json_scan.hpp"
#include "wire/json_text.hpp"
#include "wire/names.hpp"

namespace heliograph::wire {
namespace {

enum class Known : std::uint8_t { kAction, kPayload, kRecipient, kCorrelation };
constexpr std::size_t kKnownCount = 4;
/// How errors name the members, by Known.
constexpr std::array<std::string_view, kKnownCount> kNames{"action", "messagePayload", "recipientClientId",
                                                           "correlationId"};

/// By MessageType.
constexpr std::array<std::string_view, 6> kTypes{"SDP_OFFER", "SDP_ANSWER",           "ICE_CANDIDATE",
                                                 "GO_AWAY",   "RECONNECT_ICE_SERVER", "STATUS_RESPONSE"};
static_assert(static_cast<std::size_t>(MessageType::kStatusResponse) == kTypes.size() - 1);

constexpr std::size_t index(Known member) noexcept { return static_cast<std::size_t>(member); }

std::optional<Known> find_known(std::string_view name) noexcept {
  switch (name.size()) {
    case 6:
      if (name == "action") return Known::kAction;
      break;
    case 13:
      if (name == "correlationId" || name == "CorrelationId") return Known::kCorrelation;
      break;
    case 14:
      if (name == "messagePayload" || name == "MessagePayload") return Known::kPayload;
      break;
    case 17:
      if (name == "recipientClientId" || name == "RecipientClientId") return Known::kRecipient;
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::string describe(Known member, std::string_view rule) {
  std::string text(kNames[index(member)]);
  text += ' ';
  text += rule;
  return text;
}

/// @param digits  so many characters at the start are digits of base64; what follows is looked at.
bool is_base64_text(std::string_view text, std::size_t digits) noexcept {
  std::size_t size = text.size();
  while (text.size() - size < 2 && size > 0 && text[size - 1] == '=') --size;
  const bool padded = size != text.size();
  if (size == 0 || size % 4 == 1 || (padded && text.size() % 4 != 0)) return false;
  return find_base64_stop(text.substr(0, size), std::min(digits, size)) == size;
}

/// For characters of either alphabet.
constexpr std::uint32_t base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  return c == '+' || c == '-' ? 62 : 63;
}

/// The members of one message as they were found. The first broken rule is kept; reading goes on for the sake of the
/// correlation id.
struct Found {
  std::array<std::string_view, kKnownCount> values{};
  std::array<bool, kKnownCount> present{};
  std::size_t payload_digits = 0;  ///< JsonMember::base64_digits
  std::optional<std::string> broken;

  void refuse(std::string reason) {
    if (!broken) broken = std::move(reason);
  }

  void take(const JsonMember& member) {
    const auto known = find_known(member.name);
    if (!known || member.kind == JsonMember::Kind::kNull) return;
    if (member.kind != JsonMember::Kind::kString) return refuse(describe(*known, "is not a string"));
    const std::size_t at = index(*known);
    if (present[at]) return refuse(describe(*known, "is given twice"));
    present[at] = true;
    values[at] = {member.value.data(), member.value.size()};
    if (*known == Known::kPayload) payload_digits = member.base64_digits;
  }

  [[nodiscard]] std::string_view value(Known member) const noexcept { return values[index(member)]; }
};

void check_action(Found& found, ClientMessage& message) {
  const std::string_view action = found.value(Known::kAction);
  if (action.empty()) return found.refuse("action is missing");
  const auto type = parse_message_type(action);
  if (!type || *type > MessageType::kIceCandidate) {
    return found.refuse("action is not SDP_OFFER, SDP_ANSWER or ICE_CANDIDATE");
  }
  message.action = *type;
}

void check_payload(Found& found, ClientMessage& message, std::size_t max_payload) {
  const std::string_view payload = found.value(Known::kPayload);
  if (payload.empty()) return found.refuse("messagePayload is missing");
  if (payload.size() > max_payload) {
    return found.refuse("messagePayload has " + std::to_string(payload.size()) + " characters, the limit is " +
                        std::to_string(max_payload));
  }
  if (!is_base64_text(payload, found.payload_digits)) return found.refuse("messagePayload is not base64");
  message.payload = payload;
}

void check_id(Found& found, Known member, std::string_view& out) {
  const std::string_view id = found.value(member);
  // A recipient has the same shape; whether anyone may bear that id was decided when they connected.
  if (!id.empty() && !is_correlation_id(id))
    return found.refuse(describe(member, "is not 1 to 256 characters of [a-zA-Z0-9_.-]"));
  out = id;
}

void append_member(std::string& out, std::string_view before, std::string_view value, std::size_t max) {
  out += before;
  append_json_text(out, value, max);
  out += '"';
}

}  // namespace

std::string_view to_string(MessageType type) noexcept {
  const auto at = static_cast<std::size_t>(type);
  return at < kTypes.size() ? kTypes[at] : std::string_view();
}

std::optional<MessageType> parse_message_type(std::string_view name) noexcept {
  for (std::size_t at = 0; at < kTypes.size(); ++at)
    if (name == kTypes[at]) return static_cast<MessageType>(at);
  return std::nullopt;
}

bool is_message_payload(std::string_view text) noexcept { return is_base64_text(text, 0); }

std::optional<std::string> decode_message_payload(std::string_view payload) {
  if (!is_message_payload(payload)) return std::nullopt;
  std::string bytes;
  bytes.reserve(payload.size() / 4 * 3 + 2);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : payload) {
    if (c == '=') break;
    held = held << 6 | base64_value(c);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(held >> bits & 0xFF));
  }
  return bytes;
}

ParsedClientMessage ClientMessageParser::parse(std::string_view text, std::size_t max_payload) {
  scratch_.clear();
  FlatJsonReader reader(text, scratch_);
  Found found;
  while (const auto member = reader.next()) found.take(*member);

  ParsedClientMessage parsed;
  ClientMessage& message = parsed.message;
  if (!reader.failure().empty()) {
    // Not JSON comes before whatever was wrong with the members read so far.
    found.broken = "the message cannot be read: " + std::string(reader.failure()) + ", at byte " +
                   std::to_string(reader.position());
  }
  check_action(found, message);
  check_payload(found, message, max_payload);
  check_id(found, Known::kRecipient, message.recipient);
  check_id(found, Known::kCorrelation, message.correlation_id);
  if (found.broken) parsed.error = Error{Errc::kInvalidArgument, std::move(*found.broken)};
  return parsed;
}

void append_service_message(std::string& out, MessageType type, std::string_view payload, std::string_view sender) {
  out += R"({"messageType":")";
  out += to_string(type);
  out += R"(","messagePayload":")";
  out += payload;
  if (!sender.empty()) append_member(out, R"(","senderClientId":")", sender, std::string::npos);
  out += sender.empty() ? R"("})" : "}";
}

void append_notice(std::string& out, MessageType type) {
  // No messagePayload: the C SDK would decode an empty one by the length of the whole frame.
  out += R"({"messageType":")";
  out += to_string(type);
  out += R"("})";
}

void append_status_response(std::string& out, const StatusResponse& status) {
  std::array<char, 16> code{};
  const auto written = std::to_chars(code.data(), code.data() + code.size(), status.status_code);
  out += R"({"messageType":"STATUS_RESPONSE","statusResponse":{)";
  append_member(out, R"("correlationId":")", status.correlation_id, std::string::npos);
  append_member(out, R"(,"errorType":")", status.error_type, std::string::npos);
  append_member(out, R"(,"statusCode":")", std::string_view(code.data(), written.ptr), std::string::npos);
  append_member(out, R"(,"description":")", status.description, kMaxDescription);
  out += status.success ? R"(,"success":true}})" : R"(,"success":false}})";
}

}  // namespace heliograph::wire
