// What holds for every text given to the message parsers; Boost.JSON is the second opinion on what JSON is.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>

#include "support/check.hpp"
#include "wire/flat_json.hpp"
#include "wire/message.hpp"
#include "wire/service_message.hpp"

namespace heliograph::test {

inline boost::json::value parse_by_boost(std::string_view text, boost::json::error_code& error) {
  boost::json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = true;  // The frame's text was checked before; our reader does not look.
  return boost::json::parse({text.data(), text.size()}, error, {}, options);
}

/// Whatever our reader accepts, Boost.JSON accepts, with the same members and values.
inline void check_flat_json(std::string_view text) {
  std::string scratch;
  wire::FlatJsonReader reader(text, scratch);
  std::map<std::string, wire::JsonMember, std::less<>> last;
  while (const auto member = reader.next()) last[std::string(member->name)] = *member;
  check(reader.position() <= text.size(), "the reader stays inside the text");
  check(!reader.next(), "a reader that has ended stays so");
  if (!reader.failure().empty()) return;

  boost::json::error_code error;
  const boost::json::value whole = parse_by_boost(text, error);
  check(!error && whole.is_object(), "what the reader accepts is a JSON object");
  check(whole.get_object().size() == last.size(), "the reader finds every member");
  for (const auto& [name, member] : last) {
    const boost::json::value* value = whole.get_object().if_contains({name.data(), name.size()});
    check(value != nullptr, "the reader decodes names as JSON says");
    if (member.kind == wire::JsonMember::Kind::kString) {
      check(value->is_string(), "a string is a string");
      const auto& text_of = value->get_string();
      check(member.value == std::string_view(text_of.data(), text_of.size()),
            "the reader decodes strings as JSON says");
      continue;
    }
    check(!value->is_string(), "what is no string is none");
    check(value->is_null() == (member.kind == wire::JsonMember::Kind::kNull), "null is null");
    check(value->is_object() == (member.kind == wire::JsonMember::Kind::kObject), "an object is an object");
    const boost::json::value alone = parse_by_boost(member.value, error);
    check(!error && (alone == *value), "a value's text is the value");
  }
}

/// A message accepted is within its limits, and comes out of a writer and back as it was.
inline void check_client_message(std::string_view text) {
  constexpr std::size_t kMaxPayload = 64;
  wire::ClientMessageParser parser;
  const wire::ParsedClientMessage parsed = parser.parse(text, kMaxPayload);
  const wire::ClientMessage& message = parsed.message;
  check(message.correlation_id.size() <= 256 && message.recipient.size() <= 256, "ids are bounded");
  if (parsed.error) {
    check(parsed.error->code == Errc::kInvalidArgument && !parsed.error->detail.empty(), "an error says why");
    return;
  }
  check(!message.payload.empty() && message.payload.size() <= kMaxPayload, "the payload is within its limit");
  check(wire::decode_message_payload(message.payload).has_value(), "the payload is base64");
  check(message.action <= wire::MessageType::kIceCandidate, "the action is one of a client");

  std::string again;
  wire::append_client_message(again, message);
  wire::ClientMessageParser second;
  const wire::ParsedClientMessage back = second.parse(again, kMaxPayload);
  check(!back.error && back.message.action == message.action && back.message.payload == message.payload &&
            back.message.recipient == message.recipient && back.message.correlation_id == message.correlation_id,
        "a message written and read again is the same");

  std::string relayed;
  wire::append_service_message(relayed, message.action, message.payload, message.recipient);
  wire::ServiceMessageParser client;
  const auto heard = client.parse(relayed);
  check(heard.has_value() && heard->type == message.action && heard->payload == message.payload &&
            heard->sender == message.recipient,
        "a message relayed is read by a client as it was sent");
}

/// A service's message accepted has what its type needs; a status comes out of the writer and back as it was.
inline void check_service_message(std::string_view text) {
  wire::ServiceMessageParser parser;
  const auto parsed = parser.parse(text);
  if (!parsed) {
    check(parsed.error().code == Errc::kInvalidArgument && !parsed.error().detail.empty(), "an error says why");
    return;
  }
  check(!parsed->type_name.empty(), "a message has a type");
  check(parsed->type == wire::parse_message_type(parsed->type_name), "the type is the name's");
  if (parsed->type && *parsed->type <= wire::MessageType::kIceCandidate) {
    check(wire::is_message_payload(parsed->payload), "offers, answers and candidates have a payload");
  }
  if (!parsed->status) return;
  std::string again;
  wire::append_status_response(again, *parsed->status);
  boost::json::error_code error;
  static_cast<void>(parse_by_boost(again, error));
  check(!error, "a status written is JSON whatever went in");
  wire::ServiceMessageParser second;
  const auto back = second.parse(again);
  check(back.has_value() && back->status && back->status->status_code == parsed->status->status_code,
        "a status written is read again");
}

}  // namespace heliograph::test
