// MutualTlsServer: an HTTPS server that demands a certificate, and answers as a test wants.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/test_ca.hpp"

namespace heliograph::test {

/// On a free port of the loopback interface; one connection after the other, one request each.
/// Threads: the test's; connections are served on one of its own.
class MutualTlsServer {
 public:
  struct Request {
    std::string text;    ///< Head and body.
    std::string client;  ///< CN of its certificate.
    std::string sni;
  };
  /// The whole answer to the n-th request, from 0. Empty: nothing, ever.
  using Answer = std::function<std::optional<std::string>(const Request&, std::size_t)>;

  /// Takes certificates of that authority only.
  MutualTlsServer(TestCa& ca, Answer answer) : answer_(std::move(answer)) {
    const CertificateFiles files = ca.issue("server", "serverAuth");
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_load_verify_locations(context_.get(), ca.ca_file().c_str(), nullptr) != 1 || !listen())
      throw std::runtime_error("cannot set up the TLS server");
    thread_ = std::thread([this]() { serve(); });
  }
  MutualTlsServer(const MutualTlsServer&) = delete;
  MutualTlsServer& operator=(const MutualTlsServer&) = delete;
  ~MutualTlsServer() {
    ::close(wake_[1]);
    thread_.join();
    ::close(wake_[0]);
    ::close(listener_);
  }

  [[nodiscard]] std::string authority(const std::string& host = "localhost") const {
    return host + ":" + std::to_string(port_);
  }
  [[nodiscard]] std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  /// Handshakes that failed.
  [[nodiscard]] std::size_t refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
  }

 private:
  using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

  bool listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 16) != 0 || ::pipe(wake_.data()) != 0 ||
        ::getsockname(listener_, raw, &size) != 0)
      return false;
    port_ = ntohs(address.sin_port);
    return true;
  }
  /// False: the server ends.
  [[nodiscard]] bool wait_for(int descriptor) const {
    std::array<pollfd, 2> waits{{{descriptor, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    return ::poll(waits.data(), waits.size(), -1) > 0 && waits[1].revents == 0;
  }
  void serve() {
    std::vector<int> sockets;
    std::vector<Connection> silent;  // Left without an answer, but open.
    while (wait_for(listener_)) {
      sockets.push_back(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
      Connection connection(SSL_new(context_.get()), SSL_free);
      SSL_set_fd(connection.get(), sockets.back());
      if (SSL_accept(connection.get()) != 1) {
        const std::lock_guard lock(mutex_);
        ++refused_;
        ::shutdown(sockets.back(), SHUT_RDWR);
        continue;
      }
      if (!talk(*connection, sockets.back())) silent.push_back(std::move(connection));
    }
    for (const int socket : sockets) ::close(socket);
  }
  /// False: it is left waiting.
  bool talk(SSL& connection, int socket) {
    Request request;
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(&connection), X509_free);
    std::array<char, 4096> piece{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, piece.data(), piece.size());
    request.client = piece.data();
    const char* sni = SSL_get_servername(&connection, TLSEXT_NAMETYPE_host_name);
    request.sni = sni == nullptr ? "" : sni;
    while (request.text.find("\r\n\r\n") == std::string::npos) {
      const int got = SSL_read(&connection, piece.data(), static_cast<int>(piece.size()));
      if (got <= 0) return true;
      request.text.append(piece.data(), static_cast<std::size_t>(got));
    }
    std::size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = requests_.size();
      requests_.push_back(request);
    }
    const auto answer = answer_(request, number);
    if (!answer) return false;
    SSL_write(&connection, answer->data(), static_cast<int>(answer->size()));
    SSL_shutdown(&connection);
    ::shutdown(socket, SHUT_WR);
    return true;
  }

  Answer answer_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  int listener_ = -1;
  std::array<int, 2> wake_{-1, -1};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::size_t refused_ = 0;
  std::thread thread_;
};

}  // namespace heliograph::test
