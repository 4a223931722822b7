// WsDecoder's limits and costs: what it refuses to buffer, what it copies and what an idle one holds.
#include <gtest/gtest.h>

#include "support/ws_frames.hpp"

namespace heliograph::wire {
namespace {

using test::decode;
using test::every;
using test::raw_frame;
using test::text_message;
using test::Transcript;

constexpr unsigned kMore = 0x0, kText = 0x1, kPing = 0x9;

TEST(WsDecoderCostTest, TakesAMessageOfExactlyTheLimit) {
  const std::string payload(1000, 'x');

  const Transcript transcript = decode(raw_frame({kText, payload}), {}, WsRole::kServer, {.max_message = 1000});

  EXPECT_EQ(transcript, (Transcript{{text_message(payload)}, std::nullopt, ""}));
}

TEST(WsDecoderCostTest, RefusesALongerMessageByItsHeaderAlone) {
  for (const std::uint64_t length : {1001ULL, 65'536ULL, (1ULL << 63) - 1}) {
    SCOPED_TRACE(length);
    const std::string header = raw_frame({.opcode = kText, .claimed_length = length});

    for (const auto& cuts : {std::vector<std::size_t>{}, every(1, header)}) {
      const Transcript transcript = decode(header, cuts, WsRole::kServer, {.max_message = 1000});

      EXPECT_EQ(transcript, (Transcript{{}, Errc::kMessageTooBig, "the message is longer than 1000 bytes"}));
    }
  }
}

TEST(WsDecoderCostTest, CountsTheFragmentsOfAMessageTogether) {
  const std::string half(500, 'x');
  const std::string fits = raw_frame({kText, half, false}) + raw_frame({kMore, half, false}) + raw_frame({kMore, ""});
  const std::string too_long = raw_frame({kText, half, false}) + raw_frame({kMore, half, false}) +
                               raw_frame({.opcode = kMore, .claimed_length = 1});

  EXPECT_EQ(decode(fits, {}, WsRole::kServer, {.max_message = 1000}).messages.size(), 1U);
  EXPECT_EQ(decode(too_long, {}, WsRole::kServer, {.max_message = 1000}).failure, Errc::kMessageTooBig);
}

TEST(WsDecoderCostTest, StartsCountingAnewWithEveryMessage) {
  const std::string message = raw_frame({kText, std::string(600, 'x'), false}) + raw_frame({kMore, "y"});

  const Transcript transcript = decode(message + message, {}, WsRole::kServer, {.max_message = 1000});

  EXPECT_EQ(transcript.messages.size(), 2U);
  EXPECT_EQ(transcript.failure, std::nullopt);
}

TEST(WsDecoderCostTest, ControlFramesDoNotCountAgainstTheLimit) {
  const std::string stream =
      raw_frame({kText, "abc", false}) + raw_frame({kPing, std::string(125, 'p')}) + raw_frame({kMore, "d"});

  const Transcript transcript = decode(stream, {}, WsRole::kServer, {.max_message = 4});

  EXPECT_EQ(transcript.messages.back(), text_message("abcd"));
}

TEST(WsDecoderCostTest, AWholeFrameIsHandedOutWhereItWasRead) {
  std::string bytes = raw_frame({kText, "first"}) + raw_frame({kText, "second"});
  WsDecoder decoder(WsRole::kServer, {});
  decoder.feed(bytes);

  const auto first = decoder.next();
  const auto second = decoder.next();

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->payload.data(), bytes.data() + 6);
  EXPECT_EQ(second->payload.data(), bytes.data() + 6 + 5 + 6);
}

TEST(WsDecoderCostTest, AnIdleDecoderIsSmallerThanACacheLine) { EXPECT_LE(sizeof(WsDecoder), 64U); }

TEST(WsDecoderCostTest, CanBeMovedInTheMiddleOfAMessage) {
  const std::string stream = raw_frame({kText, "Hel", false}) + raw_frame({kMore, "lo"});
  Transcript transcript;
  WsDecoder first(WsRole::kServer, {});
  test::feed_piece(first, std::string_view(stream).substr(0, 12), transcript);

  WsDecoder second(std::move(first));
  test::feed_piece(second, std::string_view(stream).substr(12), transcript);

  EXPECT_EQ(transcript, (Transcript{{text_message("Hello")}, std::nullopt, ""}));
}

// Quadratic work would take minutes here, and the test would time out.
TEST(WsDecoderCostTest, AMebibyteByteByByteCostsNoMoreThanItsBytes) {
  const std::string payload(1U << 20, 'x');
  std::string stream = raw_frame({kText, payload});
  WsDecoder decoder(WsRole::kServer, {.max_message = payload.size()});
  std::size_t messages = 0;

  for (char& byte : stream) {
    decoder.feed({&byte, 1});
    while (const auto message = decoder.next()) messages += message->payload == payload ? 1 : 0;
  }

  EXPECT_EQ(messages, 1U);
}

}  // namespace
}  // namespace heliograph::wire
