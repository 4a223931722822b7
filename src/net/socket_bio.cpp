// The four functions of a BIO.
#include "net/socket_bio.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace heliograph::net {
namespace {

SocketBio& self(BIO* bio) noexcept { return *static_cast<SocketBio*>(BIO_get_data(bio)); }

bool is_for_now(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

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
  SocketBio& socket = self(bio);
  BIO_clear_retry_flags(bio);
  ssize_t got = 0;
  do {
    got = ::recv(socket.descriptor_, into, static_cast<std::size_t>(size), 0);
  } while (got < 0 && errno == EINTR);
  socket.is_drained_ = got < size;
  socket.has_ended_ = got == 0;
  if (got < 0 && is_for_now(errno)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int SocketBio::write(BIO* bio, const char* bytes, int size) noexcept {
  BIO_clear_retry_flags(bio);
  ssize_t put = 0;
  do {
    put = ::send(self(bio).descriptor_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  if (put < 0 && is_for_now(errno)) BIO_set_retry_write(bio);
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
