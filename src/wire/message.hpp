// KVS signaling messages: text ⇄ structs. Clients send {action, messagePayload, …} in two spellings; the service sends
// {messageType, messagePayload, senderClientId, statusResponse}. See docs/compatibility.md, "Messages".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "heliograph/error.hpp"

namespace heliograph::wire {

enum class MessageType : std::uint8_t {
  kSdpOffer,
  kSdpAnswer,
  kIceCandidate,
  kGoAway,
  kReconnectIceServer,
  kStatusResponse,
};

/// The name on the wire: "SDP_OFFER", …
[[nodiscard]] std::string_view to_string(MessageType type) noexcept;
[[nodiscard]] std::optional<MessageType> parse_message_type(std::string_view name) noexcept;

/// Longest description of a status that clients take, in bytes as written. (KVS docs: 1K; C SDK: 1,024 after escapes.)
inline constexpr std::size_t kMaxDescription = 1024;

/// Whether a text may be a messagePayload: not empty, and base64 in one of the forms that clients really send. The
/// Android sample writes the URL-safe alphabet, padded in offers and answers and unpadded in candidates; everyone else
/// writes the standard alphabet, padded. Unused bits of the last character are not looked at.
[[nodiscard]] bool is_message_payload(std::string_view text) noexcept;
/// The bytes of a payload in any of those forms; nothing when it is none. For clients: the service never decodes one.
[[nodiscard]] std::optional<std::string> decode_message_payload(std::string_view payload);

/// What a client asked to be sent. The views live as long as the text parsed and the parser's next call.
struct ClientMessage {
  MessageType action{};
  std::string_view payload;         ///< Base64, as given by the sender; checked, never decoded.
  std::string_view recipient;       ///< Empty: the master.
  std::string_view correlation_id;  ///< Empty: the sender wants no status.
};

/// What became of a text: a message, or the error with as much of the message as could be read (its correlation id
/// decides whether the sender can be told).
struct ParsedClientMessage {
  ClientMessage message;
  std::optional<Error> error;
};

/// Reads client messages. Holds the buffer that strings with escapes are decoded into, so that a message without
/// escapes costs no allocation. Threads: one at a time.
///
/// Accepted: exactly one JSON object with any white space; `action` (SDP_OFFER, SDP_ANSWER, ICE_CANDIDATE) and, in
/// either spelling, `messagePayload`, `recipientClientId`, `correlationId` as strings. The C SDK and its FreeRTOS
/// sibling capitalise these three; everyone else does not. Null counts as absent, and so does an empty recipient or
/// correlation id (GStreamer and Android send empty ones). Unknown members are dropped, whatever they hold: the C SDK
/// adds `IceServerList`, Android and iOS `senderClientId`.
/// Refused with kInvalidArgument and a detail that names member and rule: everything else, and a known member given
/// twice, in whatever spelling, since two readers could disagree on which one counts.
class ClientMessageParser {
 public:
  /// @param max_payload  longest accepted messagePayload, in base64 characters.
  [[nodiscard]] ParsedClientMessage parse(std::string_view text, std::size_t max_payload);

 private:
  std::string scratch_;
};

/// STATUS_RESPONSE: always all five members (GStreamer's parser needs every string of them).
struct StatusResponse {
  std::string_view correlation_id;
  std::string_view error_type;
  int status_code = 0;  ///< Written as a string, as the service does.
  std::string_view description;
  bool success = false;
};

/// Appends the frame text of an offer, answer or candidate. An empty `sender` (the master) is left out.
void append_service_message(std::string& out, MessageType type, std::string_view payload, std::string_view sender);
/// Appends the frame text of GO_AWAY or RECONNECT_ICE_SERVER.
void append_notice(std::string& out, MessageType type);
void append_status_response(std::string& out, const StatusResponse& status);

}  // namespace heliograph::wire
