// Connect, upgrade, then frames both ways.
#include "load/connection.hpp"

#include <sys/epoll.h>

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
  if (auto opened = socket_.open(server); !opened) return opened;
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
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_.descriptor(), &event) != 0) {
    return Error{Errc::kIo, "epoll: " + errno_text()};
  }
  return {};
}

void Connection::close() noexcept {
  socket_.close();
  state_ = State::kClosed;
}

void Connection::send_text(std::string_view text) {
  wire::append_ws_frame(out_, wire::WsKind::kText, text, next_mask());
}

void Connection::flush() {
  if (state_ == State::kClosed || writing_ || out_.empty()) return;
  const Moved sent = socket_.write(out_);
  out_.erase(0, sent.bytes);
  if (!out_.empty()) watch(true);  // Full, or broken: epoll will say which.
}

void Connection::watch(bool for_writing) noexcept {
  writing_ = for_writing;
  epoll_event event{};
  event.events = for_writing ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u64 = number_;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, socket_.descriptor(), &event);
}

void Connection::on_ready(std::uint32_t epoll_events, Events& events) {
  if (state_ == State::kClosed) return;
  if (state_ == State::kConnecting) {
    const Step step = socket_.establish();
    if (step == Step::kEnd) return lose("cannot connect: " + errno_text(), events);
    // A TLS handshake that waits, waits for the server: there is always room for our few bytes.
    if (step == Step::kWait) return watch(false);
    state_ = State::kUpgrading;
    watch(false);
    flush();
  } else if ((epoll_events & EPOLLOUT) != 0 && writing_) {
    watch(false);
    flush();
  }
  if ((epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(events);
}

void Connection::read(Events& events) {
  while (state_ != State::kClosed) {
    const Moved got = socket_.read(read_buffer);
    if (got.step == Step::kWait) return;
    if (got.step == Step::kEnd) return lose("the server closed or broke the connection", events);
    if (state_ == State::kUpgrading) {
      take_head({read_buffer.data(), got.bytes}, events);
    } else {
      take_messages({read_buffer.data(), got.bytes}, events);
    }
    // A full buffer may have more behind it, and so may a TLS record.
    if (got.bytes < read_buffer.size() && !socket_.has_buffered()) return;
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
