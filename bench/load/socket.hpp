// Socket: a non-blocking connection to the server under test, plain or TLS.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "heliograph/result.hpp"
#include "load/options.hpp"

namespace heliograph::bench {

/// What became of a call that does not wait: bytes moved, none for now, or none any more.
enum class Step : std::uint8_t { kDone, kWait, kEnd };

struct Moved {
  Step step{};
  std::size_t bytes = 0;
};

/// Threads: one. Lifetime: must stay in place (OpenSSL knows its address); it may be opened again after close(), and
/// then resumes the TLS session of the time before when the options say so.
class Socket {
 public:
  Socket() = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(); }

  /// Begins to connect, on loopback from one of many addresses, because a pair of addresses has not enough ports. Fails
  /// with kIo when the machine gives no socket, or kInvalidArgument.
  [[nodiscard]] Result<void> open(const Options& server);
  void close() noexcept;
  /// After the first readiness: whether the connection, and the TLS session on it, stand. kEnd: it was refused.
  [[nodiscard]] Step establish();
  [[nodiscard]] Moved read(std::span<char> into);
  [[nodiscard]] Moved write(std::string_view bytes);

  [[nodiscard]] int descriptor() const noexcept { return fd_; }
  /// Whether bytes of the server's wait in OpenSSL, unseen by whoever watches the descriptor.
  [[nodiscard]] bool has_buffered() const noexcept { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }
  /// Whether a TLS session was resumed; valid once established.
  [[nodiscard]] bool is_resumed() const noexcept { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

 private:
  struct Free {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
  };
  static SSL_CTX* context();
  static int keep_session(SSL* ssl, SSL_SESSION* session);
  [[nodiscard]] Step step_of(int returned) const;

  int fd_ = -1;
  bool is_connected_ = false;
  bool resumes_ = false;
  std::unique_ptr<SSL, Free> ssl_;
  std::unique_ptr<SSL_SESSION, Free> session_;
};

}  // namespace heliograph::bench
