// Connection: one socket from accept to close. Readiness, TLS, the outbox and the end of it; what the bytes mean is
// HttpSession's or WsSession's business.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "net/http.hpp"
#include "net/outbox.hpp"
#include "net/reactor.hpp"
#include "net/service.hpp"
#include "net/timer_wheel.hpp"
#include "net/tls_context.hpp"
#include "net/transport.hpp"

namespace heliograph::net {

class HttpSession;
class Worker;
class WsSession;

/// Phases: sniffing → (handshaking) → serving → lingering → closed.
///   sniffing     the first byte decides between TLS and plain;
///   handshaking  TLS;
///   serving      HTTP, and after an upgrade WebSocket;
///   lingering    everything is written and the peer was told that nothing more comes; what it still sends is thrown
///   away, so
///                that it is not answered by a reset that would destroy our last words.
/// Threads: its worker's only. Lifetime: its worker's, from adopt() to the end of the turn in which it was removed.
class Connection final : public Reactor::Watcher {
 public:
  Connection(Worker& worker, Descriptor socket, ConnId id, PeerInfo peer);
  ~Connection() override;

  void start();
  /// The service's answers.
  void answer(std::uint32_t request, HttpResponse response);
  void decide(UpgradeDecision decision);
  void on_source_ready(std::uint32_t request);
  /// For WebSocket connections; ignored otherwise.
  void send_text(std::string_view text);
  void send_pong(std::string_view payload);
  /// @param reason  for the close frame instead of the text of `why`, if not empty.
  void close(Errc why, std::string_view reason);
  /// The node will stop: a WebSocket is told so.
  void go_away();
  /// The node stops: a WebSocket is closed with a reason, anything else when it has its answer.
  void go_down();
  void on_events(std::uint32_t events) override;
  /// There is more to read than was read in the turn before.
  void read_on();
  /// At once, without a word.
  void abort();
  /// Writes what is in the outbox, as far as it goes. Called once per turn.
  void flush();

  // For the sessions:
  [[nodiscard]] Outbox& outbox() noexcept { return outbox_; }
  [[nodiscard]] Worker& worker() noexcept { return worker_; }
  [[nodiscard]] ConnId id() const noexcept { return id_; }
  [[nodiscard]] const PeerInfo& peer() const noexcept { return peer_; }
  [[nodiscard]] bool is_websocket() const noexcept { return ws_ != nullptr; }
  [[nodiscard]] bool is_closed() const noexcept { return phase_ == Phase::kClosed; }
  /// Something was appended to the outbox.
  void mark_dirty();
  /// Write what is in the outbox, then end. @param wait  also if that needs waiting for the peer.
  void end_after_flush(bool wait);
  void arm(SteadyTime deadline);
  void disarm() noexcept { timer_.disarm(); }
  [[nodiscard]] bool is_armed_before(SteadyTime time) const noexcept {
    return timer_.is_armed() && timer_.deadline() <= time;
  }
  /// Bytes are wanted again after a pause.
  void resume_reading();
  /// The upgrade was granted: from here on it is a WebSocket. `rest` came behind the request.
  void become_websocket(std::uint64_t tag, std::string rest);

 private:
  friend class Worker;
  enum class Phase : std::uint8_t { kSniffing, kHandshaking, kServing, kLingering, kClosed };
  /// Its place in the worker's wheel.
  struct Timer : TimerWheel::Timer {
    explicit Timer(Connection& connection) : owner(connection) {}
    Connection& owner;
  };

  /// Runs a step of this connection's; what it throws (out of memory, a Service that breaks its word) ends this
  /// connection and no other.
  template <class Step>
  void guarded(Step&& step);
  void on_timer(SteadyTime now);
  void on_ready();
  void write_out();
  void sniff();
  void handshake();
  void read_later();
  void read_some();
  void discard_some();
  void on_bytes(std::span<char> bytes);
  /// There is nothing to do until the socket is readable, or writable.
  void wait(bool for_write);
  /// Tells the reactor what is waited for, when that has changed.
  void watch();
  void linger();
  void finish();
  [[nodiscard]] bool wants_bytes() const noexcept;

  Worker& worker_;
  Descriptor socket_;
  ConnId id_;
  PeerInfo peer_;
  Transport transport_;
  Timer timer_;
  Outbox outbox_;
  std::unique_ptr<HttpSession> http_;
  std::unique_ptr<WsSession> ws_;
  Phase phase_ = Phase::kSniffing;
  std::uint32_t watched_ = 0;  ///< Events of epoll_ctl(2) that the reactor was asked for.
  bool is_paused_ = false;     ///< Bytes have come that nobody wants now.
  /// WebSockets, which talk most: epoll then looks at a socket once for each message instead of twice.
  bool is_edge_triggered_ = false;
  bool reads_later_ = false;     ///< Has its turn at the end of this one, or of the next.
  bool has_peer_ended_ = false;  ///< Behind what can be read stands the end, which is not announced again.
  bool wants_to_write_ = false;  ///< The socket was full.
  bool is_dirty_ = false;
  bool is_ending_ = false;
  bool may_wait_to_end_ = false;
};

}  // namespace heliograph::net
