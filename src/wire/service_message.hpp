// The client's side of KVS messages: what the service sends, parsed; what a client sends, written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "wire/message.hpp"

namespace heliograph::wire {

/// One message from the service. The views live as long as the text parsed and the parser's next call.
struct ServiceMessage {
  std::optional<MessageType> type;  ///< Nothing: a type unknown to us; clients ignore such messages.
  std::string_view type_name;
  std::string_view payload;  ///< Base64; never empty for offers, answers and candidates.
  std::string_view sender;   ///< Empty: the master (the service leaves it out or writes null).
  std::optional<StatusResponse> status;
};

/// Reads messages of the service. As tolerant as the clients of the real service are: unknown members and types are
/// passed over, null is absent, a statusResponse without messageType is a status, statusCode may be a number. Fails
/// with kInvalidArgument, naming member and rule. Threads: one at a time.
class ServiceMessageParser {
 public:
  [[nodiscard]] Result<ServiceMessage> parse(std::string_view text);

 private:
  std::string scratch_;
  std::string status_scratch_;
};

/// Appends the frame text of a client's message, members in the order of the JS SDK; an empty recipient or correlation
/// id is left out. The caller has checked payload and ids.
void append_client_message(std::string& out, const ClientMessage& message);

}  // namespace heliograph::wire
