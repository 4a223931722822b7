// BlockingClient: a peer of the server under test: TCP or TLS, one call at a time, and HTTP answers read from it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heliograph::test {

/// How long a test waits for what must come; only a bound for one that fails.
inline constexpr int kPatienceMs = 30'000;

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key.size() == name.size() && ::strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
    return {};
  }
};

/// What a TLS client offers.
struct TlsOptions {
  int version = 0;         ///< TLS1_2_VERSION, TLS1_3_VERSION; 0: either.
  std::string alpn{};      ///< In wire form: "\x08http/1.1".
  SSL_SESSION* session{};  ///< To resume; stays the caller's.
};

using SslContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using SslSession = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

/// Throws std::runtime_error when what it waits for does not come. Lifetime of the socket: the object's. Move-only.
class BlockingClient {
 public:
  /// @param receive_buffer  bytes of the kernel's buffer, for a peer that does not read; 0: the system's.
  explicit BlockingClient(std::uint16_t port, int receive_buffer = 0) {
    ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a peer that may have gone.
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect");
    }
  }
  BlockingClient(BlockingClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        context_(std::move(other.context_)),
        ssl_(std::move(other.ssl_)),
        input_(std::move(other.input_)) {}
  BlockingClient& operator=(BlockingClient&&) = delete;
  ~BlockingClient() { close(); }

  [[nodiscard]] int descriptor() const noexcept { return socket_; }
  /// Shakes hands; false when the server ends it.
  [[nodiscard]] bool start_tls(const TlsOptions& options = {}) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (options.version != 0) {
      SSL_CTX_set_min_proto_version(context_.get(), options.version);
      SSL_CTX_set_max_proto_version(context_.get(), options.version);
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    if (!options.alpn.empty())
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.alpn.data()),
                          static_cast<unsigned>(options.alpn.size()));
    if (options.session != nullptr) SSL_set_session(ssl_.get(), options.session);
    ERR_clear_error();
    return SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

  /// False when the server does not take it any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t put = 0;
      if (ssl_) {
        put = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
      } else {
        put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      }
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }

  /// Reads on into input(); false at the end of the stream.
  bool read_more() {
    if (!ssl_ || SSL_pending(ssl_.get()) == 0) {
      pollfd readable{socket_, POLLIN, 0};
      if (::poll(&readable, 1, kPatienceMs) == 0)
        throw std::runtime_error("nothing came; so far: '" + input_.substr(0, 500) + "'");
    }
    std::array<char, 16384> piece{};
    const ssize_t got = ssl_ ? SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()))
                             : ::recv(socket_, piece.data(), piece.size(), 0);
    if (got <= 0) return false;
    input_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }
  [[nodiscard]] std::string& input() { return input_; }
  /// Everything up to the end of the stream.
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(input_, {});
  }
  /// Whether the server ends the connection without another byte.
  bool ends() { return read_to_end().empty(); }

  /// @param head  the request was a HEAD: no body follows.
  HttpAnswer read_answer(bool head = false) {
    const std::string text = take_until("\r\n\r\n");
    HttpAnswer answer;
    if (!text.starts_with("HTTP/1.1 ")) throw std::runtime_error("not an answer: '" + text + "'");
    answer.status = std::stoi(text.substr(9, 3));
    for (std::size_t at = text.find("\r\n") + 2; at < text.size() - 2;) {
      const std::size_t end = text.find("\r\n", at);
      const std::size_t colon = text.find(": ", at);
      answer.headers.emplace_back(text.substr(at, colon - at), text.substr(colon + 2, end - colon - 2));
      at = end + 2;
    }
    const std::string length = answer.header("Content-Length");
    if (!head && !length.empty()) answer.body = take(std::stoul(length));
    return answer;
  }
  HttpAnswer ask(std::string_view request, bool head = false) {
    send(request);
    return read_answer(head);
  }
  HttpAnswer get(std::string_view target) {
    return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  void shut_down_write() {
    if (ssl_) SSL_shutdown(ssl_.get());
    ::shutdown(socket_, SHUT_WR);
  }
  /// Goes without a FIN: the server sees a reset.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }
  void close() {
    ssl_.reset();
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  };

  std::string take(std::size_t bytes) {
    while (input_.size() < bytes)
      if (!read_more()) throw std::runtime_error("ended within a body");
    std::string taken = input_.substr(0, bytes);
    input_.erase(0, bytes);
    return taken;
  }
  std::string take_until(std::string_view mark) {
    std::size_t at = std::string::npos;
    while ((at = input_.find(mark)) == std::string::npos)
      if (!read_more()) throw std::runtime_error("ended after '" + input_ + "'");
    return take(at + mark.size());
  }

  int socket_ = -1;
  SslContext context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string input_;
};

}  // namespace heliograph::test
