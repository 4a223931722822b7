// Blocking sockets with timeouts, and OpenSSL on top.
#include "cli/client/stream.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace heliograph::cli {
namespace {

std::string name_of(const Endpoint& endpoint) { return endpoint.host + " port " + std::to_string(endpoint.port); }

/// 0, or what went wrong.
int connect_within_patience(int fd, const addrinfo& address) {
  const int flags = ::fcntl(fd, F_GETFL);
  ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  int problem = ::connect(fd, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (problem == EINPROGRESS) {
    pollfd writable{fd, POLLOUT, 0};
    socklen_t size = sizeof problem;
    if (::poll(&writable, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) == 0) {
      problem = ETIMEDOUT;
    } else {
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size);
    }
  }
  ::fcntl(fd, F_SETFL, flags);
  const timeval patience{kPatience.count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return problem;
}

Error io_error(std::string_view what, int number) {
  const bool is_late = number == EAGAIN || number == EWOULDBLOCK || number == ETIMEDOUT;
  return {is_late ? Errc::kTimeout : Errc::kIo,
          std::string(what) + ": " + (is_late ? "no answer within 5 seconds" : std::strerror(number))};
}

struct Free {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

}  // namespace

Result<int> open_socket(const Endpoint& endpoint, int kind) {
  addrinfo hints{};
  hints.ai_socktype = kind;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (failed != 0)
    return Error{Errc::kIo, "the name " + endpoint.host + " cannot be resolved: " + ::gai_strerror(failed)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int problem = ENOENT;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int fd = ::socket(address->ai_family, kind | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    problem = connect_within_patience(fd, *address);
    if (problem == 0) return fd;
    ::close(fd);
  }
  return io_error("cannot connect to " + name_of(endpoint), problem);
}

struct Stream::Impl {
  ~Impl() {
    ssl.reset();
    if (fd >= 0) ::close(fd);
  }

  Result<void> start_tls(const Endpoint& endpoint, const Trust& trust);

  int fd = -1;
  std::unique_ptr<SSL_CTX, Free> context;
  std::unique_ptr<SSL, Free> ssl;
};

Result<void> Stream::Impl::start_tls(const Endpoint& endpoint, const Trust& trust) {
  context.reset(SSL_CTX_new(TLS_client_method()));
  if (trust.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_locations(context.get(), trust.ca_file.c_str(), nullptr) != 1) {
    return Error{Errc::kInvalidArgument, "cannot read the certificates of " + trust.ca_file};
  }
  SSL_CTX_set_verify(context.get(), trust.is_believing ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  ssl.reset(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), fd);
  std::array<unsigned char, 16> address{};
  if (::inet_pton(AF_INET, endpoint.host.c_str(), address.data()) == 1 ||
      ::inet_pton(AF_INET6, endpoint.host.c_str(), address.data()) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), endpoint.host.c_str());
  } else {
    std::string name = endpoint.host;  // What the macro SSL_set_tlsext_host_name does, without its casts.
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    SSL_set1_host(ssl.get(), endpoint.host.c_str());
  }
  ERR_clear_error();
  if (SSL_connect(ssl.get()) == 1) return {};
  if (const long verdict = SSL_get_verify_result(ssl.get()); verdict != X509_V_OK)
    return Error{Errc::kAccessDenied,
                 std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict)};
  return Error{Errc::kIo, "no TLS with " + name_of(endpoint) + "; is it served there?"};
}

Stream::Stream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Result<Stream> Stream::connect(const Endpoint& endpoint, const Trust& trust) {
  const auto fd = open_socket(endpoint, SOCK_STREAM);
  if (!fd) return fd.error();
  auto impl = std::make_unique<Impl>();
  impl->fd = *fd;
  if (endpoint.tls)
    if (auto started = impl->start_tls(endpoint, trust); !started) return started.error();
  return Stream(std::move(impl));
}

Result<void> Stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = impl_->ssl ? SSL_write(impl_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()))
                                : ::send(impl_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return io_error("cannot send", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<std::string> Stream::read() {
  std::array<char, 16384> piece{};
  errno = 0;
  const auto got = impl_->ssl ? SSL_read(impl_->ssl.get(), piece.data(), static_cast<int>(piece.size()))
                              : ::recv(impl_->fd, piece.data(), piece.size(), 0);
  if (got < 0 && errno != 0 && errno != ECONNRESET) return io_error("cannot read", errno);
  return std::string(piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
}

void Stream::wait_for_ever() {
  const timeval never{};
  ::setsockopt(impl_->fd, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof never);
}

std::string Stream::security() const {
  if (!impl_->ssl) return {};
  std::string text = SSL_get_version(impl_->ssl.get());
  const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(impl_->ssl.get()));
  if (!certificate) return text;
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  BIO_puts(out.get(), ", certificate of ");
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_ONELINE);
  BIO_puts(out.get(), " until ");
  ASN1_TIME_print(out.get(), X509_get0_notAfter(certificate.get()));
  char* begin = nullptr;
  const long size = BIO_get_mem_data(out.get(), &begin);
  return text.append(begin, static_cast<std::size_t>(size));
}

}  // namespace heliograph::cli
