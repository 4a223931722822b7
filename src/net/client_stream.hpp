// ClientStream: one outgoing connection, from a host's name to bytes, plain or TLS.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "heliograph/result.hpp"
#include "net/client_trust.hpp"
#include "net/host_lookup.hpp"

namespace heliograph::net {

/// What clients of one thread share.
struct ClientTools {
  boost::asio::io_context& context;
  ClientTrust& trust;
  HostLookup& lookup;
};

struct StreamTarget {
  bool tls = false;
  std::string host;  ///< A name or an address; IPv6 without brackets.
  std::uint16_t port = 0;
  ClientTlsFiles files{};

  /// "host:443", "[::1]:80": for texts.
  [[nodiscard]] std::string text() const;
};

/// Threads: the context's. Lifetime: close() before letting go, for callbacks that are still out; they are called with
/// an error then. The server's certificate and name are verified.
class ClientStream : public std::enable_shared_from_this<ClientStream> {
 public:
  using OnBytes = std::function<void(boost::system::error_code, std::size_t)>;

  explicit ClientStream(const ClientTools& tools) : tools_(tools) {}

  /// `done` is called once, here or later, unless close() comes before. Fails with kIo, saying where it was going and,
  /// of a certificate that is refused, why.
  void connect(StreamTarget target, std::function<void(Result<void>)> done);
  void read_some(boost::asio::mutable_buffer buffer, OnBytes done);
  /// All of it.
  void write(boost::asio::const_buffer bytes, OnBytes done);
  void close();
  /// Whether the peer has closed, or sent what nobody asked for, while nothing was read: no use for another request.
  [[nodiscard]] bool is_stale();

 private:
  using Tls = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

  void on_found(const Result<std::vector<std::string>>& found);
  void dial_all(const std::vector<boost::asio::ip::tcp::endpoint>& endpoints);
  void shake_hands(boost::asio::ip::tcp::socket socket);
  void finish(Result<void> result);
  [[nodiscard]] boost::asio::ip::tcp::socket* socket();

  ClientTools tools_;
  StreamTarget target_;
  std::function<void(Result<void>)> done_;
  std::shared_ptr<void> dialing_;
  std::shared_ptr<boost::asio::ssl::context> tls_context_;  ///< Outlives the stream that is made with it.
  std::variant<std::monostate, boost::asio::ip::tcp::socket, Tls> stream_;
};

}  // namespace heliograph::net
