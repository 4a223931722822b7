// KVS messages, row by row from tests/vectors/messages.json, and what the rows cannot show.
#include "wire/message.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>

#include "support/paths.hpp"
#include "wire/service_message.hpp"

namespace heliograph::wire {
namespace {

namespace json = boost::json;

const json::object& vectors() {
  static const json::value document = [] {
    std::ifstream file(test::source_dir() + "/tests/vectors/messages.json");
    return json::parse(std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>()));
  }();
  return document.as_object();
}

std::string text_of(const json::object& row, std::string_view name) {
  const json::value* value = row.if_contains(name);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

const json::array& rows(std::string_view name) { return vectors().at(name).as_array(); }

TEST(ClientMessageTest, EveryVectorParsesAsItsRowSays) {
  ClientMessageParser parser;
  ASSERT_GT(rows("clientMessages").size(), 40U);

  for (const json::value& value : rows("clientMessages")) {
    const json::object& row = value.as_object();
    SCOPED_TRACE(text_of(row, "name"));
    const std::string text = text_of(row, "text");
    const json::value* max = row.if_contains("maxPayload");

    const auto parsed = parser.parse(text, max == nullptr ? 65536 : max->to_number<std::size_t>());

    if (const json::value* expect = row.if_contains("expect")) {
      const json::object& wanted = expect->as_object();
      ASSERT_FALSE(parsed.error) << parsed.error->detail;
      EXPECT_EQ(to_string(parsed.message.action), text_of(wanted, "action"));
      EXPECT_EQ(parsed.message.payload, text_of(wanted, "messagePayload"));
      EXPECT_EQ(parsed.message.recipient, text_of(wanted, "recipientClientId"));
      EXPECT_EQ(parsed.message.correlation_id, text_of(wanted, "correlationId"));
    } else {
      ASSERT_TRUE(parsed.error);
      EXPECT_EQ(parsed.error->code, Errc::kInvalidArgument);
      EXPECT_EQ(parsed.error->detail, text_of(row, "error"));
      EXPECT_EQ(parsed.message.correlation_id, text_of(row, "correlationId"));
    }
  }
}

TEST(ClientMessageTest, ViewsPointIntoTheTextWhenNothingIsEscaped) {
  const std::string text = R"({"action":"SDP_OFFER","messagePayload":"AAAA"})";
  ClientMessageParser parser;

  const auto parsed = parser.parse(text, 100);

  EXPECT_GE(parsed.message.payload.data(), text.data());
  EXPECT_LE(parsed.message.payload.data() + parsed.message.payload.size(), text.data() + text.size());
}

TEST(ClientMessageTest, EveryPrefixOfAMessageIsRefusedWithoutLosingWhatWasRead) {
  const std::string text =
      R"({"correlationId":"\u006b1","action":"SDP_OFFER","messagePayload":"AAAA","x":[{"y":"\n"},1.5e3,true]})";
  ClientMessageParser parser;
  const std::size_t id_read = text.find(",\"action\"");

  for (std::size_t size = 0; size < text.size(); ++size) {
    SCOPED_TRACE(size);
    const auto parsed = parser.parse(std::string(text, 0, size), 100);

    ASSERT_TRUE(parsed.error);
    EXPECT_EQ(parsed.message.correlation_id, size >= id_read ? "k1" : "");
  }
  EXPECT_FALSE(parser.parse(text, 100).error);
}

TEST(ClientMessageTest, PayloadOfExactlyTheLimitIsTaken) {
  ClientMessageParser parser;
  const std::string text = R"({"action":"SDP_OFFER","messagePayload":"AAAAAAAA"})";

  EXPECT_FALSE(parser.parse(text, 8).error);
  EXPECT_TRUE(parser.parse(text, 7).error);
}

TEST(ClientMessageTest, PayloadHoldsExactlyTheCharactersOfBothAlphabetsAtEveryPlace) {
  for (int value = 0; value < 256; ++value) {
    const auto c = static_cast<char>(value);
    const bool allowed = std::isalnum(value) != 0 ? value < 128 : std::string_view("+/-_").find(c) != std::string::npos;
    for (std::size_t at = 0; at < 40; ++at) {
      std::string payload(40, 'A');
      payload[at] = c;
      // The last places may also be padding.
      if (c == '=' && at >= 39) continue;
      ASSERT_EQ(is_message_payload(payload), allowed) << value << " at " << at;
    }
  }
}

TEST(ClientMessageTest, PayloadIsDecodedInEveryFormOfIt) {
  const struct {
    const char* payload;
    std::optional<std::string> bytes;
  } cases[] = {{"YQ==", "a"},
               {"YQ", "a"},
               {"YWI=", "ab"},
               {"YWI", "ab"},
               {"YWJj", "abc"},
               {"fn4/", "~~?"},
               {"fn4_", "~~?"},
               {"+/+/", "\xfb\xff\xbf"},
               {"-_-_", "\xfb\xff\xbf"},
               {"", std::nullopt},
               {"Y", std::nullopt},
               {"YQ=", std::nullopt},
               {"YQ===", std::nullopt}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.payload);
    EXPECT_EQ(decode_message_payload(c.payload), c.bytes);
    EXPECT_EQ(is_message_payload(c.payload), c.bytes.has_value());
  }
}

TEST(MessageTypeTest, NamesAndTypesMatchBothWays) {
  for (const MessageType type :
       {MessageType::kSdpOffer, MessageType::kSdpAnswer, MessageType::kIceCandidate, MessageType::kGoAway,
        MessageType::kReconnectIceServer, MessageType::kStatusResponse}) {
    EXPECT_EQ(parse_message_type(to_string(type)), type);
  }
  EXPECT_EQ(parse_message_type("SDP_"), std::nullopt);
  EXPECT_EQ(parse_message_type(""), std::nullopt);
}

TEST(ServiceMessageTest, EveryVectorParsesAsItsRowSays) {
  ServiceMessageParser parser;
  ASSERT_GT(rows("serviceMessages").size(), 10U);

  for (const json::value& value : rows("serviceMessages")) {
    const json::object& row = value.as_object();
    SCOPED_TRACE(text_of(row, "name"));
    const std::string text = text_of(row, "text");

    const auto parsed = parser.parse(text);

    const json::value* expect = row.if_contains("expect");
    if (expect == nullptr) {
      ASSERT_FALSE(parsed);
      EXPECT_EQ(parsed.error().detail, text_of(row, "error"));
      continue;
    }
    const json::object& wanted = expect->as_object();
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->type_name, text_of(wanted, "messageType"));
    EXPECT_EQ(parsed->type, parse_message_type(text_of(wanted, "messageType")));
    EXPECT_EQ(parsed->payload, text_of(wanted, "messagePayload"));
    EXPECT_EQ(parsed->sender, text_of(wanted, "senderClientId"));
    const json::value* status = wanted.if_contains("statusResponse");
    ASSERT_EQ(parsed->status.has_value(), status != nullptr);
    if (status == nullptr) continue;
    const json::object& members = status->as_object();
    EXPECT_EQ(parsed->status->correlation_id, text_of(members, "correlationId"));
    EXPECT_EQ(parsed->status->error_type, text_of(members, "errorType"));
    EXPECT_EQ(std::to_string(parsed->status->status_code), text_of(members, "statusCode"));
    EXPECT_EQ(parsed->status->description, text_of(members, "description"));
    EXPECT_EQ(parsed->status->success, members.at("success").as_bool());
  }
}

