// The turn of a worker: handlers run, then every dirty outbox is written once.
#include "net/worker.hpp"

#include <signal.h>

#include <boost/asio/post.hpp>
#include <exception>
#include <limits>
#include <utility>

#include "net/ws_session.hpp"

namespace heliograph::net {
namespace {

constexpr std::size_t kReadBuffer = 64 * 1024;
// How often a draining worker looks who is due.
constexpr std::chrono::milliseconds kDrainStep{10};

thread_local Worker* current_worker = nullptr;

}  // namespace

Worker::Worker(Shared& shared, std::uint32_t index)
    : shared_(shared),
      index_(index),
      mailbox_(std::make_shared<Mailbox>(context_, [this]() { on_mail(); })),
      wheel_(shared.clock.steady_now()),
      ticker_(context_),
      stop_timer_(context_),
      drain_timer_(context_),
      read_buffer_(kReadBuffer) {}

Worker::~Worker() { mailbox_->close(); }

Worker* Worker::current() noexcept { return current_worker; }

void Worker::add_listener(int descriptor, const ListenAddress& address) {
  listeners_.push_back(std::make_unique<Listener>(context_, *this, shared_.log, descriptor, address));
}

void Worker::run() {
  current_worker = this;
  // OpenSSL writes without MSG_NOSIGNAL; whoever runs us need not have thought of that.
  sigset_t broken_pipe;
  ::sigemptyset(&broken_pipe);
  ::sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  for (const auto& listener : listeners_) listener->accept();
  keep_running_.emplace(context_.get_executor());
  for (bool again = true; again;) {
    try {
      context_.run();
      again = false;
    } catch (const std::exception& problem) {
      report_problem(problem.what());  // Connections guard themselves: no more than out of memory comes here.
    }
  }
  mailbox_->close();
  current_worker = nullptr;
  answered_.store(std::numeric_limits<std::uint64_t>::max(), std::memory_order_relaxed);
  report_end();
}

void Worker::report_end() {
  if (shared_.running.fetch_sub(1) != 1) return;
  std::function<void()> on_ended;
  {
    const std::lock_guard lock(shared_.end_mutex);
    on_ended = shared_.on_ended;
  }
  if (on_ended) on_ended();
}

void Worker::adopt(boost::asio::ip::tcp::socket socket, PeerInfo peer) {
  if (is_stopping_ || shared_.sockets.load() >= shared_.config.max_connections) return;  // Closed by going.
  shared_.sockets.fetch_add(1);
  stats_.accepted.add(1);
  stats_.open_sockets.add(1);
  const ConnId id{index_, ++last_serial_};
  auto connection = std::make_shared<Connection>(*this, std::move(socket), id, std::move(peer));
  connections_.emplace(id.serial, connection);
  connection->start();
}

std::shared_ptr<Connection> Worker::find(std::uint64_t serial) const {
  const auto found = connections_.find(serial);
  return found == connections_.end() ? nullptr : found->second;
}

void Worker::remove(ConnId conn) {
  if (connections_.erase(conn.serial) == 0) return;
  stats_.open_sockets.subtract(1);
  shared_.sockets.fetch_sub(1);
  end_if_done();
}

void Worker::send_text(std::uint64_t to, std::string_view text) {
  if (const auto connection = find(to)) connection->send_text(text);
}

void Worker::close(std::uint64_t to, Errc why, std::string_view reason) {
  if (const auto connection = find(to)) connection->close(why, reason);
}

void Worker::answer(std::uint64_t to, std::uint32_t request, HttpResponse response) {
  if (const auto connection = find(to)) connection->answer(request, std::move(response));
}

void Worker::decide(ConnId to, UpgradeDecision decision) {
  if (const auto connection = find(to.serial)) return connection->decide(std::move(decision));
  if (const auto* accepted = std::get_if<AcceptUpgrade>(&decision)) report_stillborn(to, accepted->tag);
}

void Worker::report_stillborn(ConnId conn, std::uint64_t tag) {
  service().on_closed(now(), conn, tag, {.peer_code = 1006, .why = Errc::kClosed});
}

TlsContext Worker::tls() {
  const std::lock_guard lock(shared_.tls_mutex);
  return shared_.tls;
}

Reply Worker::make_reply(ConnId conn, std::uint32_t request) {
  return [mailbox = mailbox_, conn, request](HttpResponse response) {
    Worker* here = current();
    if (here != nullptr && here->mailbox_ == mailbox) return here->answer(conn.serial, request, std::move(response));
    mailbox->put(AnswerMail{conn.serial, request, std::move(response)});
  };
}

std::function<void()> Worker::make_wake(ConnId conn, std::uint32_t request) const {
  return [mailbox = mailbox_, conn, request]() { mailbox->put(SourceMail{conn.serial, request}); };
}

UpgradeReply Worker::make_upgrade_reply(ConnId conn) {
  return [mailbox = mailbox_, conn](UpgradeDecision decision) {
    Worker* here = current();
    if (here != nullptr && here->mailbox_ == mailbox) return here->decide(conn, std::move(decision));
    mailbox->put(DecisionMail{conn, std::move(decision)});
  };
}

void Worker::on_mail() {
  mailbox_->take(mail_);
  for (Mail& mail : mail_) {
    try {
      deliver(mail);
    } catch (const std::exception& problem) {
      report_problem(problem.what());
    }
  }
  mail_.clear();
}

void Worker::deliver(Mail& mail) {
  if (auto* text = std::get_if<TextMail>(&mail)) {
    send_text(text->to, text->text);
  } else if (auto* closing = std::get_if<CloseMail>(&mail)) {
    close(closing->to, closing->why, closing->reason);
  } else if (auto* answered = std::get_if<AnswerMail>(&mail)) {
    answer(answered->to, answered->request, std::move(answered->response));
  } else if (const auto* more = std::get_if<SourceMail>(&mail)) {
    if (const auto connection = find(more->to)) connection->on_source_ready(more->request);
  } else if (auto* decided = std::get_if<DecisionMail>(&mail)) {
    decide(decided->to, std::move(decided->decision));
  } else if (auto* stop = std::get_if<StopMail>(&mail)) {
    begin_stop(*stop);
  } else if (const auto* nudge = std::get_if<NudgeMail>(&mail)) {
    answered_.store(nudge->number, std::memory_order_relaxed);
  }
}

void Worker::report_problem(std::string_view what) {
  shared_.log.write(LogLevel::kError, "a connection failed", {{"why", what}});
}

void Worker::add_dirty(std::shared_ptr<Connection> connection) {
  dirty_.push_back(std::move(connection));
  if (std::exchange(is_flush_due_, true)) return;
  // Behind every handler that is ready now, so that what they add leaves with the same write.
  boost::asio::post(context_, [this]() { flush_dirty(); });
}

void Worker::flush_dirty() {
  is_flush_due_ = false;
  auto turn = std::exchange(dirty_, {});
  for (const auto& connection : turn) connection->flush();
  turn.clear();
  if (dirty_.empty()) dirty_ = std::move(turn);  // Keep the memory.
}

void Worker::arm(TimerWheel::Timer& timer, SteadyTime deadline) {
  wheel_.arm(timer, deadline);
  if (!is_ticking_) tick();
}

void Worker::tick() {
  is_ticking_ = true;
  ticker_.expires_after(TimerWheel::kTick);
  ticker_.async_wait([this](boost::system::error_code error) {
    is_ticking_ = false;
    if (error) return;
    const SteadyTime time = now();
    wheel_.advance(time, [time](TimerWheel::Timer& timer) {
      const auto connection = static_cast<Connection::Timer&>(timer).owner.shared_from_this();
      connection->on_timer(time);
    });
    if (!wheel_.empty() && !is_ticking_) tick();
  });
}

void Worker::begin_stop(const StopMail& plan) {
  if (!std::exchange(is_stopping_, true))
    for (const auto& listener : listeners_) listener->close();
  leaving_.clear();
  told_ = closed_ = 0;
  auto connections = connections_;  // Going down removes from the map.
  for (const auto& [serial, connection] : connections) {
    if (connection->is_websocket()) {
      leaving_.push_back(serial);
    } else {
      connection->go_down();
    }
  }
  schedule_ = DrainSchedule(now(), plan.window, leaving_.size());
  drain();
  stop_timer_.expires_at(plan.deadline);
  stop_timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    auto left = connections_;
    for (const auto& [serial, connection] : left) connection->abort();
    end_if_done();
  });
  end_if_done();
}

void Worker::drain() {
  const SteadyTime time = now();
  for (const std::size_t due = schedule_.told(time); told_ < due; ++told_)
    if (const auto connection = find(leaving_[told_])) connection->go_away();
  for (const std::size_t due = schedule_.closed(time); closed_ < due; ++closed_)
    if (const auto connection = find(leaving_[closed_])) connection->go_down();
  // With nobody left there is nothing to wait for: a timer that had fired already could not be cancelled.
  if (closed_ == leaving_.size() || connections_.empty()) return;
  drain_timer_.expires_after(kDrainStep);
  drain_timer_.async_wait([this](boost::system::error_code error) {
    if (!error) drain();
  });
}

void Worker::end_if_done() {
  if (!is_stopping_ || !connections_.empty()) return;
  // The context runs dry instead of being stopped: a socket that was accepted but not yet handed over would stay open,
  // and its client would wait for an answer.
  stop_timer_.cancel();
  drain_timer_.cancel();
  ticker_.cancel();
  keep_running_.reset();
}

}  // namespace heliograph::net
