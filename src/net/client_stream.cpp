// Look up, connect, shake hands.
#include "net/client_stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "net/dial.hpp"

namespace heliograph::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// The name in a certificate, with a failure that can be read: Asio's own leaves it without a reason.
auto verify_name(const std::string& host, bool is_address) {
  return [verify = asio::ssl::host_name_verification(host), is_address](bool preverified,
                                                                        asio::ssl::verify_context& context) {
    const bool is_good = verify(preverified, context);
    if (preverified && !is_good)
      X509_STORE_CTX_set_error(context.native_handle(),
                               is_address ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH);
    return is_good;
  };
}

/// ": self-signed certificate" of a certificate that was refused; else empty.
std::string refusal_of(SSL* session) {
  const long result = SSL_get_verify_result(session);
  return result == X509_V_OK ? std::string{} : std::string(": ") + X509_verify_cert_error_string(result);
}

}  // namespace

std::string StreamTarget::text() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

void ClientStream::connect(StreamTarget target, std::function<void(Result<void>)> done) {
  target_ = std::move(target);
  done_ = std::move(done);
  if (target_.tls) {
    auto context = tools_.trust.context(target_.files);
    if (!context) return finish(context.error());
    tls_context_ = *std::move(context);
  }
  error_code is_name;
  const auto address = asio::ip::make_address(target_.host, is_name);
  if (!is_name) return dial_all({tcp::endpoint(address, target_.port)});
  // Weak: what waits for a resolver that is silent should cost no more than this.
  tools_.lookup.find(target_.host, [weak = weak_from_this()](const Result<std::vector<std::string>>& found) {
    if (const auto self = weak.lock()) self->on_found(found);
  });
}

void ClientStream::on_found(const Result<std::vector<std::string>>& found) {
  if (!done_) return;
  if (!found)
    return finish(Error{Errc::kIo, "cannot find the host " + target_.host + " (" + found.error().detail + ")"});
  std::vector<tcp::endpoint> endpoints;
  for (const std::string& text : *found) {
    error_code wrong;
    const auto address = asio::ip::make_address(text, wrong);
    if (!wrong) endpoints.emplace_back(address, target_.port);
  }
  dial_all(endpoints);
}

void ClientStream::dial_all(const std::vector<tcp::endpoint>& endpoints) {
  dialing_ = dial(tools_.context, endpoints, [weak = weak_from_this()](Result<tcp::socket> socket) {
    const auto self = weak.lock();
    if (!self || !self->done_) return;
    if (!socket)
      return self->finish(
          Error{socket.error().code, "cannot connect to " + self->target_.text() + " (" + socket.error().detail + ")"});
    if (self->target_.tls) return self->shake_hands(*std::move(socket));
    self->stream_.emplace<tcp::socket>(*std::move(socket));
    self->finish({});
  });
}

void ClientStream::shake_hands(tcp::socket socket) {
  auto& stream = stream_.emplace<Tls>(std::move(socket), *tls_context_);
  const std::string& host = target_.host;
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  error_code ignored;
  stream.set_verify_callback(verify_name(host, !not_an_address), ignored);
  // RFC 6066, 3: no address in SNI. (SSL_set_tlsext_host_name, without its old-style cast.)
  if (not_an_address)
    SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  stream.async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](error_code error) {
    if (!error) return self->finish({});
    SSL* session = std::get<Tls>(self->stream_).native_handle();
    self->finish(Error{Errc::kIo,
                       "TLS with " + self->target_.text() + " failed (" + error.message() + refusal_of(session) + ")"});
  });
}

void ClientStream::finish(Result<void> result) {
  if (!done_) return;
  const auto done = std::exchange(done_, nullptr);
  done(std::move(result));
}

void ClientStream::read_some(asio::mutable_buffer buffer, OnBytes done) {
  const auto finish = [self = shared_from_this(), done = std::move(done)](error_code error, std::size_t bytes) {
    done(error, bytes);
  };
  if (auto* tls = std::get_if<Tls>(&stream_)) return tls->async_read_some(buffer, finish);
  if (auto* plain = std::get_if<tcp::socket>(&stream_)) return plain->async_read_some(buffer, finish);
}

void ClientStream::write(asio::const_buffer bytes, OnBytes done) {
  const auto finish = [self = shared_from_this(), done = std::move(done)](error_code error, std::size_t written) {
    done(error, written);
  };
  if (auto* tls = std::get_if<Tls>(&stream_)) return asio::async_write(*tls, bytes, finish);
  if (auto* plain = std::get_if<tcp::socket>(&stream_)) return asio::async_write(*plain, bytes, finish);
}

tcp::socket* ClientStream::socket() {
  if (auto* tls = std::get_if<Tls>(&stream_)) return &tls->next_layer();
  return std::get_if<tcp::socket>(&stream_);
}

void ClientStream::close() {
  done_ = nullptr;
  dialing_.reset();
  error_code ignored;
  if (tcp::socket* open = socket(); open != nullptr && open->is_open()) open->close(ignored);
}

bool ClientStream::is_stale() {
  tcp::socket* open = socket();
  if (open == nullptr || !open->is_open()) return true;
  char byte = 0;
  error_code error;
  open->non_blocking(true, error);
  open->receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
  return error != asio::error::would_block;
}

}  // namespace heliograph::net
