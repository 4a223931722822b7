// WsClient: a WebSocket client that waits for what it asks for, on our own codec, over a BlockingClient.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/blocking_client.hpp"
#include "support/ws_frames.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::test {

inline std::string ws_request(std::string_view target, std::string_view host = "localhost") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

inline constexpr std::uint32_t kMask = 0x37fa213d;

inline std::string masked(wire::WsKind kind, std::string_view payload) {
  std::string frame;
  wire::append_ws_frame(frame, kind, payload, kMask);
  return frame;
}

/// Throws std::runtime_error as BlockingClient does, and when the upgrade is refused.
class WsClient {
 public:
  explicit WsClient(BlockingClient client, std::string_view target = "/", std::string_view host = "localhost")
      : client_(std::move(client)) {
    const HttpAnswer answer = client_.ask(ws_request(target, host));
    if (answer.status != 101) throw std::runtime_error("refused with " + std::to_string(answer.status) + answer.body);
    if (answer.header("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      throw std::runtime_error("wrong accept key");
  }
  explicit WsClient(std::uint16_t port, std::string_view target = "/") : WsClient(BlockingClient(port), target) {}

  [[nodiscard]] BlockingClient& socket() { return client_; }
  bool send_raw(std::string_view bytes) { return client_.send(bytes); }
  bool send_text(std::string_view text) { return client_.send(masked(wire::WsKind::kText, text)); }
  void send_close(std::uint16_t code) {
    std::string frame;
    wire::append_ws_close(frame, code, {}, kMask);
    client_.send(frame);
  }

  /// The next message or control frame; nothing when the stream ends.
  std::optional<OwnedMessage> read() {
    while (messages_.empty()) {
      if (client_.input().empty() && !client_.read_more()) return std::nullopt;
      std::string bytes = std::exchange(client_.input(), {});
      decoder_.feed(bytes);
      while (const auto message = decoder_.next())
        messages_.push_back({message->kind, std::string(message->payload), message->close_code});
      if (decoder_.failure()) throw std::runtime_error("the server broke the protocol: " + decoder_.failure()->detail);
    }
    OwnedMessage first = std::move(messages_.front());
    messages_.pop_front();
    return first;
  }
  /// The next text; pings are answered in between.
  std::string read_text() {
    for (;;) {
      const auto message = read();
      if (!message) throw std::runtime_error("ended instead of a text");
      if (message->kind == wire::WsKind::kText) return message->payload;
      if (message->kind == wire::WsKind::kPing) {
        client_.send(masked(wire::WsKind::kPong, message->payload));
        continue;
      }
      throw std::runtime_error("closed with " + std::to_string(message->close_code) + " " + message->payload);
    }
  }
  /// Reads to the server's close frame, answers it, and gives its code; 1006 when the stream just ends.
  std::uint16_t read_close() {
    while (const auto message = read()) {
      if (message->kind != wire::WsKind::kClose) continue;
      close_reason_ = message->payload;
      send_close(message->close_code);
      return message->close_code;
    }
    return 1006;
  }
  [[nodiscard]] const std::string& close_reason() const { return close_reason_; }

 private:
  BlockingClient client_;
  wire::WsDecoder decoder_{wire::WsRole::kClient, {.max_message = 16U << 20U}};
  std::deque<OwnedMessage> messages_;
  std::string close_reason_;
};

}  // namespace heliograph::test
