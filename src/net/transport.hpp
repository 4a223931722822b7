// Transport: one socket, plain or TLS, without waiting. OpenSSL works on it through a SocketBio (docs/decisions.md).
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "net/socket_bio.hpp"

namespace heliograph::net {

enum class IoStatus : std::uint8_t {
  kDone,       ///< `bytes` were moved.
  kWantRead,   ///< Try again when the socket is readable.
  kWantWrite,  ///< Try again when it is writable.
  kEnd,        ///< The peer has said that nothing more comes.
  kFailed,     ///< The connection is broken.
};

struct IoResult {
  IoStatus status{};
  std::size_t bytes = 0;
};

/// Does not own the descriptor. Threads: one at a time.
class Transport {
 public:
  explicit Transport(int descriptor) noexcept : descriptor_(descriptor), bio_(descriptor) {}

  /// Whether what comes is a TLS ClientHello, by its first byte, which stays unread. kDone with bytes = 1: TLS; 0:
  /// plain.
  [[nodiscard]] IoResult peek_is_tls() const noexcept;
  /// Makes this a TLS server. False when OpenSSL has no memory.
  [[nodiscard]] bool start_tls(SSL_CTX* context) noexcept;
  /// Goes on with the handshake; kDone when it is complete.
  [[nodiscard]] IoResult handshake() noexcept;

  [[nodiscard]] IoResult read(std::span<char> buffer) noexcept;
  /// Writes as much as goes without waiting; `bytes` may be less than asked for.
  [[nodiscard]] IoResult write(std::string_view data) noexcept;
  /// Says that nothing more comes from us (close_notify, FIN).
  void shut_down_write() noexcept;

  [[nodiscard]] bool is_tls() const noexcept { return ssl_ != nullptr; }
  /// Whether bytes of the peer's wait in OpenSSL, unseen by whoever watches the socket.
  [[nodiscard]] bool has_buffered() const noexcept { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }
  /// epoll has announced something, whether or not it is read now. OpenSSL gives for a while what it has read before,
  /// so that only this says that the socket is not empty any more.
  void note_readable() noexcept { bio_.note_readable(); }
  /// Whether another read may give more. If not, the socket is empty, and epoll will tell of what comes.
  [[nodiscard]] bool may_have_more() const noexcept { return has_buffered() || !bio_.is_drained(); }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  };
  [[nodiscard]] IoResult to_result(int returned) noexcept;

  int descriptor_;
  SocketBio bio_;
  bool broken_ = false;  ///< After a fatal TLS error nothing may be sent, not even close_notify.
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace heliograph::net
