// The system calls, and the functions of a BIO over them.
#include "net/socket_bio.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace heliograph::net {
namespace {

SocketBio& self(BIO* bio) noexcept { return *static_cast<SocketBio*>(BIO_get_data(bio)); }

}  // namespace

ssize_t SocketBio::receive(char* into, std::size_t size) noexcept {
  ssize_t got = 0;
  do {
    got = ::recv(descriptor_, into, size, 0);
  } while (got < 0 && errno == EINTR);
  is_drained_ = got < 0 || static_cast<std::size_t>(got) < size;
  has_ended_ = got == 0;
  return got;
}

ssize_t SocketBio::send(const char* bytes, std::size_t size) const noexcept {
  ssize_t put = 0;
  do {
    put = ::send(descriptor_, bytes, size, MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  return put;
}

bool SocketBio::would_wait() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK; }

const BIO_METHOD* SocketBio::method() noexcept {
  // Never freed: connections may still be ending while static objects are being destroyed.
  static const BIO_METHOD* const made = []() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "heliograph socket");
    if (method == nullptr) return method;
    BIO_meth_set_read(method, &SocketBio::read);
    BIO_meth_set_write(method, &SocketBio::write);
    BIO_meth_set_ctrl(method, &SocketBio::control);
    return method;
  }();
  return made;
}

BIO* SocketBio::make() noexcept {
  BIO* bio = method() == nullptr ? nullptr : BIO_new(method());
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

int SocketBio::read(BIO* bio, char* into, int size) noexcept {
  BIO_clear_retry_flags(bio);
  const ssize_t got = self(bio).receive(into, static_cast<std::size_t>(size));
  if (got < 0 && would_wait()) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int SocketBio::write(BIO* bio, const char* bytes, int size) noexcept {
  BIO_clear_retry_flags(bio);
  const ssize_t put = self(bio).send(bytes, static_cast<std::size_t>(size));
  if (put < 0 && would_wait()) BIO_set_retry_write(bio);
  return static_cast<int>(put);
}

long SocketBio::control(BIO* bio, int command, long, void*) noexcept {
  switch (command) {
    case BIO_CTRL_FLUSH:  // There is nothing held back.
      return 1;
    case BIO_CTRL_EOF:  // Which OpenSSL asks for to tell the end from a failure.
      return self(bio).has_ended_ ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace heliograph::net
