// NotifySocket: a service manager's end of $NOTIFY_SOCKET.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>

#include "support/blocking_client.hpp"

namespace heliograph::test {

class NotifySocket {
 public:
  /// @param address  a path, or '@' and a name.
  explicit NotifySocket(const std::string& address) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un own{};
    own.sun_family = AF_UNIX;
    std::memcpy(own.sun_path, address.data(), address.size());
    if (address.front() == '@') own.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&own), size) != 0) throw std::runtime_error("cannot bind");
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;
  ~NotifySocket() { ::close(socket_); }

  /// The next datagram.
  std::string read() {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, kPatienceMs) == 0) throw std::runtime_error("nothing was told");
    std::array<char, 4096> text{};
    const ssize_t got = ::recv(socket_, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(got)};
  }
  /// Reads on to one that begins so.
  std::string read_to(std::string_view beginning) {
    for (;;)
      if (std::string told = read(); told.starts_with(beginning)) return told;
  }

 private:
  int socket_;
};

}  // namespace heliograph::test
