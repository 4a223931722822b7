// The turn of a worker: handlers run, then every dirty outbox is written once.
#include "net/worker.hpp"

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
      reactor_([this]() { on_mail(); }, [this]() { end_turn(); }),
      mailbox_(std::make_shared<Mailbox>([this]() { reactor_.wake(); })),
      wheel_(shared.clock.steady_now()),
      ticker_(reactor_, [this]() { tick(); }),
      stop_alarm_(reactor_,
                  [this]() {
                    for (const std::uint64_t serial : serials())
                      if (Connection* connection = find(serial)) connection->abort();
                    end_if_done();
                  }),
      drain_alarm_(reactor_, [this]() { drain(); }),
      receipts_(shared.config.threads),
      read_buffer_(kReadBuffer) {}

Worker::~Worker() { mailbox_->close(); }

Worker* Worker::current() noexcept { return current_worker; }

void Worker::add_listener(int descriptor, const ListenAddress& address) {
  listeners_.push_back(std::make_unique<Listener>(*this, shared_.log, descriptor, address));
}

void Worker::run() {
  current_worker = this;
  for (const auto& listener : listeners_) listener->accept();
  for (bool again = true; again;) {
    try {
      reactor_.run();
      again = false;
    } catch (const std::exception& problem) {
      report_problem(problem.what());  // Connections guard themselves: no more than out of memory comes here.
    }
  }
  mailbox_->close();
  on_mail();  // What was answered meanwhile to those who have gone.
  settle();
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

void Worker::adopt(Descriptor socket, PeerInfo peer) {
  if (is_stopping_ || shared_.sockets.load() >= shared_.config.max_connections) return;  // Closed by going.
  shared_.sockets.fetch_add(1);
  stats_.accepted.add(1);
  stats_.open_sockets.add(1);
  const ConnId id{index_, ++last_serial_};
  auto connection = std::make_unique<Connection>(*this, std::move(socket), id, std::move(peer));
  Connection& adopted = *connection;
  connections_.emplace(id.serial, std::move(connection));
  adopted.start();
}

Connection* Worker::find(std::uint64_t serial) const {
  const auto found = connections_.find(serial);
  return found == connections_.end() ? nullptr : found->second.get();
}

std::vector<std::uint64_t> Worker::serials() const {
  std::vector<std::uint64_t> all;
  all.reserve(connections_.size());
  for (const auto& [serial, connection] : connections_) all.push_back(serial);
  return all;
}

void Worker::remove(ConnId conn) {
  const auto found = connections_.find(conn.serial);
  if (found == connections_.end()) return;
  retire(std::move(found->second));
  connections_.erase(found);
  stats_.open_sockets.subtract(1);
  shared_.sockets.fetch_sub(1);
  end_if_done();
}

void Worker::send_text(std::uint64_t to, std::string_view text) {
  if (Connection* connection = find(to)) connection->send_text(text);
}

void Worker::close(std::uint64_t to, Errc why, std::string_view reason) {
  if (Connection* connection = find(to)) connection->close(why, reason);
}

void Worker::answer(std::uint64_t to, std::uint32_t request, HttpResponse response) {
  if (Connection* connection = find(to)) connection->answer(request, std::move(response));
}

void Worker::decide(ConnId to, UpgradeDecision decision) {
  if (Connection* connection = find(to.serial)) return connection->decide(std::move(decision));
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
    if (Connection* connection = find(more->to)) connection->on_source_ready(more->request);
  } else if (auto* decided = std::get_if<DecisionMail>(&mail)) {
    decide(decided->to, std::move(decided->decision));
  } else if (auto* stop = std::get_if<StopMail>(&mail)) {
    begin_stop(*stop);
  } else if (const auto* nudge = std::get_if<NudgeMail>(&mail)) {
    answered_.store(nudge->number, std::memory_order_relaxed);
  } else if (const auto* question = std::get_if<SettleMail>(&mail)) {
    settling_.push_back(*question);
  } else if (const auto* settled = std::get_if<SettledMail>(&mail)) {
    write_pongs(receipts_.on_settled(settled->number));
  }
}

