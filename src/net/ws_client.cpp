// The handshake of RFC 6455, 4.1, then our own codec.
#include "net/ws_client.hpp"

#include <span>
#include <utility>

#include "wire/base64.hpp"

namespace heliograph::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kMaxHead = 32UL * 1024;
constexpr std::size_t kMaxRefusal = 64UL * 1024;

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  return true;
}

}  // namespace

WsClient::WsClient(const ClientTools& tools, Rng& rng, Options options, Handlers handlers)
    : rng_(rng),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      stream_(std::make_shared<ClientStream>(tools)),
      timer_(tools.context),
      reader_(kMaxHead, kMaxRefusal, false),
      decoder_(wire::WsRole::kClient, {.max_message = options_.max_message}) {}

void WsClient::start() {
  timer_.expires_after(options_.handshake_timeout);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self || self->state_ != State::kConnecting) return;
    self->lose(Error{Errc::kTimeout, "no WebSocket within " + std::to_string(self->options_.handshake_timeout.count()) +
                                         " ms from " + self->options_.url.authority()});
  });
  const HttpUrl& url = options_.url;
  stream_->connect({url.tls, url.host, url.port, options_.files}, [weak = weak_from_this()](Result<void> connected) {
    const auto self = weak.lock();
    if (!self || self->state_ != State::kConnecting) return;
    if (!connected) return self->lose(std::move(connected).error());
    self->shake_hands();
  });
}

void WsClient::shake_hands() {
  std::array<std::byte, 16> nonce{};
  rng_.fill(nonce);
  key_ = wire::to_base64({reinterpret_cast<const char*>(nonce.data()), nonce.size()});
  on_the_way_ =
      "GET " + options_.url.target + " HTTP/1.1\r\nHost: " + options_.url.authority() +
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key_ +
      "\r\n";
  if (!options_.user_agent.empty()) on_the_way_ += "User-Agent: " + options_.user_agent + "\r\n";
  on_the_way_ += "\r\n";
  stream_->write(asio::buffer(on_the_way_), [self = shared_from_this()](error_code error, std::size_t) {
    if (self->state_ != State::kConnecting) return;
    self->on_the_way_.clear();
    if (error)
      return self->lose(
          Error{Errc::kIo, "cannot send to " + self->options_.url.authority() + " (" + error.message() + ")"});
    self->read_answer();
  });
}

void WsClient::read_answer() {
  stream_->read_some(asio::buffer(input_), [self = shared_from_this()](error_code error, std::size_t bytes) {
    if (self->state_ != State::kConnecting) return;
    if (const auto fed = self->reader_.feed({self->input_.data(), bytes}); !fed) return self->lose(fed.error());
    if (self->reader_.is_whole() || (error && self->reader_.on_end())) return self->on_answer(self->reader_.take());
    if (error)
      return self->lose(Error{Errc::kIo, "the connection to " + self->options_.url.authority() +
                                             " ended before the handshake did (" + error.message() + ")"});
    self->read_answer();
  });
}

void WsClient::on_answer(HttpReply answer) {
  timer_.cancel();
  if (answer.status != 101) {
    state_ = State::kEnded;
    stream_->close();
    return handlers_.on_refused(std::move(answer));
  }
  if (!equals_ignoring_case(answer.header("Upgrade"), "websocket") ||
      answer.header("Sec-WebSocket-Accept") != wire::ws_accept_key(key_))
    return lose(Error{Errc::kProtocolError, "the answer to the WebSocket handshake does not belong to its key"});
  state_ = State::kOpen;
  const auto self = shared_from_this();  // A handler may drop this.
  handlers_.on_open();
  std::string rest = reader_.rest();
  if (state_ == State::kOpen) take_messages(rest);
  if (state_ == State::kOpen) read();
}

void WsClient::read() {
  stream_->read_some(asio::buffer(input_), [self = shared_from_this()](error_code error, std::size_t bytes) {
    if (self->state_ != State::kOpen) return;
    self->take_messages({self->input_.data(), bytes});
    if (self->state_ != State::kOpen) return;
    if (error) return self->lose(Error{Errc::kIo, "the connection ended (" + error.message() + ")"});
    self->read();
  });
}

void WsClient::take_messages(std::span<char> bytes) {
  decoder_.feed(bytes);
  while (state_ == State::kOpen) {
    const auto message = decoder_.next();
    if (!message) break;
    handlers_.on_message(*message);
  }
  if (state_ != State::kOpen || !decoder_.failure()) return;
  send_close(decoder_.failure()->code == Errc::kMessageTooBig ? 1009 : 1002, decoder_.failure()->detail);
  lose(*decoder_.failure());
}

void WsClient::send(wire::WsKind kind, std::string_view payload) {
  if (state_ != State::kOpen || is_closing_) return;
  wire::append_ws_frame(waiting_, kind, payload, next_mask());
  flush();
}

void WsClient::send_close(std::uint16_t code, std::string_view reason) {
  if (state_ != State::kOpen || is_closing_) return;
  wire::append_ws_close(waiting_, code, reason, next_mask());
  is_closing_ = true;
  flush();
}

void WsClient::flush() {
  if (state_ != State::kOpen || waiting_.empty() || !on_the_way_.empty()) return;
  on_the_way_.swap(waiting_);
  stream_->write(asio::buffer(on_the_way_), [self = shared_from_this()](error_code error, std::size_t) {
    self->on_the_way_.clear();
    if (self->state_ != State::kOpen) return;
    // What the service still has to say (a close frame with its reason) is read before the end is told.
    if (error) return;
    self->flush();
    if (self->buffered() == 0 && self->handlers_.on_drained) self->handlers_.on_drained();
  });
}

void WsClient::lose(Error error) {
  if (state_ == State::kEnded) return;
  state_ = State::kEnded;
  timer_.cancel();
  stream_->close();
  const auto self = shared_from_this();
  handlers_.on_lost(std::move(error));
}

void WsClient::drop() {
  state_ = State::kEnded;
  timer_.cancel();
  stream_->close();
}

std::uint32_t WsClient::next_mask() {
  std::array<std::byte, 4> bytes{};
  rng_.fill(bytes);
  std::uint32_t mask = 0;
  for (const std::byte byte : bytes) mask = mask << 8 | std::to_integer<std::uint32_t>(byte);
  return mask;
}

}  // namespace heliograph::net
