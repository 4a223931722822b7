// Workers, started and stopped together.
#include "net/network.hpp"

#include <thread>

#include "net/worker.hpp"

namespace heliograph::net {

struct Network::Impl {
  Impl(NetConfig config, const core::Limits& limits, Service& service, const Clock& clock, LogSink& log)
      : shared{std::move(config), &limits, service, clock, log, {}, {}, {}, {}, {}, {}, {}} {}

  Shared shared;
  std::vector<ListenAddress> bound;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  std::uint64_t nudges = 0;
};

Network::Network(NetConfig config, const core::Limits& limits, Service& service, const Clock& clock, LogSink& log)
    : impl_(std::make_unique<Impl>(std::move(config), limits, service, clock, log)) {}

Network::~Network() { stop(std::chrono::milliseconds(0)); }

Result<void> Network::start() {
  if (auto loaded = reload_tls(impl_->shared.config.tls); !loaded) return loaded;
  unsigned threads = impl_->shared.config.threads;
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  impl_->shared.config.threads = threads;
  for (unsigned i = 0; i < threads; ++i) {
    impl_->workers.push_back(std::make_unique<Worker>(impl_->shared, i));
    impl_->shared.mailboxes.push_back(impl_->workers.back()->mailbox());
  }
  for (const ListenAddress& wanted : impl_->shared.config.listen) {
    if (auto free = check_free(wanted); !free) return free;
    ListenAddress address = wanted;
    for (const auto& worker : impl_->workers) {
      const auto descriptor = open_listener(address);
      if (!descriptor) return descriptor.error();
      worker->add_listener(*descriptor, address);
    }
    impl_->bound.push_back(address);
  }
  impl_->shared.running = threads;
  for (const auto& worker : impl_->workers) impl_->threads.emplace_back([&worker]() { worker->run(); });
  return {};
}

std::vector<ListenAddress> Network::bound() const { return impl_->bound; }

void Network::send(ConnId to, std::string_view text) {
  Worker* here = Worker::current();
  Worker& target = *impl_->workers[to.worker];
  if (here == &target) return target.send_text(to.serial, text);
  if (here != nullptr && here->is_of(impl_->shared))
    return here->hand_over(to.worker, TextMail{to.serial, std::string(text)});
  target.mailbox()->put(TextMail{to.serial, std::string(text)});
}

void Network::close(ConnId conn, Errc why, std::string_view reason) {
  Worker* here = Worker::current();
  Worker& target = *impl_->workers[conn.worker];
  if (here == &target) return target.close(conn.serial, why, reason);
  target.mailbox()->put(CloseMail{conn.serial, why, std::string(reason)});
}

void Network::set_limits(const core::Limits& limits) noexcept {
  impl_->shared.limits.store(&limits, std::memory_order_release);
}

Result<void> Network::reload_tls(const TlsFiles& files) {
  if (files.certificate_chain_file.empty()) return {};
  auto context = load_tls_context(files);
  if (!context) return context.error();
  const std::lock_guard lock(impl_->shared.tls_mutex);
  impl_->shared.tls = std::move(*context);
  return {};
}

double Network::certificate_end() const {
  TlsContext context;
  {
    const std::lock_guard lock(impl_->shared.tls_mutex);
    context = impl_->shared.tls;
  }
  return context ? ends_at(context) : 0;
}

void Network::begin_stop(const StopPlan& plan, std::function<void()> on_ended) {
  Shared& shared = impl_->shared;
  {
    const std::lock_guard lock(shared.end_mutex);
    shared.on_ended = on_ended;
  }
  const auto deadline = std::chrono::steady_clock::now() + plan.window + plan.patience;
  for (const auto& worker : impl_->workers) worker->mailbox()->put(StopMail{plan.window, deadline});
  if (shared.running.load() == 0 && on_ended) on_ended();
}

void Network::stop(std::chrono::milliseconds deadline) {
  begin_stop({.patience = deadline}, {});
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->threads.clear();
}

bool Network::check_alive() {
  for (const auto& worker : impl_->workers)
    if (worker->answered() < impl_->nudges) return false;
  ++impl_->nudges;
  for (const auto& worker : impl_->workers) worker->mailbox()->put(NudgeMail{impl_->nudges});
  return true;
}

NetStats Network::stats() const {
  NetStats sum;
  for (const auto& worker : impl_->workers) {
    WorkerStats& stats = worker->stats();
    sum.accepted += stats.accepted.get();
    sum.open_sockets += stats.open_sockets.get();
    sum.open_websockets += stats.open_websockets.get();
    sum.frames_in += stats.frames_in.get();
    sum.frames_out += stats.frames_out.get();
    sum.bytes_in += stats.bytes_in.get();
    sum.bytes_out += stats.bytes_out.get();
    sum.writes += stats.writes.get();
    sum.slow_peers_closed += stats.slow_peers_closed.get();
  }
  return sum;
}

}  // namespace heliograph::net
