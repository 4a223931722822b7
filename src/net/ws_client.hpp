// WsClient: the client's end of one WebSocket: handshake, frames in, frames out.
#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "net/client_stream.hpp"
#include "net/http_response_reader.hpp"
#include "net/http_url.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::net {

/// Threads: the context's; handlers are called there, never inside a call of this class but start()'s.
/// Lifetime: drop() before letting go; no handler is called after it.
class WsClient : public std::enable_shared_from_this<WsClient> {
 public:
  struct Handlers {
    std::function<void()> on_open{};
    /// The service answered the handshake with something else than 101; nothing comes after it.
    std::function<void(HttpReply)> on_refused{};
    /// A whole message or control frame; its payload lives for the call.
    std::function<void(const wire::WsMessage&)> on_message{};
    /// Everything that was sent has been taken by the network. May be empty.
    std::function<void()> on_drained{};
    /// The connection could not be made (kIo, kTimeout), has ended (kIo) or broke the protocol; once, nothing
    /// comes after it.
    std::function<void(Error)> on_lost{};
  };

  struct Options {
    HttpUrl url{};  ///< wss:// is https:// here.
    ClientTlsFiles files{};
    std::string user_agent{};
    std::chrono::milliseconds handshake_timeout{10'000};  ///< From start() to 101.
    std::size_t max_message = 1024UL * 1024;              ///< Bytes; longer ones end the connection.
  };

  WsClient(const ClientTools& tools, Rng& rng, Options options, Handlers handlers);

  void start();
  /// Queues one frame; before on_open, and after send_close(), it is dropped.
  void send(wire::WsKind kind, std::string_view payload);
  void send_close(std::uint16_t code, std::string_view reason);
  /// Bytes that the network has not taken yet.
  [[nodiscard]] std::size_t buffered() const noexcept { return waiting_.size() + on_the_way_.size(); }
  void drop();

 private:
  enum class State : std::uint8_t { kConnecting, kOpen, kEnded };

  void shake_hands();
  void read_answer();
  void on_answer(HttpReply answer);
  void read();
  void take_messages(std::span<char> bytes);
  void flush();
  void lose(Error error);
  [[nodiscard]] std::uint32_t next_mask();

  Rng& rng_;
  Options options_;
  Handlers handlers_;
  State state_ = State::kConnecting;
  bool is_closing_ = false;
  std::shared_ptr<ClientStream> stream_;
  boost::asio::steady_timer timer_;
  std::string key_;
  HttpResponseReader reader_;
  wire::WsDecoder decoder_;
  std::array<char, 16 * 1024> input_{};
  std::string waiting_;
  std::string on_the_way_;
};

}  // namespace heliograph::net
