// The handshake, and frames.
#include "cli/client/socket.hpp"

#include <openssl/rand.h>

#include <array>

#include "cli/client/service.hpp"
#include "wire/base64.hpp"

namespace heliograph::cli {
namespace {

std::uint32_t random_mask() {
  std::array<unsigned char, 4> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

std::string random_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return wire::to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

Result<Socket> Socket::open(const std::string& url, const Trust& trust) {
  const auto endpoint = parse_endpoint(url);
  if (!endpoint) return endpoint.error();
  auto stream = Stream::connect(*endpoint, trust);
  if (!stream) return stream.error();
  const std::string key = random_key();
  const auto answer = exchange(*stream, {.method = "GET",
                                         .target = target_of(url),
                                         .host = endpoint->authority,
                                         .headers = {{"Upgrade", "websocket"},
                                                     {"Connection", "Upgrade"},
                                                     {"Sec-WebSocket-Version", "13"},
                                                     {"Sec-WebSocket-Key", key}},
                                         .body = {}});
  if (!answer) return answer.error();
  if (answer->status != 101)
    return Error{Errc::kBadRequest, "refused with " + std::to_string(answer->status) + ' ' +
                                        answer->header("x-amzn-ErrorType") + ": " + message_of(*answer) + " (request " +
                                        answer->header("x-amzn-RequestId") + ')'};
  if (answer->header("Sec-WebSocket-Accept") != wire::ws_accept_key(key))
    return Error{Errc::kProtocolError, "the upgrade was accepted with a wrong Sec-WebSocket-Accept"};
  Socket socket(*std::move(stream));
  socket.early_ = answer->rest;
  return socket;
}

Result<void> Socket::send_text(std::string_view text) {
  std::string frame;
  wire::append_ws_frame(frame, wire::WsKind::kText, text, random_mask());
  return stream_.write(frame);
}

Result<std::string> Socket::read_text() {
  if (!early_.empty()) {  // Now that the object stays where it is.
    input_ = std::exchange(early_, {});
    decoder_.feed(input_);
  }
  for (;;) {
    while (const auto message = decoder_.next()) {
      if (message->kind == wire::WsKind::kText) return std::string(message->payload);
      if (message->kind == wire::WsKind::kClose)
        return Error{Errc::kClosed,
                     "closed with " + std::to_string(message->close_code) + ' ' + std::string(message->payload)};
      if (message->kind != wire::WsKind::kPing) continue;
      std::string pong;
      wire::append_ws_frame(pong, wire::WsKind::kPong, message->payload, random_mask());
      if (auto sent = stream_.write(pong); !sent) return sent.error();
    }
    if (decoder_.failure()) return *decoder_.failure();
    auto piece = stream_.read();
    if (!piece) return piece.error();
    if (piece->empty()) return Error{Errc::kClosed, "the connection ended"};
    input_ = *std::move(piece);
    decoder_.feed(input_);
  }
}

void Socket::close() {
  std::string frame;
  wire::append_ws_close(frame, 1000, {}, random_mask());
  static_cast<void>(stream_.write(frame));
}

}  // namespace heliograph::cli