void Worker::report_problem(std::string_view what) {
  shared_.log.write(LogLevel::kError, "a connection failed", {{"why", what}});
}

void Worker::add_dirty(Connection& connection) { dirty_.push_back(&connection); }

void Worker::read_later(ConnId conn) { reading_on_.push_back(conn.serial); }

void Worker::end_turn() {
  for (const std::uint64_t serial : std::exchange(reading_on_, {}))
    if (Connection* connection = find(serial)) connection->read_on();
  flush_dirty();
  write_receipts();
  // Flushing may have ended one connection, and that another's wait.
  std::erase_if(dirty_, [](const Connection* connection) { return connection->is_closed(); });
  if (!dirty_.empty() || !reading_on_.empty()) reactor_.hurry();
  retired_.clear();
}

void Worker::hand_over(std::uint32_t worker, Mail mail) {
  if (shared_.mailboxes[worker]->put(std::move(mail))) receipts_.on_handed_over(worker);
}

void Worker::settle() {
  for (const SettleMail& question : settling_) shared_.mailboxes[question.asked_by]->put(SettledMail{question.number});
  settling_.clear();
}

void Worker::write_receipts() {
  settle();
  const Receipts::Round round = receipts_.end_turn();
  write_pongs(round.ready);
  for (const std::uint32_t worker : round.workers)
    if (!shared_.mailboxes[worker]->put(SettleMail{index_, round.number}))
      write_pongs(receipts_.on_settled(round.number));  // It has ended, and with it whom it would write to.
  flush_dirty();
}

void Worker::write_pongs(const std::vector<Receipts::Pong>& pongs) {
  for (const Receipts::Pong& pong : pongs)
    if (Connection* connection = find(pong.to)) connection->send_pong(pong.payload);
}

void Worker::flush_dirty() {
  flushing_.swap(dirty_);
  for (Connection* connection : flushing_) connection->flush();
  flushing_.clear();
}

void Worker::arm(TimerWheel::Timer& timer, SteadyTime deadline) {
  wheel_.arm(timer, deadline);
  if (std::exchange(is_ticking_, true)) return;
  ticker_.set(std::chrono::steady_clock::now() + TimerWheel::kTick);
}

void Worker::tick() {
  const SteadyTime time = now();
  wheel_.advance(time,
                 [time](TimerWheel::Timer& timer) { static_cast<Connection::Timer&>(timer).owner.on_timer(time); });
  is_ticking_ = !wheel_.empty();
  if (is_ticking_) ticker_.set(std::chrono::steady_clock::now() + TimerWheel::kTick);
}

void Worker::begin_stop(const StopMail& plan) {
  if (!std::exchange(is_stopping_, true))
    for (const auto& listener : listeners_) listener->close();
  leaving_.clear();
  told_ = closed_ = 0;
  for (const std::uint64_t serial : serials()) {
    Connection* connection = find(serial);
    if (connection == nullptr) continue;
    if (connection->is_websocket()) {
      leaving_.push_back(serial);
    } else {
      connection->go_down();
    }
  }
  schedule_ = DrainSchedule(now(), plan.window, leaving_.size());
  drain();
  stop_alarm_.set(plan.deadline);
  end_if_done();
}

void Worker::drain() {
  const SteadyTime time = now();
  for (const std::size_t due = schedule_.told(time); told_ < due; ++told_)
    if (Connection* connection = find(leaving_[told_])) connection->go_away();
  for (const std::size_t due = schedule_.closed(time); closed_ < due; ++closed_)
    if (Connection* connection = find(leaving_[closed_])) connection->go_down();
  if (closed_ == leaving_.size() || connections_.empty()) return;
  drain_alarm_.set(std::chrono::steady_clock::now() + kDrainStep);
}

void Worker::end_if_done() {
  if (!is_stopping_ || !connections_.empty()) return;
  reactor_.stop();
}

}  // namespace heliograph::net
