// The WebSocket codec against an independent implementation: Boost.Beast at the other end of an in-memory connection,
// once as the client of our server role and once as the server of our client role.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include "support/ws_frames.hpp"

namespace heliograph::wire {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using test::OwnedMessage;
using test::Transcript;
using Stream = beast::test::stream;

std::string header_value(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(std::string(name) + ": ");
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + name.size() + 2;
  return std::string(head.substr(from, head.find("\r\n", from) - from));
}

/// Beast at one end, our codec at the other; `ours` is our end of the connection.
class WsCodecBeastTest : public ::testing::Test {
 protected:
  WsCodecBeastTest() : ours_(io_), beast_(io_) {
    ours_.connect(beast_.next_layer());
    websocket::permessage_deflate deflate;
    deflate.client_enable = deflate.server_enable = true;  // Offered, and never taken up by us.
    beast_.set_option(deflate);
    beast_.read_message_max(1 << 20);
  }

  /// Everything Beast wrote so far.
  std::string read_ours() {
    std::string bytes(ours_.buffer().data().size(), '\0');
    beast::net::buffer_copy(beast::net::buffer(bytes), ours_.buffer().data());
    ours_.clear();
    return bytes;
  }
  void write_ours(std::string_view bytes) { beast::net::write(ours_, beast::net::buffer(bytes.data(), bytes.size())); }
  void run() {
    io_.restart();
    io_.run_for(std::chrono::seconds(10));  // Only a bound for a failing test: it returns when nothing is left to do.
  }

  /// Beast as the client: it sends its request, we answer with what the accept key demands.
  void shake_hands_as_server() {
    bool open = false;
    beast_.async_handshake("localhost", "/", [&open](beast::error_code ec) {
      EXPECT_FALSE(ec) << ec.message();
      open = !ec;
    });
    io_.poll();
    const std::string request = read_ours();
    write_ours(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
        ws_accept_key(header_value(request, "Sec-WebSocket-Key")) + "\r\n\r\n");
    run();
    ASSERT_TRUE(open);
  }

  /// Beast as the server: we send the request and check its answer's accept key.
  void shake_hands_as_client() {
    const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";
    write_ours("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
               key + "\r\nSec-WebSocket-Version: 13\r\n\r\n");
    bool open = false;
    beast_.async_accept([&open](beast::error_code ec) {
      EXPECT_FALSE(ec) << ec.message();
      open = !ec;
    });
    run();
    ASSERT_TRUE(open);
    EXPECT_EQ(header_value(read_ours(), "Sec-WebSocket-Accept"), ws_accept_key(key));
  }

  OwnedMessage read_beast() {
    beast::flat_buffer buffer;
    beast::error_code ec;
    beast_.read(buffer, ec);
    EXPECT_FALSE(ec) << ec.message();
    return {beast_.got_text() ? WsKind::kText : WsKind::kBinary, beast::buffers_to_string(buffer.data())};
  }
  void write_beast(const OwnedMessage& message) {
    beast_.text(message.kind == WsKind::kText);
    beast_.write(beast::net::buffer(message.payload));
  }

  /// What both directions are tried with: every form of the length, and a text beyond ASCII.
  static std::vector<OwnedMessage> samples() {
    std::vector<OwnedMessage> messages;
    for (const std::size_t size : {0U, 1U, 125U, 126U, 3000U, 65'535U, 65'536U, 200'000U}) {
      messages.push_back({WsKind::kText, std::string(size, 't')});
      messages.push_back({WsKind::kBinary, std::string(size, '\xB1')});
    }
    messages.push_back(test::text_message("gr\xC3\xBC\xC3\x9F \xF0\x9F\x91\x8B"));
    return messages;
  }

  void expect_both_ways(WsRole role, std::optional<std::uint32_t> mask) {
    for (const OwnedMessage& message : samples()) {
      SCOPED_TRACE(::testing::PrintToString(message));
      std::string frame;
      append_ws_frame(frame, message.kind, message.payload, mask);

      write_beast(message);
      const Transcript from_beast = test::decode(read_ours(), {}, role, {.max_message = 1 << 20});
      write_ours(frame);
      const OwnedMessage by_beast = read_beast();

      EXPECT_EQ(from_beast, (Transcript{{message}, std::nullopt, ""}));
      EXPECT_EQ(by_beast, message);
    }
  }

  boost::asio::io_context io_;
  Stream ours_;
  websocket::stream<Stream> beast_;
};

constexpr std::uint32_t kMask = 0xA5C3F00D;

TEST_F(WsCodecBeastTest, OurServerAndABeastClientUnderstandEachOther) {
  shake_hands_as_server();

  expect_both_ways(WsRole::kServer, std::nullopt);
}

TEST_F(WsCodecBeastTest, OurClientAndABeastServerUnderstandEachOther) {
  shake_hands_as_client();

  expect_both_ways(WsRole::kClient, kMask);
}

TEST_F(WsCodecBeastTest, FragmentsOfBeastBecomeOneMessage) {
  shake_hands_as_server();
  const std::string payload(50'000, 'f');
  beast_.auto_fragment(true);
  beast_.write_buffer_bytes(1000);

  write_beast(test::text_message(payload));
  const std::string stream = read_ours();

  EXPECT_GT(stream.size(), payload.size() + 40 * 8);  // It did fragment.
  EXPECT_EQ(test::decode(stream), (Transcript{{test::text_message(payload)}, std::nullopt, ""}));
  EXPECT_EQ(test::decode(stream, test::every(777, stream)).messages.size(), 1U);
}

TEST_F(WsCodecBeastTest, PingsAndPongsCrossInBothDirections) {
  shake_hands_as_server();
  std::string frames;
  append_ws_frame(frames, WsKind::kPing, "from us");
  append_ws_frame(frames, WsKind::kText, "after it");

  beast_.ping("from beast");
  write_ours(frames);
  const OwnedMessage text = read_beast();

  EXPECT_EQ(text, test::text_message("after it"));
  EXPECT_EQ(test::decode(read_ours()).messages,
            (std::vector<OwnedMessage>{{WsKind::kPing, "from beast"}, {WsKind::kPong, "from us"}}));
}

TEST_F(WsCodecBeastTest, BeastReadsOurCloseAndAnswersIt) {
  shake_hands_as_server();
  std::string frame;
  append_ws_close(frame, 1001, "going away");
  write_ours(frame);

  beast::flat_buffer buffer;
  beast::error_code ec;
  beast_.read(buffer, ec);

  EXPECT_EQ(ec, websocket::error::closed);
  EXPECT_EQ(beast_.reason().code, 1001);
  EXPECT_STREQ(beast_.reason().reason.c_str(), "going away");
  // Beast answers with the code alone.
  EXPECT_EQ(test::decode(read_ours()).messages, (std::vector<OwnedMessage>{{WsKind::kClose, "", 1001}}));
}

TEST_F(WsCodecBeastTest, WeReadACloseOfBeast) {
  shake_hands_as_server();

  beast_.async_close({websocket::close_code::policy_error, "no entry"}, [](beast::error_code) {});
  io_.poll();
  const Transcript transcript = test::decode(read_ours());

  EXPECT_EQ(transcript.messages, (std::vector<OwnedMessage>{{WsKind::kClose, "no entry", 1008}}));
  std::string answer;
  append_ws_close(answer, 1008, "no entry");
  write_ours(answer);
  ours_.close();
  run();
}

}  // namespace
}  // namespace heliograph::wire
