// System calls and OpenSSL calls that never wait.
#include "net/transport.hpp"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace heliograph::net {
namespace {

constexpr unsigned char kTlsHandshakeRecord = 0x16;  // RFC 8446, 5.1

IoResult from_errno() noexcept {
  if (SocketBio::would_wait()) return {IoStatus::kWantRead, 0};
  return {IoStatus::kFailed, 0};
}

int to_int(std::size_t size) noexcept { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

IoResult Transport::peek_is_tls() const noexcept {
  unsigned char first = 0;
  ssize_t got = 0;
  do {
    got = ::recv(descriptor_, &first, 1, MSG_PEEK);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return from_errno();
  if (got == 0) return {IoStatus::kEnd, 0};
  return {IoStatus::kDone, first == kTlsHandshakeRecord ? 1U : 0U};
}

bool Transport::start_tls(SSL_CTX* context) noexcept {
  ssl_.reset(SSL_new(context));
  BIO* bio = ssl_ ? bio_.make() : nullptr;
  if (bio == nullptr) return false;
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
  return true;
}

IoResult Transport::to_result(int returned) noexcept {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {IoStatus::kWantRead, 0};
    case SSL_ERROR_WANT_WRITE:
      return {IoStatus::kWantWrite, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {IoStatus::kEnd, 0};
    default:
      broken_ = true;
      ERR_clear_error();
      return {IoStatus::kFailed, 0};
  }
}

IoResult Transport::handshake() noexcept {
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl_.get());
  return returned == 1 ? IoResult{IoStatus::kDone, 0} : to_result(returned);
}

IoResult Transport::read(std::span<char> buffer) noexcept {
  if (ssl_) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), buffer.data(), to_int(buffer.size()));
    return got > 0 ? IoResult{IoStatus::kDone, static_cast<std::size_t>(got)} : to_result(got);
  }
  const ssize_t got = bio_.receive(buffer.data(), buffer.size());
  if (got < 0) return from_errno();
  return got == 0 ? IoResult{IoStatus::kEnd, 0} : IoResult{IoStatus::kDone, static_cast<std::size_t>(got)};
}

IoResult Transport::write(std::string_view data) noexcept {
  if (ssl_) {
    ERR_clear_error();
    const int put = SSL_write(ssl_.get(), data.data(), to_int(data.size()));
    return put > 0 ? IoResult{IoStatus::kDone, static_cast<std::size_t>(put)} : to_result(put);
  }
  const ssize_t put = bio_.send(data.data(), data.size());
  if (put >= 0) return {IoStatus::kDone, static_cast<std::size_t>(put)};
  const IoResult result = from_errno();
  return result.status == IoStatus::kWantRead ? IoResult{IoStatus::kWantWrite, 0} : result;
}

void Transport::shut_down_write() noexcept {
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get())) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace heliograph::net
