// A socket's life.
#include "net/connection.hpp"

#include <exception>
#include <utility>

#include "net/http_session.hpp"
#include "net/worker.hpp"
#include "net/ws_session.hpp"

namespace heliograph::net {
namespace {

// A connection that always has more to read lets the others go first after this many reads.
constexpr int kReadsPerTurn = 4;
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::chrono::seconds kFlushTime{10};

}  // namespace

Connection::Connection(Worker& worker, Descriptor socket, ConnId id, PeerInfo peer)
    : worker_(worker),
      socket_(std::move(socket)),
      id_(id),
      peer_(std::move(peer)),
      transport_(socket_.get()),
      timer_(*this),
      outbox_(worker.spare_buffers()) {}

Connection::~Connection() = default;

template <class Step>
void Connection::guarded(Step&& step) {
  try {
    step();
  } catch (const std::exception& problem) {
    worker_.report_problem(problem.what());
    finish();
  }
}

void Connection::start() {
  guarded([this]() {
    watched_ = EPOLLIN;
    if (!worker_.reactor().add(socket_.get(), watched_, *this)) return finish();
    arm(worker_.now() + worker_.config().request_timeout);
    sniff();
  });
}

void Connection::wait(bool for_write) {
  const bool was_paused = is_paused_;
  (for_write ? wants_to_write_ : is_paused_) = for_write;
  // What came meanwhile is told again only to who asks again.
  if (is_edge_triggered_ && was_paused && !is_paused_) watched_ = 0;
  watch();
}

void Connection::watch() {
  const std::uint32_t reading = is_edge_triggered_ ? EPOLLIN | EPOLLRDHUP | EPOLLET : is_paused_ ? 0U : EPOLLIN;
  const std::uint32_t wanted = reading | (wants_to_write_ ? EPOLLOUT : 0U);
  if (phase_ == Phase::kClosed || wanted == watched_) return;
  watched_ = wanted;
  worker_.reactor().change(socket_.get(), wanted, *this);
}

void Connection::on_events(std::uint32_t events) {
  guarded([this, events]() {
    if ((events & EPOLLOUT) != 0) {
      wants_to_write_ = false;
      write_out();
    }
    // TLS may wait for either direction on behalf of the other.
    if ((events & ~std::uint32_t{EPOLLOUT}) == 0 && !transport_.is_tls()) return;
    has_peer_ended_ = has_peer_ended_ || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    const bool is_unwanted = phase_ == Phase::kServing && !wants_bytes();
    // A peer that is gone is reported until somebody listens.
    if (is_unwanted && (events & (EPOLLERR | EPOLLHUP)) != 0) return finish();
    is_paused_ = is_paused_ || (is_unwanted && (events & EPOLLIN) != 0);
    transport_.note_readable();
    if (!reads_later_) on_ready();
  });
  watch();
}

void Connection::read_later() {
  if (!std::exchange(reads_later_, true)) worker_.read_later(id_);
}

void Connection::read_on() {
  reads_later_ = false;
  guarded([this]() { on_ready(); });
}

void Connection::on_ready() {
  switch (phase_) {
    case Phase::kSniffing:
      return sniff();
    case Phase::kHandshaking:
      return handshake();
    case Phase::kServing:
      if (transport_.is_tls() && !outbox_.empty()) write_out();
      return read_some();
    case Phase::kLingering:
      return discard_some();
    case Phase::kClosed:
      return;
  }
}

void Connection::sniff() {
  const IoResult peeked = transport_.peek_is_tls();
  if (peeked.status == IoStatus::kWantRead) return wait(false);
  if (peeked.status != IoStatus::kDone) return finish();
  if (peeked.bytes == 1) {
    const TlsContext context = worker_.tls();
    if (!context || !transport_.start_tls(context.get())) return finish();
    peer_.tls = true;
    phase_ = Phase::kHandshaking;
    return handshake();
  }
  phase_ = Phase::kServing;
  http_ = std::make_unique<HttpSession>(*this);
  read_some();
}

void Connection::handshake() {
  const IoResult result = transport_.handshake();
  switch (result.status) {
    case IoStatus::kWantRead:
      return wait(false);
    case IoStatus::kWantWrite:
      return wait(true);
    case IoStatus::kEnd:
    case IoStatus::kFailed:
      return finish();
    case IoStatus::kDone:
      break;
  }
  phase_ = Phase::kServing;
  http_ = std::make_unique<HttpSession>(*this);
  read_some();
}

bool Connection::wants_bytes() const noexcept {
  return phase_ == Phase::kServing && !is_ending_ && (ws_ || http_->wants_bytes());
}

void Connection::read_some() {
  for (int reads = 0; wants_bytes(); ++reads) {
    if (reads == kReadsPerTurn) return read_later();
    const std::span<char> buffer = worker_.read_buffer();
    const IoResult result = transport_.read(buffer);
    switch (result.status) {
      case IoStatus::kDone:
        worker_.stats().bytes_in.add(result.bytes);
        on_bytes(buffer.first(result.bytes));
        if (transport_.may_have_more() || has_peer_ended_) break;
        if (wants_bytes()) wait(false);  // A short read: nothing more is there, or epoll will say so.
        return;
      case IoStatus::kWantRead:
        return wait(false);
      case IoStatus::kWantWrite:
        return wait(true);
      case IoStatus::kEnd:
        // Half-closed: what was asked is still answered; a WebSocket that ends so has simply gone.
        if (http_ && !outbox_.empty()) return end_after_flush(true);
        return finish();
      case IoStatus::kFailed:
        return finish();
    }
  }
}

void Connection::on_bytes(std::span<char> bytes) {
  if (ws_) return ws_->on_bytes(bytes);
  http_->on_bytes(bytes);
}

void Connection::resume_reading() {
  if (!wants_bytes()) return;
  // What OpenSSL has read ahead, the socket does not announce again.
  if (transport_.has_buffered()) read_later();
  wait(false);
}

void Connection::answer(std::uint32_t request, HttpResponse response) {
  if (http_ && phase_ == Phase::kServing) http_->on_answer(request, std::move(response));
}

void Connection::on_source_ready(std::uint32_t request) {
  if (!http_ || phase_ != Phase::kServing || is_ending_) return;
  guarded([this, request]() { http_->on_source_ready(request); });
}

void Connection::decide(UpgradeDecision decision) {
  if (ws_) return;  // Was decided already.
  if (http_ && http_->is_deciding() && phase_ == Phase::kServing) return http_->on_decision(std::move(decision));
  if (const auto* accepted = std::get_if<AcceptUpgrade>(&decision)) worker_.report_stillborn(id_, accepted->tag);
}

void Connection::become_websocket(std::uint64_t tag, std::string rest) {
  // The session that called us is still on the stack: it goes when this turn is over.
  worker_.retire(std::shared_ptr<HttpSession>(std::move(http_)));
  disarm();
  ws_ = std::make_unique<WsSession>(*this, tag);
  is_edge_triggered_ = true;
  worker_.stats().open_websockets.add(1);
  ws_->on_open();
  if (!rest.empty() && wants_bytes()) ws_->on_bytes(rest);
  watch();
  resume_reading();
}

void Connection::send_text(std::string_view text) {
  if (ws_ && phase_ == Phase::kServing) ws_->send_text(text);
}

void Connection::send_pong(std::string_view payload) {
  if (ws_ && phase_ == Phase::kServing) ws_->send_pong(payload);
}

void Connection::close(Errc why, std::string_view reason) {
  if (ws_ && phase_ == Phase::kServing) ws_->close(why, reason);
}

void Connection::go_away() {
  if (ws_ && phase_ == Phase::kServing) ws_->go_away();
}

void Connection::go_down() {
  if (phase_ != Phase::kServing) return finish();
  if (ws_) return ws_->go_down();
  http_->go_down();
}

void Connection::abort() { finish(); }

void Connection::arm(SteadyTime deadline) { worker_.arm(timer_, deadline); }

void Connection::on_timer(SteadyTime now) {
  if (phase_ != Phase::kServing || is_ending_) return finish();
  guarded([this, now]() {
    if (ws_) return ws_->on_deadline(now);
    http_->on_deadline();
  });
}

void Connection::mark_dirty() {
  if (is_dirty_) return;
  is_dirty_ = true;
  worker_.add_dirty(*this);
}

void Connection::end_after_flush(bool wait_for_peer) {
  if (is_ending_ || phase_ != Phase::kServing) return;
  is_ending_ = true;
  may_wait_to_end_ = wait_for_peer;
  arm(worker_.now() + kFlushTime);
  mark_dirty();
}

void Connection::flush() {
  is_dirty_ = false;
  guarded([this]() {
    if (ws_) ws_->on_turn_end();
    write_out();
  });
}

void Connection::write_out() {
  if (phase_ != Phase::kServing) return;
  while (!outbox_.empty()) {
    const IoResult result = transport_.write(outbox_.front());
    if (result.status == IoStatus::kDone) {
      worker_.stats().bytes_out.add(result.bytes);
      worker_.stats().writes.add(1);
      outbox_.consume(result.bytes);
      if (is_ending_) arm(worker_.now() + kFlushTime);  // As long as the peer takes something.
      continue;
    }
    if (result.status == IoStatus::kEnd || result.status == IoStatus::kFailed || (is_ending_ && !may_wait_to_end_))
      return finish();
    wait(result.status == IoStatus::kWantWrite);
    break;
  }
  if (is_ending_ && outbox_.empty()) return linger();
  if (http_ && !is_ending_) http_->on_written();
}

void Connection::linger() {
  phase_ = Phase::kLingering;
  transport_.shut_down_write();
  arm(worker_.now() + kLingerTime);
  discard_some();
}

void Connection::discard_some() {
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    const IoResult result = transport_.read(worker_.read_buffer());
    if (result.status == IoStatus::kDone) continue;
    if (result.status == IoStatus::kWantRead) return wait(false);
    return finish();
  }
  read_later();
}

void Connection::finish() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  timer_.disarm();
  worker_.reactor().remove(socket_.get(), *this);
  socket_.reset();
  if (ws_) {
    worker_.stats().open_websockets.subtract(1);
    ws_->on_gone();
  }
  worker_.remove(id_);
}

}  // namespace heliograph::net
