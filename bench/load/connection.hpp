// Connection: one WebSocket of the load client on a non-blocking socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "load/options.hpp"
#include "load/socket.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::bench {

/// What happens to connections, told to the run that owns them.
class Events {
 public:
  Events() = default;
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  virtual ~Events() = default;
  virtual void on_open(std::size_t number) = 0;
  virtual void on_text(std::size_t number, std::string_view text) = 0;
  /// The connection has ended by itself; never called after Connection::close().
  virtual void on_lost(std::size_t number, const std::string& why) = 0;
};

/// Threads: one. Lifetime: must stay in place while it is open (the loop knows its number only).
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(); }

  /// Begins to connect to an upgrade at `target`. Fails with kIo when the machine gives no socket.
  [[nodiscard]] Result<void> open(int epoll, std::size_t number, const Options& server, const std::string& target);
  /// Queues a text message; flush() sends what is queued.
  void send_text(std::string_view text);
  void flush();
  void on_ready(std::uint32_t epoll_events, Events& events);
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return state_ == State::kOpen; }
  [[nodiscard]] bool is_resumed() const noexcept { return socket_.is_resumed(); }

 private:
  enum class State : std::uint8_t { kClosed, kConnecting, kUpgrading, kOpen };

  void read(Events& events);
  void take_head(std::string_view bytes, Events& events);
  void take_messages(std::span<char> bytes, Events& events);
  void watch(bool for_writing) noexcept;
  void lose(const std::string& why, Events& events);

  Socket socket_;
  int epoll_ = -1;
  std::size_t number_ = 0;
  State state_ = State::kClosed;
  bool writing_ = false;  ///< The socket was full: epoll says when to go on.
  wire::WsDecoder decoder_{wire::WsRole::kClient, {.max_message = 1 << 20}};
  std::string head_;  ///< The answer to the upgrade, until it is whole.
  std::string out_;
};

}  // namespace heliograph::bench
