// STUN messages against those of RFC 5769, and what is none.
#include "wire/stun.hpp"

#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// RFC 5769, 2.2: "Sample IPv4 Response"; its address is 192.0.2.1, port 32853.
const std::string kResponse = from_hex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

// RFC 5769, 2.4: "Sample Request with Long-Term Authentication".
const std::string kLongTerm = from_hex(
    "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c"
    "662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014"
    "f67024656dd64a3e02b8e0712e85c9a28ca89666");

TEST(StunTest, ReadsTheAddressOfTheSampleResponse) {
  const auto message = parse_stun(kResponse);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->method, StunMethod::kBinding);
  EXPECT_EQ(message->kind, StunClass::kSuccess);
  const auto address = message->address(kStunMappedAddress);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->ip, "192.0.2.1");
  EXPECT_EQ(address->port, 32853);
  EXPECT_EQ(to_xor_address(*address), message->find(kStunMappedAddress));
}

TEST(StunTest, WritesTheSampleRequestWithItsIntegrity) {
  auto message = parse_stun(kLongTerm).value();
  const std::string user(message.find(kStunUsername));
  message.attributes.pop_back();

  // The password of the sample, "The<U+00AD>M<U+00AA>tr<U+2168>" prepared by SASLprep.
  const std::string written = to_stun(message, stun_long_term_key(user, "example.org", "TheMatrIX"));

  EXPECT_EQ(written, kLongTerm);
}

TEST(StunTest, ErrorCodesAreRead) {
  StunMessage message{
      .method = StunMethod::kAllocate, .kind = StunClass::kFailure, .transaction = {}, .attributes = {}};
  message.attributes.emplace_back(kStunErrorCode, std::string("\0\0\4\x56", 4) + "Quota");

  const auto read = parse_stun(to_stun(message));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->error_code(), 486);
  EXPECT_EQ(read->kind, StunClass::kFailure);
  EXPECT_EQ(read->method, StunMethod::kAllocate);
}

TEST(StunTest, EveryCutAndEveryWrongCookieIsNoMessage) {
  for (std::size_t size = 0; size < kResponse.size(); ++size)
    EXPECT_FALSE(parse_stun(std::string_view(kResponse).substr(0, size))) << size;
  std::string other = kResponse;
  other[4] = 'x';
  EXPECT_FALSE(parse_stun(other));
  std::string long_attribute = kResponse;
  long_attribute[23] = '\x7f';
  EXPECT_FALSE(parse_stun(long_attribute));
}

TEST(StunTest, WhatIsNoAddressHasNoValue) {
  for (const char* bad : {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1", "a.b.c.d"})
    EXPECT_EQ(to_xor_address({bad, 1}), "") << bad;
}

}  // namespace
}  // namespace heliograph::wire
