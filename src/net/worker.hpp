// Worker: one thread with its reactor, its listeners and everything that lives on it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/log.hpp"
#include "core/limits.hpp"
#include "core/server_session.hpp"
#include "net/connection.hpp"
#include "net/counter.hpp"
#include "net/drain_schedule.hpp"
#include "net/listener.hpp"
#include "net/mailbox.hpp"
#include "net/network.hpp"
#include "net/reactor.hpp"
#include "net/receipts.hpp"
#include "net/timer_wheel.hpp"
#include "net/tls_context.hpp"

namespace heliograph::net {

/// What all workers share. Immutable but for the atomics.
struct Shared {
  NetConfig config;
  std::atomic<const core::Limits*> limits;
  Service& service;
  const Clock& clock;
  LogSink& log;
  std::atomic<std::size_t> sockets{0};
  std::mutex tls_mutex;
  TlsContext tls;                                     ///< Under tls_mutex.
  std::atomic<std::size_t> running{0};                ///< Workers whose thread has not ended.
  std::vector<std::shared_ptr<Mailbox>> mailboxes{};  ///< Of all workers; complete before the first runs.
  std::mutex end_mutex;
  std::function<void()> on_ended;  ///< Under end_mutex. The last worker calls it.
};

/// Threads: run() is the thread; put() from any; the rest on that thread only.
class Worker {
 public:
  Worker(Shared& shared, std::uint32_t index);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Before run(): takes over a bound socket that listens.
  void add_listener(int descriptor, const ListenAddress& address);
  void run();
  /// The mailbox, for whoever outlives the worker.
  [[nodiscard]] const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }
  /// Whether it is one of a network's.
  [[nodiscard]] bool is_of(const Shared& shared) const noexcept { return &shared == &shared_; }
  /// The worker whose thread this is; null on every other.
  [[nodiscard]] static Worker* current() noexcept;

  /// The last nudge that was taken; greater than any after the end. Threads: any.
  [[nodiscard]] std::uint64_t answered() const noexcept { return answered_.load(std::memory_order_relaxed); }

  void send_text(std::uint64_t to, std::string_view text);
  void close(std::uint64_t to, Errc why, std::string_view reason);
  void answer(std::uint64_t to, std::uint32_t request, HttpResponse response);
  void decide(ConnId to, UpgradeDecision decision);
  void adopt(Descriptor socket, PeerInfo peer);

  // For connections:
  [[nodiscard]] Service& service() noexcept { return shared_.service; }
  [[nodiscard]] const core::Limits& limits() const noexcept { return *shared_.limits.load(std::memory_order_acquire); }
  [[nodiscard]] const NetConfig& config() const noexcept { return shared_.config; }
  [[nodiscard]] Reactor& reactor() noexcept { return reactor_; }
  [[nodiscard]] SpareBuffers& spare_buffers() noexcept { return spare_buffers_; }
  [[nodiscard]] WorkerStats& stats() noexcept { return stats_; }
  [[nodiscard]] SteadyTime now() const { return shared_.clock.steady_now(); }
  [[nodiscard]] WallTime wall_now() const { return shared_.clock.wall_now(); }
  [[nodiscard]] std::span<char> read_buffer() noexcept { return read_buffer_; }
  [[nodiscard]] TlsContext tls();
  [[nodiscard]] Reply make_reply(ConnId conn, std::uint32_t request);
  /// For a BodySource: has it asked for more.
  [[nodiscard]] std::function<void()> make_wake(ConnId conn, std::uint32_t request) const;
  [[nodiscard]] UpgradeReply make_upgrade_reply(ConnId conn);
  void add_dirty(Connection& connection);
  /// Answers a ping when what came before it has left.
  void confirm_later(ConnId conn, std::string_view payload) { receipts_.add(conn.serial, payload); }
  /// A message of a connection of this worker's is for one of another's.
  void hand_over(std::uint32_t worker, Mail mail);
  /// Connection::read_on() at the end of this turn, after all others had theirs.
  void read_later(ConnId conn);
  /// Keeps something that is still on the stack until the turn is over.
  void retire(std::shared_ptr<void> old) { retired_.push_back(std::move(old)); }
  void arm(TimerWheel::Timer& timer, SteadyTime deadline);
  void remove(ConnId conn);
  /// An upgrade was granted to a connection that has gone meanwhile.
  void report_stillborn(ConnId conn, std::uint64_t tag);
  /// Something threw.
  void report_problem(std::string_view what);

  /// Room for session effects, given back when the lease ends: effects are performed while others are being made.
  class EffectsLease {
   public:
    explicit EffectsLease(Worker& worker) : worker_(worker) {
      if (worker_.spare_effects_.empty()) return;
      effects = std::move(worker_.spare_effects_.back());
      worker_.spare_effects_.pop_back();
    }
    EffectsLease(const EffectsLease&) = delete;
    EffectsLease& operator=(const EffectsLease&) = delete;
    ~EffectsLease() {
      effects.clear();
      worker_.spare_effects_.push_back(std::move(effects));
    }
    std::vector<core::SessionEffect> effects;

   private:
    Worker& worker_;
  };
  [[nodiscard]] EffectsLease lease_effects() { return EffectsLease(*this); }

 private:
  void on_mail();
  void deliver(Mail& mail);
  void end_turn();
  void flush_dirty();
  void write_receipts();
  /// Tells those who have asked that this worker has written what they had handed over.
  void settle();
  void write_pongs(const std::vector<Receipts::Pong>& pongs);
  void tick();
  void begin_stop(const StopMail& plan);
  /// Tells and closes who is due.
  void drain();
  void report_end();
  void end_if_done();
  [[nodiscard]] Connection* find(std::uint64_t serial) const;
  /// The serials of all: they may be closed one by one, which ends them.
  [[nodiscard]] std::vector<std::uint64_t> serials() const;

  Shared& shared_;
  std::uint32_t index_;
  std::uint64_t last_serial_ = 0;
  Reactor reactor_;
  std::shared_ptr<Mailbox> mailbox_;
  TimerWheel wheel_;
  Reactor::Alarm ticker_;
  Reactor::Alarm stop_alarm_;
  Reactor::Alarm drain_alarm_;
  DrainSchedule schedule_;
  std::vector<std::uint64_t> leaving_;  ///< Serials, in the order of the schedule.
  std::size_t told_ = 0;                ///< Of leaving_.
  std::size_t closed_ = 0;
  std::vector<std::unique_ptr<Listener>> listeners_;
  SpareBuffers spare_buffers_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<void>> retired_;  ///< Among them connections that ended in this turn.
  std::vector<Connection*> dirty_;
  std::vector<Connection*> flushing_;
  std::vector<std::uint64_t> reading_on_;  ///< Serials.
  Receipts receipts_;
  std::vector<SettleMail> settling_;  ///< To be answered when this turn is written.
  std::vector<std::vector<core::SessionEffect>> spare_effects_;
  std::vector<Mail> mail_;
  std::vector<char> read_buffer_;
  WorkerStats stats_;
  std::atomic<std::uint64_t> answered_{0};
  bool is_ticking_ = false;
  bool is_stopping_ = false;
};

}  // namespace heliograph::net
