// Sessions with coturn's threads, one each.
#include "server/relay/key_desk.hpp"

#include <openssl/crypto.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "server/relay/resp.hpp"

namespace heliograph::server::relay {
namespace {

namespace asio = boost::asio;

bool is_same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_command(std::string_view text, std::string_view name) {
  if (text.size() != name.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != name[i]) return false;
  return true;
}

}  // namespace

/// Lives as long as something is under way on its socket; it looks at the desk only while that is open.
class KeyDesk::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(KeyDesk& desk, asio::ip::tcp::socket socket)
      : desk_(desk), is_open_(desk.is_open_), socket_(std::move(socket)) {}

  void read() {
    socket_.async_read_some(asio::buffer(piece_), [self = shared_from_this()](auto error, std::size_t bytes) {
      if (error || !*self->is_open_) return;
      self->input_.append(self->piece_.data(), bytes);
      self->answer();
    });
  }

 private:
  void answer() {
    output_.clear();
    for (;;) {
      const auto command = take_command(input_);
      if (!command) return;  // Drops the connection: this is not coturn.
      if (!*command) break;
      if ((*command)->empty()) continue;
      output_ += answer_to(**command);
      if (is_stranger_) return;
    }
    if (output_.empty()) return read();
    asio::async_write(socket_, asio::buffer(output_), [self = shared_from_this()](auto error, std::size_t) {
      if (!error) self->read();
    });
  }

  std::string answer_to(const std::vector<std::string>& command) {
    if (is_command(command[0], "auth")) {
      is_known_ = command.size() == 2 && is_same(command[1], desk_.password_.reveal());
      is_stranger_ = !is_known_;
      if (is_stranger_) desk_.log_.write(LogLevel::kWarning, "somebody else than the relay asks for relay keys", {});
      return std::string(kRespOk);
    }
    if (!is_known_) return std::string(kRespNoAuth);
    if (is_command(command[0], "select")) return std::string(kRespOk);
    if (!is_command(command[0], "get") || command.size() != 2) return std::string(kRespNoElements);
    const std::string prefix = "turn/realm/" + desk_.realm_ + "/user/";
    constexpr std::string_view kSuffix = "/key";
    std::string_view name = command[1];
    if (!name.starts_with(prefix) || !name.ends_with(kSuffix) || name.size() < prefix.size() + kSuffix.size())
      return std::string(kRespNil);
    name = name.substr(prefix.size(), name.size() - prefix.size() - kSuffix.size());
    const Secret key = desk_.key_of(name);
    return key.empty() ? std::string(kRespNil) : to_bulk_string(key.reveal());
  }

  KeyDesk& desk_;
  std::shared_ptr<const bool> is_open_;
  asio::ip::tcp::socket socket_;
  std::array<char, 2048> piece_{};
  std::string input_;
  std::string output_;
  bool is_known_ = false;
  bool is_stranger_ = false;
};

KeyDesk::KeyDesk(asio::io_context& context, const Clock& clock, LogSink& log, Secret secret, std::string realm,
                 Secret password, std::shared_ptr<const Revocations> revocations)
    : clock_(clock),
      log_(log),
      secret_(std::move(secret)),
      realm_(std::move(realm)),
      password_(std::move(password)),
      revocations_(std::move(revocations)),
      acceptor_(context),
      pause_(context) {}

KeyDesk::~KeyDesk() { stop(); }

Result<void> KeyDesk::start() {
  boost::system::error_code error;
  acceptor_.open(asio::ip::tcp::v4(), error);
  if (!error) acceptor_.bind({asio::ip::address_v4::loopback(), 0}, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (error) return Error{Errc::kIo, "cannot listen on 127.0.0.1 for the relay's questions: " + error.message()};
  *is_open_ = true;
  accept();
  return {};
}

void KeyDesk::stop() {
  *is_open_ = false;
  pause_.cancel();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

void KeyDesk::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, asio::ip::tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      std::make_shared<Session>(*this, std::move(socket))->read();
      return accept();
    }
    log_.write(LogLevel::kError, "the relay cannot ask for keys", {{"why", error.message()}});  // No descriptor left?
    pause_.expires_after(std::chrono::seconds(1));
    pause_.async_wait([this](boost::system::error_code stopped) {
      if (!stopped) accept();
    });
  });
}

Secret KeyDesk::key_of(std::string_view username) {
  const auto user = parse_turn_username(username);
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.wall_now()).time_since_epoch().count();
  if (!user || user->expiry < now || revocations_->is_revoked(*user)) return {};
  served_.emplace(user->opaque);
  return turn_key(secret_, username, realm_);
}

}  // namespace heliograph::server::relay
