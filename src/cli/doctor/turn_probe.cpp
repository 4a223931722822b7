// Binding, Allocate twice (the first is answered with realm and nonce), Refresh to nothing.
#include "cli/doctor/turn_probe.hpp"

#include <openssl/rand.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <functional>

#include "wire/stun.hpp"

namespace heliograph::cli {
namespace {

using wire::StunClass;
using wire::StunMessage;
using wire::StunMethod;

/// UDP loses packets: three tries, of five seconds each.
constexpr int kTries = 3;

StunMessage request(StunMethod method) {
  StunMessage message{.method = method, .kind = StunClass::kRequest, .transaction = {}, .attributes = {}};
  RAND_bytes(reinterpret_cast<unsigned char*>(message.transaction.data()),
             static_cast<int>(message.transaction.size()));
  return message;
}

class Way {
 public:
  static Result<Way> open(const TurnUri& uri, const Trust& trust) {
    Way way;
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

  Result<StunMessage> ask(const StunMessage& message, std::string_view key = {}) {
    const std::string bytes = wire::to_stun(message, key);
    return stream_ ? ask_stream(bytes) : ask_socket(bytes, message);
  }

 private:
  Result<StunMessage> ask_socket(const std::string& bytes, const StunMessage& message) {
    for (int i = 0; i < kTries; ++i) {
      if (::send(*socket_, bytes.data(), bytes.size(), 0) < 0) return Error{Errc::kIo, "nothing listens there"};
      std::array<char, 2048> piece{};
      const ssize_t got = ::recv(*socket_, piece.data(), piece.size(), 0);
      if (got < 0 && errno == ECONNREFUSED) return Error{Errc::kIo, "nothing listens there"};
      if (got <= 0) continue;
      auto answer = wire::parse_stun({piece.data(), static_cast<std::size_t>(got)});
      if (answer && answer->transaction == message.transaction) return *std::move(answer);
    }
    return Error{Errc::kTimeout, "no answer: is the port open for UDP, in the firewall too?"};
  }
  Result<StunMessage> ask_stream(const std::string& bytes) {
    if (auto sent = stream_->write(bytes); !sent) return sent.error();
    std::string input;
    for (;;) {
      const auto length = wire::stun_length(input);
      if (length && input.size() >= *length) {
        auto answer = wire::parse_stun(std::string_view(input).substr(0, *length));
        if (!answer) return Error{Errc::kProtocolError, "what answers there does not speak STUN"};
        return *std::move(answer);
      }
      const auto piece = stream_->read();
      if (!piece) return piece.error();
      if (piece->empty()) return Error{Errc::kClosed, "the connection was closed without an answer"};
      input += *piece;
    }
  }

  std::shared_ptr<int> socket_;
  std::shared_ptr<Stream> stream_;
};

std::string to_text(const std::optional<wire::StunAddress>& address) {
  return address ? address->ip + ':' + std::to_string(address->port) : std::string("an address it does not tell");
}

void add_long_term(StunMessage& message, const TurnCredentials& credentials, const StunMessage& challenge) {
  message.attributes.emplace_back(wire::kStunUsername, credentials.username);
  message.attributes.emplace_back(wire::kStunRealm, challenge.find(wire::kStunRealm));
  message.attributes.emplace_back(wire::kStunNonce, challenge.find(wire::kStunNonce));
}

Error refused(const StunMessage& answer) {
  const std::string_view value = answer.find(wire::kStunErrorCode);
  return {Errc::kBadRequest, "the relay refuses an allocation with " + std::to_string(answer.error_code()) + ' ' +
                                 std::string(value.substr(std::min<std::size_t>(4, value.size())))};
}

}  // namespace

Result<TurnUri> parse_turn_uri(const std::string& uri) {
  const Error bad{Errc::kInvalidArgument, "'" + uri + "' is no TURN URI"};
  TurnUri parsed;
  const auto colon = uri.find(':');
  if (colon == std::string::npos) return bad;
  const std::string scheme = uri.substr(0, colon);
  if (scheme != "turn" && scheme != "turns" && scheme != "stun" && scheme != "stuns") return bad;
  const bool is_secure = scheme.ends_with('s');
  parsed.is_stun_only = scheme.starts_with("stun");
  const auto query = uri.find('?');
  parsed.is_udp = uri.find("transport=tcp") == std::string::npos && (!is_secure || query != std::string::npos);
  const std::string authority = uri.substr(colon + 1, query == std::string::npos ? query : query - colon - 1);
  auto endpoint = parse_endpoint((is_secure ? "https://" : "http://") + authority);
  if (!endpoint) return bad;
  parsed.endpoint = *std::move(endpoint);
  if (parsed.endpoint.host.size() == authority.size()) parsed.endpoint.port = is_secure ? 5349 : 3478;
  return parsed;
}

Result<std::string> probe_turn(const TurnUri& uri, const TurnCredentials& credentials, const Trust& trust) {
  if (uri.is_udp && uri.endpoint.tls) return Error{Errc::kUnsupportedData, "DTLS is not tried"};
  auto way = Way::open(uri, trust);
  if (!way) return way.error();
  const auto bound = way->ask(request(StunMethod::kBinding));
  if (!bound) return bound.error();
  std::string text = "seen as " + to_text(bound->address(wire::kStunMappedAddress));
  if (uri.is_stun_only) return text;

  StunMessage first = request(StunMethod::kAllocate);
  first.attributes.emplace_back(wire::kStunRequestedTransport, std::string("\x11\0\0\0", 4));  // UDP
  const auto challenge = way->ask(first);
  if (!challenge) return challenge.error();
  if (challenge->error_code() != 401) return refused(*challenge);
  StunMessage second = request(StunMethod::kAllocate);
  second.attributes = first.attributes;
  add_long_term(second, credentials, *challenge);
  const std::string key =
      wire::stun_long_term_key(credentials.username, challenge->find(wire::kStunRealm), credentials.password);
  const auto answer = way->ask(second, key);
  if (!answer) return answer.error();
  if (answer->kind != StunClass::kSuccess) return refused(*answer);
  text += ", relays from " + to_text(answer->address(wire::kStunRelayedAddress));
  StunMessage back = request(StunMethod::kRefresh);
  back.attributes.emplace_back(wire::kStunLifetime, std::string(4, '\0'));
  add_long_term(back, credentials, *challenge);
  static_cast<void>(way->ask(back, key));
  return text;
}

}  // namespace heliograph::cli
