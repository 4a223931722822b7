// Messages over a socket, and the dialogue of long-term credentials: the first try is answered with realm and nonce.
#include "cli/doctor/allocation.hpp"

#include <openssl/rand.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace heliograph::cli {
namespace {

using wire::StunClass;
using wire::StunMessage;
using wire::StunMethod;

/// UDP loses packets: three tries, of five seconds each.
constexpr int kTries = 3;

Error refused(const StunMessage& answer) {
  const std::string_view value = answer.find(wire::kStunErrorCode);
  const std::string text(value.substr(std::min<std::size_t>(4, value.size())));
  return {answer.error_code() == 403 ? Errc::kAccessDenied : Errc::kBadRequest,
          std::to_string(answer.error_code()) + ' ' + text};
}

}  // namespace

StunMessage stun_request(StunMethod method) {
  StunMessage message{.method = method, .kind = StunClass::kRequest, .transaction = {}, .attributes = {}};
  RAND_bytes(reinterpret_cast<unsigned char*>(message.transaction.data()),
             static_cast<int>(message.transaction.size()));
  return message;
}

Result<RelayWay> RelayWay::open(const TurnUri& uri, const Trust& trust) {
  RelayWay way;
  if (uri.is_udp) {
    const auto fd = open_socket(uri.endpoint, SOCK_DGRAM);
    if (!fd) return fd.error();
    way.socket_ = std::shared_ptr<int>(new int(*fd), [](const int* it) {
      ::close(*it);
      delete it;
    });
    return way;
  }
  auto stream = Stream::connect(uri.endpoint, trust);
  if (!stream) return stream.error();
  way.stream_ = std::make_shared<Stream>(*std::move(stream));
  return way;
}

Result<void> RelayWay::write(std::string_view bytes) {
  if (stream_) return stream_->write(bytes);
  if (::send(*socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return Error{Errc::kIo, "nothing listens there"};
  return {};
}

Result<void> RelayWay::tell(const StunMessage& message) { return write(wire::to_stun(message)); }

Result<StunMessage> RelayWay::hear() {
  if (!stream_) {
    std::array<char, 2048> piece{};
    const ssize_t got = ::recv(*socket_, piece.data(), piece.size(), 0);
    if (got < 0 && errno == ECONNREFUSED) return Error{Errc::kIo, "nothing listens there"};
    if (got <= 0) return Error{Errc::kTimeout, "no answer: is the port open for UDP, in the firewall too?"};
    auto message = wire::parse_stun({piece.data(), static_cast<std::size_t>(got)});
    if (!message) return Error{Errc::kProtocolError, "what answers there does not speak STUN"};
    return *std::move(message);
  }
  for (;;) {
    const auto length = wire::stun_length(*input_);
    if (length && input_->size() >= *length) {
      auto message = wire::parse_stun(std::string_view(*input_).substr(0, *length));
      input_->erase(0, *length);
      if (!message) return Error{Errc::kProtocolError, "what answers there does not speak STUN"};
      return *std::move(message);
    }
    const auto piece = stream_->read();
    if (!piece) return piece.error();
    if (piece->empty()) return Error{Errc::kClosed, "the connection was closed without an answer"};
    *input_ += *piece;
  }
}

Result<StunMessage> RelayWay::ask(const StunMessage& message, std::string_view key) {
  const std::string bytes = wire::to_stun(message, key);
  for (int i = 0;; ++i) {
    if (auto written = write(bytes); !written) return written.error();
    for (;;) {
      auto answer = hear();
      if (answer && answer->transaction == message.transaction) return answer;
      if (answer) continue;
      if (answer.error().code == Errc::kTimeout && !stream_ && i + 1 < kTries) break;
      return answer;
    }
  }
}

Result<Allocation> Allocation::make(const TurnUri& uri, const TurnCredentials& credentials, const Trust& trust) {
  auto way = RelayWay::open(uri, trust);
  if (!way) return way.error();
  Allocation made(*std::move(way), credentials);
  StunMessage first = stun_request(StunMethod::kAllocate);
  first.attributes.emplace_back(wire::kStunRequestedTransport, std::string("\x11\0\0\0", 4));  // UDP
  const auto challenge = made.way_->ask(first);
  if (!challenge) return challenge.error();
  const auto refusal = [](const StunMessage& answer) {
    return Error{Errc::kBadRequest, "the relay refuses an allocation with " + refused(answer).detail};
  };
  if (challenge->error_code() != 401) return refusal(*challenge);
  made.realm_ = challenge->find(wire::kStunRealm);
  made.nonce_ = challenge->find(wire::kStunNonce);
  made.key_ = wire::stun_long_term_key(credentials.username, made.realm_, credentials.password);
  StunMessage second = stun_request(StunMethod::kAllocate);
  second.attributes = first.attributes;
  made.sign(second);
  const auto answer = made.way_->ask(second, made.key_);
  if (!answer) return answer.error();
  if (answer->kind != StunClass::kSuccess) return refusal(*answer);
  made.seen_as_ = answer->address(wire::kStunMappedAddress);
  made.relayed_ = answer->address(wire::kStunRelayedAddress);
  return made;
}

Allocation::~Allocation() {
  if (!way_ || realm_.empty()) return;
  StunMessage back = stun_request(StunMethod::kRefresh);
  back.attributes.emplace_back(wire::kStunLifetime, std::string(4, '\0'));
  sign(back);
  static_cast<void>(way_->ask(back, key_));
}

void Allocation::sign(StunMessage& message) const {
  message.attributes.emplace_back(wire::kStunUsername, credentials_.username);
  message.attributes.emplace_back(wire::kStunRealm, realm_);
  message.attributes.emplace_back(wire::kStunNonce, nonce_);
}

Result<void> Allocation::permit(const wire::StunAddress& peer) {
  StunMessage message = stun_request(StunMethod::kCreatePermission);
  message.attributes.emplace_back(wire::kStunPeerAddress, wire::to_xor_address(peer));
  sign(message);
  const auto answer = way_->ask(message, key_);
  if (!answer) return answer.error();
  if (answer->kind != StunClass::kSuccess) return refused(*answer);
  return {};
}

Result<void> Allocation::send(const wire::StunAddress& peer, std::string_view data) {
  StunMessage message = stun_request(StunMethod::kSend);
  message.kind = StunClass::kIndication;
  message.attributes.emplace_back(wire::kStunPeerAddress, wire::to_xor_address(peer));
  message.attributes.emplace_back(wire::kStunData, std::string(data));
  return way_->tell(message);
}

Result<std::string> Allocation::receive() {
  for (;;) {
    const auto message = way_->hear();
    if (!message) return message.error();
    if (message->method == StunMethod::kData) return std::string(message->find(wire::kStunData));
  }
}

}  // namespace heliograph::cli
