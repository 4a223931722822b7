// Network: listeners and worker threads. Sockets in, Service calls out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "core/limits.hpp"
#include "heliograph/result.hpp"
#include "net/service.hpp"

namespace heliograph::net {

struct ListenAddress {
  std::string address;     ///< "127.0.0.1", "::1", "0.0.0.0"
  std::uint16_t port = 0;  ///< 0 picks a free one; see Network::bound().
};

/// PEM texts. Empty certificate: TLS is not offered, a ClientHello is dropped.
struct TlsFiles {
  std::string certificate_chain_file;
  std::string private_key_file;
};

struct NetConfig {
  std::vector<ListenAddress> listen;
  TlsFiles tls;
  unsigned threads = 0;                         ///< 0: one per core.
  std::size_t max_request_header = 16 * 1024;   ///< Bytes.
  std::size_t max_request_body = 1024 * 1024;   ///< Bytes.
  std::chrono::seconds request_timeout{30};     ///< From the first byte (or accept) to a whole request.
  std::chrono::seconds keep_alive_timeout{60};  ///< Between requests on one connection.
  /// Beyond it, new sockets are closed at once. By default the limit of open files is the only one.
  std::size_t max_connections = std::numeric_limits<std::size_t>::max();
};

/// How a node leaves. Both from now on.
struct StopPlan {
  std::chrono::milliseconds window{0};    ///< WebSockets get GO_AWAY in its first half, 1001 in its second; evenly.
  std::chrono::milliseconds patience{0};  ///< After the window: who has not gone by then is dropped.
};

struct NetStats {
  std::uint64_t accepted = 0;
  std::uint64_t open_sockets = 0;
  std::uint64_t open_websockets = 0;
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t writes = 0;  ///< System calls (or TLS writes) that sent something.
  std::uint64_t slow_peers_closed = 0;
};

/// Lifetime: `service`, `clock`, `log` and `limits` must outlive it. Destruction without stop() ends hard.
class Network {
 public:
  Network(NetConfig config, const core::Limits& limits, Service& service, const Clock& clock, LogSink& log);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Binds and starts the workers. Fails with kIo (address in use, bad PEM …) saying which and why.
  [[nodiscard]] Result<void> start();
  /// The addresses really bound, in the order of the configuration.
  [[nodiscard]] std::vector<ListenAddress> bound() const;

  /// Queues one text message. Threads: any. Calls from the worker that owns `to` are written at the end of its turn;
  /// others are handed over. A connection that is gone or closing drops it; one whose outbox is full is closed
  /// (kSlowPeer).
  void send(ConnId to, std::string_view text);
  /// Closes one connection with the close code of `why`, and with its text or `reason` (UTF-8, at most 123 bytes).
  /// Threads: any.
  void close(ConnId conn, Errc why, std::string_view reason = {});
  /// Reads certificate and key; connections made from now on use them. Fails with kIo and keeps the old ones.
  [[nodiscard]] Result<void> reload_tls(const TlsFiles& files);
  /// When the certificate that is served ends, in seconds since the epoch; 0 without TLS. Threads: any.
  [[nodiscard]] double certificate_end() const;
  /// Connections made from now on keep to these, which must outlive the network; what is queued to a peer at most
  /// (max_outbox) changes for all.
  void set_limits(const core::Limits& limits) noexcept;
  /// Begins to stop: listeners close, requests at hand are answered and are the last, WebSockets are told and closed
  /// (kGoingAway) as the plan says. Returns at once. `on_ended` is called when no connection is left, on any thread, at
  /// least once. Calling it again replaces the plan for those who are left.
  void begin_stop(const StopPlan& plan, std::function<void()> on_ended);
  /// The same without a window, and waits until it is done, at most `deadline`.
  void stop(std::chrono::milliseconds deadline);

  /// Whether every worker has come round since the last call that said so; then asks them to come round again. A worker
  /// that has ended counts as one that has. Threads: one.
  [[nodiscard]] bool check_alive();

  [[nodiscard]] NetStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace heliograph::net
