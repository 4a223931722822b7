// Plain HTTP structs, so that nothing outside http_parser.cpp compiles Beast.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace heliograph::net {

struct HttpHeader {
  std::string name;  ///< As received or as to be sent; compared without case.
  std::string value;
};

/// Where a request came from and which way.
struct PeerInfo {
  std::string address;  ///< "127.0.0.1", "::1"
  std::uint16_t port = 0;
  bool tls = false;
  bool loopback_listener = false;  ///< The listener is bound to a loopback address.
  std::uint16_t local_port = 0;
};

struct HttpRequest {
  std::string method;
  std::string target;  ///< Origin form, exactly as received: "/path?query".
  std::vector<HttpHeader> headers;
  std::string body;
  PeerInfo peer;

  /// The first header of that name, compared without case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// A body that comes bit by bit, for as long as the peer listens: it is asked for more only when the peer has taken
/// what it was given, so that a peer that does not read costs one helping and no more. Threads: the connection's
/// worker. Lifetime: it goes with its connection.
class BodySource {
 public:
  BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;
  virtual ~BodySource() = default;

  /// Called once, first. `wake` asks for another read(); from any thread, also when this has gone.
  virtual void start(std::function<void()> wake) = 0;
  /// Appends what there is to say now, which may be nothing: then it is asked again after `wake`. False: that was all.
  [[nodiscard]] virtual bool read(std::string& out) = 0;
  /// The service goes down: what the next read() appends is the last.
  virtual void go_down() = 0;
  /// The peer has taken nothing for too long: it is ended, and nothing more is read.
  virtual void on_stall() {}
};

/// Content-Length, Date, Connection are added by net.
struct HttpResponse {
  int status = 200;
  std::vector<HttpHeader> headers;
  std::string body;
  /// The body instead of `body`. It has no length: it ends with its connection (RFC 7230, 3.3.3, 7).
  std::shared_ptr<BodySource> source{};
};

}  // namespace heliograph::net
