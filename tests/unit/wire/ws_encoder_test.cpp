// Frames as they are written, byte for byte, and read back by the other role.
#include <gtest/gtest.h>

#include "support/ws_frames.hpp"
#include "wire/ws_mask.hpp"

namespace heliograph::wire {
namespace {

using namespace std::string_literals;
using test::decode;
using test::OwnedMessage;
using test::Transcript;

constexpr std::uint32_t kMask = 0x3D21FA37;

std::string frame(WsKind kind, std::string_view payload, std::optional<std::uint32_t> mask = std::nullopt) {
  std::string out;
  append_ws_frame(out, kind, payload, mask);
  return out;
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  std::string out;
  append_ws_close(out, code, reason);
  return out;
}

TEST(WsEncoderTest, WritesTheExamplesOfTheRfc) {
  const std::string long16(256, 'x');
  const std::string long64(65'536, 'x');

  EXPECT_EQ(frame(WsKind::kText, "Hello"), "\x81\x05Hello");
  EXPECT_EQ(frame(WsKind::kPing, "Hello"), "\x89\x05Hello");
  EXPECT_EQ(frame(WsKind::kBinary, long16), "\x82\x7E\x01\x00"s + long16);
  EXPECT_EQ(frame(WsKind::kBinary, long64), "\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s + long64);
}

TEST(WsEncoderTest, WritesEveryLengthInItsShortestForm) {
  EXPECT_EQ(frame(WsKind::kText, std::string(125, 'x')).substr(0, 3), "\x81\x7D\x78"s);
  EXPECT_EQ(frame(WsKind::kText, std::string(126, 'x')).substr(0, 4), "\x81\x7E\x00\x7E"s);
  EXPECT_EQ(frame(WsKind::kText, std::string(65'535, 'x')).substr(0, 4), "\x81\x7E\xFF\xFF"s);
}

TEST(WsEncoderTest, MaskHidesThePayloadBehindItsKey) {
  const std::string masked = frame(WsKind::kText, "Hello", kMask);

  ASSERT_EQ(masked.size(), 2U + 4U + 5U);
  EXPECT_EQ(masked.substr(0, 2), "\x81\x85");
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(masked[6 + i] ^ masked[2 + i % 4], "Hello"[i]);
}

TEST(WsEncoderTest, AppendsToWhatIsThere) {
  std::string out = "before";

  append_ws_frame(out, WsKind::kPong, "p", kMask);

  EXPECT_EQ(out.substr(0, 6), "before");
  EXPECT_EQ(decode(out.substr(6)).messages, (std::vector<OwnedMessage>{{WsKind::kPong, "p"}}));
}

TEST(WsEncoderTest, WhatOneRoleWritesTheOtherReads) {
  for (const WsKind kind : {WsKind::kText, WsKind::kBinary, WsKind::kPing, WsKind::kPong}) {
    for (const std::size_t size : {0U, 1U, 7U, 31U, 125U, 126U, 1000U, 65'535U, 65'536U, 70'000U}) {
      if (size > 125 && kind != WsKind::kText && kind != WsKind::kBinary) continue;
      SCOPED_TRACE(size);
      const std::string payload(size, 'k');
      const Transcript expected{{{kind, payload}}, std::nullopt, ""};
      const WsLimits limits{.max_message = 100'000};

      EXPECT_EQ(decode(frame(kind, payload), {}, WsRole::kClient, limits), expected);
      EXPECT_EQ(decode(frame(kind, payload, kMask), {}, WsRole::kServer, limits), expected);
    }
  }
}

TEST(WsEncoderTest, WritesCodeAndReasonOfAClose) {
  EXPECT_EQ(close_frame(1001, "bye"), "\x88\x05\x03\xE9\x62ye");
  EXPECT_EQ(close_frame(1000, ""), "\x88\x02\x03\xE8");
}

TEST(WsEncoderTest, AnswersACloseWithoutACodeInKind) { EXPECT_EQ(close_frame(kNoCloseCode, "unused"), "\x88\x00"s); }

TEST(WsEncoderTest, CutsAReasonBetweenTwoCharacters) {
  const std::string fits = std::string(121, 'x') + "\xC3\xA9";
  const std::string too_long = std::string(122, 'x') + "\xC3\xA9";

  const auto whole = decode(close_frame(1000, fits), {}, WsRole::kClient).messages;
  const auto cut = decode(close_frame(1000, too_long), {}, WsRole::kClient).messages;

  EXPECT_EQ(whole, (std::vector<OwnedMessage>{{WsKind::kClose, fits, 1000}}));
  EXPECT_EQ(cut, (std::vector<OwnedMessage>{{WsKind::kClose, std::string(122, 'x'), 1000}}));
}

TEST(WsMaskTest, MasksEveryByteWhateverLengthAndAlignment) {
  const WsMaskKey key = {'\x11', '\x22', '\x44', '\x88'};
  for (std::size_t start = 0; start < 9; ++start) {
    for (std::size_t size = 0; size < 100; ++size) {
      std::string bytes(start + size + 1, 'a');

      apply_ws_mask(std::span(bytes).subspan(start, size), key);

      for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool masked = i >= start && i < start + size;
        ASSERT_EQ(bytes[i], masked ? static_cast<char>('a' ^ key[(i - start) % 4]) : 'a') << start << ' ' << size;
      }
    }
  }
}

TEST(WsAcceptKeyTest, IsThatOfTheRfcsExample) {
  // RFC 6455, 1.3.
  EXPECT_EQ(ws_accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace heliograph::wire
