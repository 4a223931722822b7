// Commands of Redis' protocol, and what coturn lists on its command line.
#include "server/relay/resp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/relay/coturn_cli.hpp"

namespace heliograph::server::relay {
namespace {

using ::testing::ElementsAre;

TEST(RespTest, CommandsAreTakenOneAfterTheOther) {
  std::string input = "*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n*1\r\n$4\r\nping\r\n";

  const auto first = take_command(input);
  const auto second = take_command(input);

  ASSERT_TRUE(first && *first && second && *second);
  EXPECT_THAT(**first, ElementsAre("AUTH", "pw"));
  EXPECT_THAT(**second, ElementsAre("ping"));
  EXPECT_TRUE(input.empty());
}

TEST(RespTest, UnfinishedCommandsWaitByteByByte) {
  const std::string whole = "*2\r\n$3\r\nget\r\n$5\r\na\r\nbc\r\n";
  std::string input;
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    input += whole[i];
    const auto command = take_command(input);
    ASSERT_TRUE(command) << i;
    EXPECT_FALSE(*command) << i;
  }
  input += whole.back();

  const auto command = take_command(input);

  ASSERT_TRUE(command && *command);
  EXPECT_THAT(**command, ElementsAre("get", "a\r\nbc"));
}

TEST(RespTest, WhatIsNoCommandIsRefused) {
  for (const char* bad : {"GET / HTTP/1.1\r\n", "*x\r\n", "*9\r\n", "*-1\r\n", "*1\r\n:1\r\n", "*1\r\n$2049\r\n",
                          "*1\r\n$1\r\nab\r\n", "*00000000000000000000"}) {
    std::string input = bad;
    EXPECT_FALSE(take_command(input)) << bad;
  }
}

TEST(CoturnCliTest, SessionsAreReadByTheirUsers) {
  const auto sessions = parse_sessions(
      "\r\n    1) id=000000000000000004, user <1700000300:djE6YQ==>:\r\n      realm: heliograph\r\n"
      "    2) id=001000000000000001, user <>:\r\n      peers:\r\n          127.0.0.1:1\r\n\r\n"
      "  Total sessions: 2\r\n\r\n> ");

  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(sessions[0].id, "000000000000000004");
  EXPECT_EQ(sessions[0].opaque, "djE6YQ==");
  EXPECT_EQ(sessions[1].id, "001000000000000001");
  EXPECT_EQ(sessions[1].opaque, "");
}

}  // namespace
}  // namespace heliograph::server::relay
