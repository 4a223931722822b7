// Sockets of the load client: connect, upgrade, then frames both ways.
#include "load/connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace heliograph::bench {
namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

/// One buffer for all connections: nothing stays in it between two reads.
std::array<char, 64 * 1024> read_buffer;

std::uint32_t next_mask() noexcept {
  static std::uint32_t state = 0x9E3779B9;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

std::string errno_text() { return std::strerror(errno); }

}  // namespace

Result<void> Connection::open(int epoll, std::size_t number, const Options& server, const std::string& target) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port);
  if (inet_pton(AF_INET, server.host.c_str(), &address.sin_addr) != 1) {
    return Error{Errc::kInvalidArgument, "--host must be an IPv4 address"};
  }
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return Error{Errc::kIo, "no socket: " + errno_text()};
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) {
    const std::string why = errno_text();
    close();
    return Error{Errc::kIo, "cannot connect: " + why};
  }
  epoll_ = epoll;
  number_ = number;
  state_ = State::kConnecting;
  writing_ = true;
  decoder_ = wire::WsDecoder(wire::WsRole::kClient, {.max_message = 1 << 20});
  head_.clear();
  out_ = "GET " + target + " HTTP/1.1\r\nHost: " + server.host + ":" + std::to_string(server.port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
         std::string(kKey) + "\r\n\r\n";
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.u64 = number;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event) != 0) return Error{Errc::kIo, "epoll: " + errno_text()};
  return {};
}

void Connection::close() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  state_ = State::kClosed;
}

void Connection::send_text(std::string_view text) {
  wire::append_ws_frame(out_, wire::WsKind::kText, text, next_mask());
}

void Connection::flush() {
  if (state_ == State::kClosed || writing_ || out_.empty()) return;
  const ssize_t sent = send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
  if (!out_.empty()) watch(true);  // Full, or broken: epoll will say which.
}

void Connection::watch(bool for_writing) noexcept {
  writing_ = for_writing;
  epoll_event event{};
  event.events = for_writing ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u64 = number_;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, fd_, &event);
}

void Connection::on_ready(std::uint32_t epoll_events, Events& events) {
  if (state_ == State::kClosed) return;
  if (state_ == State::kConnecting && (epoll_events & (EPOLLOUT | EPOLLERR)) != 0) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return lose(std::string("cannot connect: ") + std::strerror(error), events);
    state_ = State::kUpgrading;
  }
  if ((epoll_events & EPOLLOUT) != 0 && writing_) {
    watch(false);
    flush();
  }
  if ((epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(events);
}

void Connection::read(Events& events) {
  while (state_ != State::kClosed) {
    const ssize_t got = recv(fd_, read_buffer.data(), read_buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got < 0) return lose("the connection broke: " + errno_text(), events);
    if (got == 0) return lose("the server closed the connection", events);
    const auto size = static_cast<std::size_t>(got);
    if (state_ == State::kUpgrading) {
      take_head({read_buffer.data(), size}, events);
    } else {
      take_messages({read_buffer.data(), size}, events);
    }
    if (size < read_buffer.size()) return;
  }
}

void Connection::take_head(std::string_view bytes, Events& events) {
  head_ += bytes;
  const std::size_t end = head_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  static const std::string kAccept = wire::ws_accept_key(kKey);
  const std::string_view head = std::string_view(head_).substr(0, end);
  if (!head.starts_with("HTTP/1.1 101 ") || head.find(kAccept) == std::string_view::npos) {
    return lose("the upgrade was refused: " + head_.substr(0, 400), events);
  }
  state_ = State::kOpen;
  std::string rest = head_.substr(end + 4);
  std::string().swap(head_);
  events.on_open(number_);
  if (!rest.empty()) take_messages(rest, events);
}

void Connection::take_messages(std::span<char> bytes, Events& events) {
  decoder_.feed(bytes);
  while (const auto message = decoder_.next()) {
    switch (message->kind) {
      case wire::WsKind::kText:
        events.on_text(number_, message->payload);
        break;
      case wire::WsKind::kPing:
        wire::append_ws_frame(out_, wire::WsKind::kPong, message->payload, next_mask());
        flush();
        break;
      case wire::WsKind::kPong:
        break;
      case wire::WsKind::kBinary:
        return lose("the server sent a binary message", events);
      case wire::WsKind::kClose:
        return lose(
            "the server closed with " + std::to_string(message->close_code) + " " + std::string(message->payload),
            events);
    }
    if (state_ == State::kClosed) return;
  }
  if (decoder_.failure()) lose("the server broke RFC 6455: " + decoder_.failure()->detail, events);
}

void Connection::lose(const std::string& why, Events& events) {
  close();
  events.on_lost(number_, why);
}

}  // namespace heliograph::bench
