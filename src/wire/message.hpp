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