TEST(ServiceMessageTest, TheServiceWritesExactlyTheTextOfEachVector) {
  for (const json::value& value : rows("serviceWrites")) {
    const json::object& row = value.as_object();
    SCOPED_TRACE(text_of(row, "name"));
    const json::object& message = row.at("message").as_object();
    const auto type = parse_message_type(text_of(message, "messageType"));
    ASSERT_TRUE(type);
    std::string out;

    if (const json::value* status = message.if_contains("statusResponse")) {
      const json::object& members = status->as_object();
      const std::string id = text_of(members, "correlationId");
      const std::string error = text_of(members, "errorType");
      const std::string description = text_of(members, "description");
      append_status_response(out, {.correlation_id = id,
                                   .error_type = error,
                                   .status_code = std::stoi(text_of(members, "statusCode")),
                                   .description = description,
                                   .success = members.at("success").as_bool()});
    } else if (message.contains("messagePayload")) {
      append_service_message(out, *type, text_of(message, "messagePayload"), text_of(message, "senderClientId"));
    } else {
      append_notice(out, *type);
    }

    EXPECT_EQ(out, text_of(row, "text"));
  }
}

TEST(ServiceMessageTest, AClientWritesExactlyTheTextOfEachVector) {
  for (const json::value& value : rows("clientWrites")) {
    const json::object& row = value.as_object();
    SCOPED_TRACE(text_of(row, "name"));
    const json::object& message = row.at("message").as_object();
    const std::string payload = text_of(message, "messagePayload");
    const std::string recipient = text_of(message, "recipientClientId");
    const std::string id = text_of(message, "correlationId");
    std::string out;

    append_client_message(out, {*parse_message_type(text_of(message, "action")), payload, recipient, id});

    EXPECT_EQ(out, text_of(row, "text"));
  }
}

TEST(ServiceMessageTest, ALongDescriptionIsCutToWhatClientsTakeAndNeverInsideACharacter) {
  std::string description;
  while (description.size() < 3 * kMaxDescription) description += "\xC3\xA9\"";
  std::string out;

  append_status_response(out, {.correlation_id = "k",
                               .error_type = "InvalidArgumentException",
                               .status_code = 400,
                               .description = description,
                               .success = false});

  const auto document = json::parse(out).as_object();
  const std::string written(document.at("statusResponse").as_object().at("description").as_string());
  EXPECT_LE(json::serialize(json::value(written)).size() - 2, kMaxDescription);
  EXPECT_GE(written.size(), kMaxDescription / 2);
  EXPECT_EQ(description.substr(0, written.size()), written);
}

TEST(ServiceMessageTest, ControlCharactersOfADescriptionAreEscaped) {
  std::string out;

  append_status_response(out, {.correlation_id = "k",
                               .error_type = "E",
                               .status_code = 400,
                               .description = std::string_view("a\n\x01\0", 4),
                               .success = false});

  EXPECT_NE(out.find(R"("description":"a\n\u0001\u0000")"), std::string::npos) << out;
}

}  // namespace
}  // namespace heliograph::wire
