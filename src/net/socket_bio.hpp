// SocketBio: recv(2) and send(2) on a socket, for plain text and for OpenSSL, and whether the socket is empty.
#pragma once

#include <openssl/bio.h>
#include <sys/types.h>

#include <cstddef>

namespace heliograph::net {

/// A non-blocking socket as OpenSSL's BIO, instead of its own for sockets: that one calls read(2) and write(2), which
/// cost more, may raise SIGPIPE, and do not tell whether less came than there was room for, which is what an
/// edge-triggered epoll needs to be known. Does not own the descriptor. Threads: one at a time.
class SocketBio {
 public:
  explicit SocketBio(int descriptor) noexcept : descriptor_(descriptor) {}
  SocketBio(const SocketBio&) = delete;
  SocketBio& operator=(const SocketBio&) = delete;
  ~SocketBio() = default;

  /// As recv(2) and send(2), but for interruptions and SIGPIPE.
  [[nodiscard]] ssize_t receive(char* into, std::size_t size) noexcept;
  [[nodiscard]] ssize_t send(const char* bytes, std::size_t size) const noexcept;
  /// What the last of these failed with is no failure: it would have had to wait.
  [[nodiscard]] static bool would_wait() noexcept;
  /// A BIO on this, which must outlive it; null without memory.
  [[nodiscard]] BIO* make() noexcept;
  /// The last read got all there was, and nothing was announced since: if more comes, or the end, epoll will say so.
  [[nodiscard]] bool is_drained() const noexcept { return is_drained_; }
  /// epoll has announced something.
  void note_readable() noexcept { is_drained_ = false; }

 private:
  static const BIO_METHOD* method() noexcept;
  static int read(BIO* bio, char* into, int size) noexcept;
  static int write(BIO* bio, const char* bytes, int size) noexcept;
  static long control(BIO* bio, int command, long number, void* pointer) noexcept;

  int descriptor_;
  bool is_drained_ = false;
  bool has_ended_ = false;
};

}  // namespace heliograph::net
