// WsDecoder against RFC 6455: what one stream of frames means, however it is cut into reads.
#include <gtest/gtest.h>

#include "support/ws_frames.hpp"

namespace heliograph::wire {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using test::decode;
using test::every;
using test::LengthForm;
using test::OwnedMessage;
using test::raw_frame;
using test::RawFrame;
using test::text_message;
using test::Transcript;

constexpr unsigned kMore = 0x0, kText = 0x1, kBinary = 0x2, kClose = 0x8, kPing = 0x9, kPong = 0xA;

std::string joined(const std::vector<RawFrame>& frames) {
  std::string stream;
  for (const RawFrame& frame : frames) stream += raw_frame(frame);
  return stream;
}

/// Expects the same of the stream whole, cut once at every place, and cut into pieces of one byte.
void expect_transcript(std::string_view stream, const Transcript& expected, WsRole role = WsRole::kServer) {
  EXPECT_EQ(decode(stream, {}, role), expected) << "whole";
  EXPECT_EQ(decode(stream, every(1, stream), role), expected) << "byte by byte";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    ASSERT_EQ(decode(stream, {cut}, role), expected) << "cut at " << cut;
  }
}

struct Accepted {
  const char* name;
  std::vector<RawFrame> frames;
  std::vector<OwnedMessage> messages;
};

const std::string k126(126, 'x');
const std::string k300(300, 'y');

const Accepted kAccepted[] = {
    {"5.7: a single-frame masked text message", {{kText, "Hello"}}, {text_message("Hello")}},
    {"5.7: a fragmented text message", {{kText, "Hel", false}, {kMore, "lo"}}, {text_message("Hello")}},
    {"5.7: a ping with a body", {{kPing, "Hello"}}, {{WsKind::kPing, "Hello"}}},
    {"an empty text message", {{kText, ""}}, {text_message("")}},
    {"a binary message may hold any bytes", {{kBinary, "\xFF\x00\xC0"sv}}, {{WsKind::kBinary, "\xFF\0\xC0"s}}},
    {"126 bytes take the 16-bit length", {{kText, k126}}, {text_message(k126)}},
    {"an unasked pong", {{kPong, ""}}, {{WsKind::kPong, ""}}},
    {"the longest control frame",
     {{kPing, std::string_view(k126).substr(1)}},
     {{WsKind::kPing, std::string(125, 'x')}}},
    {"several messages in a row",
     {{kText, "one"}, {kText, "two"}, {kText, k300}, {kText, "four"}},
     {text_message("one"), text_message("two"), text_message(k300), text_message("four")}},
    {"5.4: control frames come between the fragments of a message",
     {{kText, "a", false}, {kPing, "p"}, {kMore, "b", false}, {kPong, "q"}, {kMore, "c"}},
     {{WsKind::kPing, "p"}, {WsKind::kPong, "q"}, text_message("abc")}},
    {"empty fragments",
     {{kText, "", false}, {kMore, "", false}, {kMore, "x", false}, {kMore, ""}},
     {text_message("x")}},
    {"a message after a fragmented one",
     {{kBinary, "\x01", false}, {kMore, "\x02"}, {kText, "next"}},
     {{WsKind::kBinary, "\x01\x02"}, text_message("next")}},
    {"8.1: a character may be cut by a fragment",
     {{kText, "\xE2\x82", false}, {kMore, "\xAC"}},
     {text_message("\xE2\x82\xAC")}},
    {"7.1.5: a close frame without a code", {{kClose, ""}}, {{WsKind::kClose, "", 1005}}},
    {"a close frame with a code", {{kClose, "\x03\xE8"}}, {{WsKind::kClose, "", 1000}}},
    {"a close frame with a reason", {{kClose, "\x03\xE9gone"}}, {{WsKind::kClose, "gone", 1001}}},
    {"1.4: what follows a close frame is discarded",
     {{kClose, "\x03\xE8"}, {kText, "late"}, {.opcode = 0x7}},
     {{WsKind::kClose, "", 1000}}},
    {"a close frame inside a fragmented message ends it",
     {{kText, "never whole", false}, {kClose, "\x03\xE8"}},
     {{WsKind::kClose, "", 1000}}},
};

TEST(WsDecoderTest, GivesWhatWasSentHoweverTheStreamIsCut) {
  for (const Accepted& c : kAccepted) {
    SCOPED_TRACE(c.name);

    expect_transcript(joined(c.frames), {c.messages, std::nullopt, ""});
  }
}

TEST(WsDecoderTest, ReadsUnmaskedFramesInTheClientRole) {
  for (const Accepted& c : kAccepted) {
    SCOPED_TRACE(c.name);
    std::vector<RawFrame> frames = c.frames;
    for (RawFrame& frame : frames) frame.masked = false;

    expect_transcript(joined(frames), {c.messages, std::nullopt, ""}, WsRole::kClient);
  }
}

struct Refused {
  const char* name;
  std::vector<RawFrame> frames;
  Errc code;
  const char* detail;
};

