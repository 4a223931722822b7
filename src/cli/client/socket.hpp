// Socket: a WebSocket of the command, on our own codec.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/client/http.hpp"
#include "cli/client/stream.hpp"
#include "heliograph/result.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::cli {

/// Move-only.
class Socket {
 public:
  /// Connects to a presigned URL. A refusal fails with kBadRequest and a text of its status, type and message.
  [[nodiscard]] static Result<Socket> open(const std::string& url, const Trust& trust);

  [[nodiscard]] Result<void> send_text(std::string_view text);
  /// The next text; pings are answered meanwhile. kClosed, with code and reason, when the service closes.
  [[nodiscard]] Result<std::string> read_text();
  /// Says goodbye; the answer is not waited for.
  void close();

 private:
  explicit Socket(Stream stream) : stream_(std::move(stream)) {}

  Stream stream_;
  wire::WsDecoder decoder_{wire::WsRole::kClient, {.max_message = 1024UL * 1024}};
  std::string early_;  ///< Came with the answer to the handshake.
  std::string input_;
};

}  // namespace heliograph::cli
