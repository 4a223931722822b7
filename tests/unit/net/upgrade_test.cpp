// The opening handshake: who asks for a WebSocket, and who may have one.
#include "net/upgrade.hpp"

#include <gtest/gtest.h>

namespace heliograph::net {
namespace {

constexpr const char* kKey = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455, 1.3

HttpRequest upgrade_request() {
  return {"GET",
          "/",
          {{"Host", "h"},
           {"Upgrade", "websocket"},
           {"Connection", "Upgrade"},
           {"Sec-WebSocket-Version", "13"},
           {"Sec-WebSocket-Key", kKey}},
          {},
          {}};
}

HttpRequest with(std::string_view name, std::string value) {
  HttpRequest request = upgrade_request();
  for (HttpHeader& header : request.headers)
    if (header.name == name) header.value = value;
  return request;
}

TEST(UpgradeTest, KnowsWhoAsks) {
  EXPECT_TRUE(asks_for_websocket(upgrade_request()));
  EXPECT_TRUE(asks_for_websocket(with("Upgrade", "WebSocket")));
  EXPECT_TRUE(asks_for_websocket(with("Upgrade", "h2c, websocket")));
  EXPECT_TRUE(asks_for_websocket(with("Connection", "keep-alive, Upgrade")));  // Firefox
  EXPECT_TRUE(asks_for_websocket(with("Connection", "keep-alive\t ,\tupgrade ")));
  EXPECT_FALSE(asks_for_websocket(with("Connection", "keep-alive")));
  EXPECT_FALSE(asks_for_websocket(with("Connection", "upgraded")));
  EXPECT_FALSE(asks_for_websocket(with("Upgrade", "h2c")));
  EXPECT_FALSE(asks_for_websocket(with("Upgrade", "")));
}

TEST(UpgradeTest, TokenMayStandInAnyHeaderOfTheName) {
  HttpRequest request = with("Connection", "keep-alive");
  request.headers.push_back({"connection", "upgrade"});

  EXPECT_TRUE(asks_for_websocket(request));
}

TEST(UpgradeTest, FindsFaults) {
  struct Case {
    const char* name;
    HttpRequest request;
    int status;
  };
  HttpRequest post = upgrade_request();
  post.method = "POST";
  const Case cases[] = {
      {"POST", post, 400},
      {"version 8", with("Sec-WebSocket-Version", "8"), 426},
      {"no version", with("Sec-WebSocket-Version", ""), 426},
      {"no key", with("Sec-WebSocket-Key", ""), 400},
      {"short key", with("Sec-WebSocket-Key", "dGhlIHNhbXBsZQ=="), 400},
      {"long key", with("Sec-WebSocket-Key", std::string(kKey) + "=="), 400},
      {"key with a wrong character", with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZ!=="), 400},
      {"key with early padding", with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j===="), 400},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const auto fault = find_upgrade_fault(c.request);

    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->status, c.status);
  }
  EXPECT_FALSE(find_upgrade_fault(upgrade_request()));
}

TEST(UpgradeTest, WrongVersionIsToldTheRightOne) {
  const auto fault = find_upgrade_fault(with("Sec-WebSocket-Version", "8"));

  ASSERT_TRUE(fault);
  ASSERT_EQ(fault->headers.back().name, "Sec-WebSocket-Version");  // RFC 6455, 4.4
  EXPECT_EQ(fault->headers.back().value, "13");
}

TEST(UpgradeTest, AgreesToNothingButTheKey) {
  HttpRequest request = upgrade_request();
  request.headers.push_back({"Sec-WebSocket-Extensions", "permessage-deflate"});
  request.headers.push_back({"Sec-WebSocket-Protocol", "wss"});
  std::string out;

  append_switching_protocols(out, request);

  EXPECT_EQ(out,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

}  // namespace
}  // namespace heliograph::net
