// TurnClient: as much of a TURN client as it takes to try what a relay allows (RFC 8656), over UDP on loopback.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "support/blocking_client.hpp"
#include "wire/stun.hpp"

namespace heliograph::test {

/// A UDP socket of the loopback interface.
class UdpSocket {
 public:
  UdpSocket() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) != 0) throw std::runtime_error("cannot bind");
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  UdpSocket(UdpSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}
  UdpSocket& operator=(UdpSocket&&) = delete;
  ~UdpSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void send(std::uint16_t to, std::string_view bytes) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  /// A datagram, or nothing for so long.
  [[nodiscard]] std::optional<std::string> receive(std::chrono::milliseconds patience) const {
    pollfd readable{fd_, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    std::array<char, 4096> piece{};
    const ssize_t got = ::recv(fd_, piece.data(), piece.size(), 0);
    if (got < 0) return std::nullopt;
    return std::string(piece.data(), static_cast<std::size_t>(got));
  }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

/// One client, one allocation. Answers are codes: 0 is success, 486 a refusal.
class TurnClient {
 public:
  TurnClient(std::uint16_t relay, std::string user, std::string password)
      : relay_(relay), user_(std::move(user)), password_(std::move(password)) {}

  int allocate() {
    wire::StunMessage first = request(wire::StunMethod::kAllocate);
    first.attributes.emplace_back(wire::kStunRequestedTransport, std::string("\x11\0\0\0", 4));
    const auto challenge = ask(first);
    realm_ = challenge.find(wire::kStunRealm);
    nonce_ = challenge.find(wire::kStunNonce);
    const auto answer = ask_signed(wire::StunMethod::kAllocate, {first.attributes.front()});
    if (const auto address = answer.address(wire::kStunRelayedAddress)) relayed_ = *address;
    return answer.error_code();
  }
  /// Lets the peer in.
  int permit(const std::string& ip) {
    return ask_signed(wire::StunMethod::kCreatePermission, {{wire::kStunPeerAddress, wire::to_xor_address({ip, 9})}})
        .error_code();
  }
  int refresh() { return ask_signed(wire::StunMethod::kRefresh, {}).error_code(); }
  /// To a peer of the loopback interface, through the relay.
  void send(std::uint16_t peer, std::string_view data) {
    wire::StunMessage message = request(wire::StunMethod::kSend);
    message.kind = wire::StunClass::kIndication;
    message.attributes.emplace_back(wire::kStunPeerAddress, wire::to_xor_address({"127.0.0.1", peer}));
    message.attributes.emplace_back(wire::kStunData, data);
    socket_.send(relay_, wire::to_stun(message));
  }
  [[nodiscard]] const wire::StunAddress& relayed() const { return relayed_; }

 private:
  wire::StunMessage request(wire::StunMethod method) {
    wire::StunMessage message{.method = method, .kind = wire::StunClass::kRequest, .transaction = {}, .attributes = {}};
    const std::string number = std::to_string(++requests_) + '.' + std::to_string(socket_.port());
    std::copy_n(number.begin(), std::min(number.size(), message.transaction.size()), message.transaction.begin());
    return message;
  }
  /// Asks again until it is answered: UDP loses, and the relay may be starting.
  wire::StunMessage ask(const wire::StunMessage& message, std::string_view key = {}) {
    const std::string bytes = wire::to_stun(message, key);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
    while (std::chrono::steady_clock::now() < end) {
      socket_.send(relay_, bytes);
      while (const auto datagram = socket_.receive(std::chrono::milliseconds(500))) {
        auto answer = wire::parse_stun(*datagram);
        if (answer && answer->transaction == message.transaction) return *std::move(answer);
      }
    }
    throw std::runtime_error("the relay does not answer");
  }
  wire::StunMessage ask_signed(wire::StunMethod method, std::vector<std::pair<std::uint16_t, std::string>> attributes) {
    wire::StunMessage message = request(method);
    message.attributes = std::move(attributes);
    message.attributes.emplace_back(wire::kStunUsername, user_);
    message.attributes.emplace_back(wire::kStunRealm, realm_);
    message.attributes.emplace_back(wire::kStunNonce, nonce_);
    return ask(message, wire::stun_long_term_key(user_, realm_, password_));
  }

  UdpSocket socket_;
  std::uint16_t relay_;
  std::string user_;
  std::string password_;
  std::string realm_;
  std::string nonce_;
  wire::StunAddress relayed_;
  int requests_ = 0;
};

}  // namespace heliograph::test
