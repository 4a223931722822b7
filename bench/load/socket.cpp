// System calls, and OpenSSL on the descriptor itself.
#include "load/socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace heliograph::bench {
namespace {

constexpr std::uint32_t kPerAddress = 4'000;

Error io_error(const char* what) { return {Errc::kIo, std::string(what) + ": " + std::strerror(errno)}; }

/// An address on loopback, other ones for each process and after some thousand connections: an address whose ports wait
/// for the ends of earlier connections makes the kernel search for one that is free, for longer than anything else
/// takes.
in_addr_t own_address() {
  static std::uint32_t opened = 0;
  const std::uint32_t process = static_cast<std::uint32_t>(::getpid()) & 0xFFFFU;
  return 127U << 24U | process << 8U | (1 + opened++ / kPerAddress % 250);
}

/// For a server on loopback; whatever the kernel chooses otherwise.
void bind_own_address(int fd, const sockaddr_in& server) {
  if (ntohl(server.sin_addr.s_addr) >> 24U != 127) return;
  const int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(own_address());
  static_cast<void>(bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own));
}

}  // namespace

Result<void> Socket::open(const Options& server) {
  close();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port);
  if (inet_pton(AF_INET, server.host.c_str(), &address.sin_addr) != 1) {
    return Error{Errc::kInvalidArgument, "--host must be an IPv4 address"};
  }
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return io_error("no socket");
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  bind_own_address(fd_, address);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) {
    return io_error("cannot connect");
  }
  resumes_ = server.tls == Tls::kResume;
  if (server.tls == Tls::kNone) return {};
  ssl_.reset(SSL_new(context()));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_) != 1) return Error{Errc::kIo, "OpenSSL has no memory"};
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_connect_state(ssl_.get());
  if (resumes_ && session_) SSL_set_session(ssl_.get(), session_.get());
  return {};
}

void Socket::close() noexcept {
  if (ssl_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);  // Else the session counts as bad.
  ssl_.reset();
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  is_connected_ = false;
}

SSL_CTX* Socket::context() {
  static const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> made = [] {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, &Socket::keep_session);
    return std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>(context, &SSL_CTX_free);
  }();
  return made.get();
}

int Socket::keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* socket = static_cast<Socket*>(SSL_get_app_data(ssl));
  if (!socket->resumes_) return 0;
  socket->session_.reset(session);
  return 1;  // Ours to free.
}

Step Socket::establish() {
  if (!is_connected_) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return errno = error, Step::kEnd;
    is_connected_ = true;
  }
  if (!ssl_) return Step::kDone;
  ERR_clear_error();
  return step_of(SSL_do_handshake(ssl_.get()));
}

Step Socket::step_of(int returned) const {
  if (returned > 0) return Step::kDone;
  const int why = SSL_get_error(ssl_.get(), returned);
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? Step::kWait : Step::kEnd;
}

Moved Socket::read(std::span<char> into) {
  if (ssl_) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
    return {step_of(got), got > 0 ? static_cast<std::size_t>(got) : 0};
  }
  const ssize_t got = recv(fd_, into.data(), into.size(), 0);
  if (got > 0) return {Step::kDone, static_cast<std::size_t>(got)};
  return {got < 0 && (errno == EAGAIN || errno == EINTR) ? Step::kWait : Step::kEnd};
}

Moved Socket::write(std::string_view bytes) {
  if (ssl_) {
    ERR_clear_error();
    const int put = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    return {step_of(put), put > 0 ? static_cast<std::size_t>(put) : 0};
  }
  const ssize_t put = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put >= 0) return {Step::kDone, static_cast<std::size_t>(put)};
  return {errno == EAGAIN || errno == EINTR ? Step::kWait : Step::kEnd};
}

}  // namespace heliograph::bench