const Refused kRefused[] = {
    {"5.2: reserved bit 1",
     {{.reserved = 4}},
     Errc::kProtocolError,
     "a reserved bit is set, but no extension was agreed on"},
    {"5.2: reserved bit 2",
     {{.reserved = 2}},
     Errc::kProtocolError,
     "a reserved bit is set, but no extension was agreed on"},
    {"5.2: reserved bit 3",
     {{.reserved = 1}},
     Errc::kProtocolError,
     "a reserved bit is set, but no extension was agreed on"},
    {"5.1: a client must mask", {{.masked = false}}, Errc::kProtocolError, "a client's frame is not masked"},
    {"5.2: 16 bits for a length of 125",
     {{.payload = "x", .form = LengthForm::k16Bits, .claimed_length = 125}},
     Errc::kProtocolError,
     "the length is not written in its shortest form"},
    {"5.2: 16 bits for nothing",
     {{.form = LengthForm::k16Bits}},
     Errc::kProtocolError,
     "the length is not written in its shortest form"},
    {"5.2: 64 bits for a length of 65535",
     {{.form = LengthForm::k64Bits, .claimed_length = 0xFFFF}},
     Errc::kProtocolError,
     "the length is not written in its shortest form"},
    {"5.2: the top bit of 64",
     {{.form = LengthForm::k64Bits, .claimed_length = 1ULL << 63}},
     Errc::kProtocolError,
     "the top bit of a 64-bit length is set"},
    {"5.4: continuation of nothing", {{kMore, "x"}}, Errc::kProtocolError, "a continuation frame continues no message"},
    {"5.4: a message inside a message",
     {{kText, "a", false}, {kText, "b"}},
     Errc::kProtocolError,
     "a new message starts before the fragmented one ended"},
    {"5.4: a binary message inside a text message",
     {{kText, "a", false}, {kBinary, "b"}},
     Errc::kProtocolError,
     "a new message starts before the fragmented one ended"},
    {"5.5: a fragmented ping", {{kPing, "p", false}}, Errc::kProtocolError, "a control frame is fragmented"},
    {"5.5: a fragmented close", {{kClose, "", false}}, Errc::kProtocolError, "a control frame is fragmented"},
    {"5.5: a ping of 126 bytes", {{kPing, k126}}, Errc::kProtocolError, "a control frame is longer than 125 bytes"},
    {"5.5.1: half a close code", {{kClose, "\x03"}}, Errc::kProtocolError, "a close frame has half a code"},
    {"5.5.1: a reason that is not UTF-8",
     {{kClose, "\x03\xE8\xFF"}},
     Errc::kInvalidUtf8,
     "the reason of a close frame is not UTF-8"},
    {"8.1: text that is not UTF-8", {{kText, "a\x80"}}, Errc::kInvalidUtf8, "a text message is not UTF-8"},
    {"8.1: a surrogate over two fragments",
     {{kText, "\xED", false}, {kMore, "\xA0\x80"}},
     Errc::kInvalidUtf8,
     "a text message is not UTF-8"},
    {"8.1: the end of a message ends its characters",
     {{kText, "\xE2", false}, {kMore, "\x82"}},
     Errc::kInvalidUtf8,
     "a text message is not UTF-8"},
};

TEST(WsDecoderTest, RefusesWhatTheRfcForbidsHoweverTheStreamIsCut) {
  for (const Refused& c : kRefused) {
    SCOPED_TRACE(c.name);
    const std::string stream = joined({{kText, "before"}}) + joined(c.frames) + joined({{kText, "after"}});

    expect_transcript(stream, {{text_message("before")}, c.code, c.detail});
  }
}

TEST(WsDecoderTest, AServersFrameMustNotBeMasked) {
  const std::string stream = raw_frame({kText, "x"});

  expect_transcript(stream, {{}, Errc::kProtocolError, "a server's frame is masked"}, WsRole::kClient);
}

TEST(WsDecoderTest, KnowsSixOpcodes) {
  for (unsigned opcode = 0; opcode < 16; ++opcode) {
    SCOPED_TRACE(opcode);
    const bool known = opcode <= kBinary || (opcode >= kClose && opcode <= kPong);

    const Transcript transcript = decode(raw_frame({opcode, ""}));

    EXPECT_EQ(transcript.detail == "the opcode is reserved", !known);
  }
}

TEST(WsDecoderTest, TakesEveryCloseCodeThatMayBeSentAndNoOther) {
  for (unsigned code = 0; code <= 0xFFFF; ++code) {
    const std::string body = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFFU)};
    const bool sendable = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                          (code >= 3000 && code <= 4999);  // RFC 6455, 7.4.

    const Transcript transcript = decode(raw_frame({kClose, body}));

    ASSERT_EQ(transcript.failure.has_value(), !sendable) << code;
    ASSERT_EQ(transcript.messages.size(), sendable ? 1U : 0U) << code;
  }
}

TEST(WsDecoderTest, FailsOnceAndStaysFailed) {
  WsDecoder decoder(WsRole::kServer, {});
  Transcript transcript;

  test::feed_piece(decoder, raw_frame({.opcode = 0x3}), transcript);
  test::feed_piece(decoder, raw_frame({kText, "late"}), transcript);

  EXPECT_EQ(transcript, (Transcript{{}, Errc::kProtocolError, "the opcode is reserved"}));
}

}  // namespace
}  // namespace heliograph::wire
