// The log's lines about connections: the fields by which an operator finds what belongs together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/app_fixture.hpp"

namespace heliograph::server {
namespace {

using test::HttpAnswer;
using test::wait_until;
using ::testing::ContainsRegex;

constexpr const char* kConn = " conn=[0-9]+-[0-9]+";

class LogTest : public test::AppFixture {
 protected:
  ~LogTest() override { stop(); }
  void await(const std::string& text) {
    wait_until([&]() { return log.text().find(text) != std::string::npos; });
  }
};

TEST_F(LogTest, WhoComesIsToldWithTheRequestAndWhoGoesWithTheReason) {
  start();
  const std::string cam = create_channel("cam");
  auto first = join({.channel = cam});
  auto second = join({.channel = cam});
  EXPECT_EQ(first.read_close(), 4001);
  auto viewer = join({.channel = cam, .client = "alice"});
  await("joined role=VIEWER");

  viewer.send_close(1000);
  viewer.read_close();
  await("left role=VIEWER");

  const std::string text = log.text();
  EXPECT_THAT(text, ContainsRegex("joined role=VIEWER client=alice channel=" + cam + kConn +
                                  " request_id=[0-9a-f-]+ from=127.0.0.1 by=default key=" + key.access_key_id));
  EXPECT_THAT(text, ContainsRegex("replaced role=MASTER client= channel=" + cam + kConn + " code=4001 by=service"));
  EXPECT_THAT(text, ContainsRegex("left role=VIEWER client=alice channel=" + cam + kConn +
                                  " code=1000 by=peer reason=closed by the client"));
}

TEST_F(LogTest, RefusedMessageIsToldWithItsSenderAndWhatIsWrong) {
  start();
  const std::string cam = create_channel("cam");
  auto master = join({.channel = cam});

  master.send_text(R"({"action":"SDP_ANSWER","messagePayload":"AAAA"})");
  await("message refused");

  EXPECT_THAT(log.text(), ContainsRegex("message refused role=MASTER client= channel=" + cam + kConn +
                                        " error=[A-Za-z]+ why=recipientClientId is missing"));
}

TEST_F(LogTest, RefusedHandshakeIsToldWithTheIdOfItsAnswer) {
  start();
  const std::string cam = create_channel("cam");
  wire::SigningCredential wrong = key;
  wrong.secret_access_key = Secret("wrong");

  const HttpAnswer nowhere = knock(target({.channel = cam.substr(0, cam.size() - 3) + "000", .client = "v"}));
  const HttpAnswer unclear = knock(target({.channel = cam, .client = "a b"}));
  const HttpAnswer unproven = knock(target({.channel = cam, .client = "v"}, wrong));

  const std::string text = log.text();
  EXPECT_THAT(text, ContainsRegex("connect refused role=VIEWER client=v channel=[^ ]+000" + std::string(kConn) +
                                  " request_id=" + nowhere.header("x-amzn-RequestId") +
                                  " status=404 error=ResourceNotFoundException why=[A-Za-z]"));
  EXPECT_THAT(text, ContainsRegex("connect refused role= client= channel=" + std::string(kConn) +
                                  " request_id=" + unclear.header("x-amzn-RequestId") +
                                  " status=400 error=InvalidArgumentException why=X-Amz-ClientId"));
  EXPECT_THAT(text, ContainsRegex("request_id=" + unproven.header("x-amzn-RequestId") + " role=VIEWER channel=" + cam));
}

TEST_F(LogTest, CallIsToldWithItsChannel) {
  start();
  const std::string cam = create_channel("cam");

  const HttpAnswer answer = call("/describeSignalingChannel", R"({"ChannelARN":")" + cam + "\"}");

  EXPECT_THAT(log.text(), ContainsRegex("DescribeSignalingChannel status=200 error= by=default channel=" + cam +
                                        " request_id=" + answer.header("x-amzn-RequestId")));
}

}  // namespace
}  // namespace heliograph::server
