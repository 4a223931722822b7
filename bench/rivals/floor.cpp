// The floor: the least that a relay of frames can do on epoll. It looks at no text, frames by hand, takes every frame
// out of one read and writes each recipient once per turn. What heliographd takes longer than this is the price of
// meaning.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "rivals/bare.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::bench {
namespace {

struct Peer {
  int fd = -1;
  std::size_t number = 0;
  bool is_open = false;
  bool is_dirty = false;
  bool waits_to_write = false;
  std::string in;  ///< The request, then what is left of a frame.
  std::string out;
};

class Floor {
 public:
  explicit Floor(std::uint16_t port) : epoll_(epoll_create1(0)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 1024) != 0) {
      std::perror("floor");
      std::exit(1);
    }
    watch(listener_, EPOLL_CTL_ADD, EPOLLIN);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> ready{};
    for (;;) {
      const int count = epoll_wait(epoll_, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = ready[static_cast<std::size_t>(i)];
        if (event.data.fd == listener_) {
          accept_one();
          continue;
        }
        Peer& peer = peers_[static_cast<std::size_t>(event.data.fd)];
        if ((event.events & EPOLLOUT) != 0) write(peer);
        if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) read(peer);
      }
      for (const int fd : std::exchange(dirty_, {})) write(peers_[static_cast<std::size_t>(fd)]);
    }
  }

 private:
  void watch(int fd, int how, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(epoll_, how, fd, &event);
  }

  void accept_one() {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (peers_.size() <= static_cast<std::size_t>(fd)) peers_.resize(static_cast<std::size_t>(fd) + 1024);
    peers_[static_cast<std::size_t>(fd)] = Peer{};
    peers_[static_cast<std::size_t>(fd)].fd = fd;
    watch(fd, EPOLL_CTL_ADD, EPOLLIN);
  }

  void drop(Peer& peer) {
    if (peer.is_open) by_number_[peer.number] = -1;
    ::close(peer.fd);
    peer = Peer{};
  }

  void read(Peer& peer) {
    if (peer.fd < 0) return;
    const ssize_t got = recv(peer.fd, buffer_.data(), buffer_.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return drop(peer);
    const auto size = static_cast<std::size_t>(got);
    if (peer.is_open && peer.in.empty()) {
      const std::size_t used = relay_frames(peer, buffer_.data(), size);
      peer.in.assign(buffer_.data() + used, size - used);
      return;
    }
    peer.in.append(buffer_.data(), size);
    if (!peer.is_open && !upgrade(peer)) return;
    peer.in.erase(0, relay_frames(peer, peer.in.data(), peer.in.size()));
  }

  bool upgrade(Peer& peer) {
    const std::size_t end = peer.in.find("\r\n\r\n");
    constexpr std::string_view kHeader = "Sec-WebSocket-Key: ";
    const std::size_t key = peer.in.find(kHeader);
    const auto number = number_in(peer.in);
    if (end == std::string::npos || key == std::string::npos || !number) return false;
    peer.number = *number;
    peer.is_open = true;
    if (by_number_.size() <= (*number | 1U)) by_number_.resize((*number | 1U) + 1024, -1);
    by_number_[*number] = peer.fd;
    peer.out =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
        wire::ws_accept_key(peer.in.substr(key + kHeader.size(), 24)) + "\r\n\r\n";
    mark(peer);
    peer.in.erase(0, end + 4);
    return true;
  }

  void mark(Peer& peer) {
    if (!std::exchange(peer.is_dirty, true)) dirty_.push_back(peer.fd);
  }

  /// Appends what whole frames there are to the partner's output; gives their bytes.
  std::size_t relay_frames(const Peer& from, char* bytes, std::size_t size) {
    const int partner = by_number_[partner_of(from.number)];
    std::size_t at = 0;
    while (size - at >= 6) {
      std::size_t payload = static_cast<unsigned char>(bytes[at + 1]) & 0x7FU;
      std::size_t head = 6;
      if (payload == 126) {
        if (size - at < 8) break;
        payload = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 2])) << 8U |
                  static_cast<unsigned char>(bytes[at + 3]);
        head = 8;
      }
      if (size - at < head + payload) break;
      char* text = bytes + at + head;
      unmask(text, payload, text - 4);
      if (partner >= 0) {
        Peer& to = peers_[static_cast<std::size_t>(partner)];
        to.out.append(bytes + at, 1).push_back(static_cast<char>(bytes[at + 1] & 0x7F));
        to.out.append(bytes + at + 2, head - 6).append(text, payload);
        mark(to);
      }
      at += head + payload;
    }
    return at;
  }

  static void unmask(char* text, std::size_t size, const char* key) {
    std::uint32_t four = 0;
    std::memcpy(&four, key, 4);
    const std::uint64_t eight = std::uint64_t{four} << 32U | four;
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text + i, 8);
      word ^= eight;
      std::memcpy(text + i, &word, 8);
    }
    for (; i < size; ++i) text[i] = static_cast<char>(text[i] ^ key[i % 4]);
  }

  void write(Peer& peer) {
    peer.is_dirty = false;
    if (peer.fd < 0) return;
    const ssize_t put = send(peer.fd, peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN) return drop(peer);
    if (put > 0) peer.out.erase(0, static_cast<std::size_t>(put));
    if (peer.out.empty() == peer.waits_to_write) {
      peer.waits_to_write = !peer.out.empty();
      watch(peer.fd, EPOLL_CTL_MOD, peer.waits_to_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
  }

  int epoll_;
  int listener_;
  std::vector<Peer> peers_;     ///< By descriptor.
  std::vector<int> by_number_;  ///< Descriptors.
  std::vector<int> dirty_;
  std::array<char, 64 * 1024> buffer_{};
};

}  // namespace
}  // namespace heliograph::bench

int main(int argc, char** argv) {
  const std::uint16_t port = heliograph::bench::port_from(argc, argv);
  heliograph::bench::Floor(port).run();
}
