// Connections per second, each with a whole upgrade.
#include "load/connect_run.hpp"

#include <chrono>

#include "load/json_report.hpp"
#include "load/meter.hpp"

namespace heliograph::bench {

Result<Report> ConnectRun::run() {
  constexpr std::size_t kIdentities =
      16;  // Per slot: one is back only when the server has long forgotten its last use.
  for (std::size_t i = 0; i < options_.connections * kIdentities; ++i) {
    auto target = dialect_.target(i);
    if (!target) return target.error();
    targets_.push_back(std::move(target.value()));
  }
  for (std::size_t i = 0; i < options_.connections; ++i) done_.push_back(i);

  serve_and_reopen(options_.warm_up);
  opened_ = resumed_ = 0;
  const auto meter = Meter::start(options_.server_pid);
  if (!meter) return meter.error();
  serve_and_reopen(options_.seconds);
  const auto usage = meter->stop();
  if (!usage) return usage.error();

  if (options_.tls == Tls::kResume && resumed_ != opened_) {
    fail("only " + std::to_string(resumed_) + " of " + std::to_string(opened_) + " TLS sessions were resumed");
  }
  JsonReport json;
  json.add("connects", opened_);
  json.add("connects_per_second", static_cast<double>(opened_) / usage->seconds);
  json.add("connects_per_server_cpu_second", static_cast<double>(opened_) / usage->server_cpu_seconds);
  json.add(*usage);
  return Report{json.text(), failure_};
}

void ConnectRun::serve_and_reopen(double seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (failure_.empty() && std::chrono::steady_clock::now() < until) {
    if (auto reopened = reopen(); !reopened) return fail(reopened.error().detail);
    serve(0.05, [this] { return !done_.empty(); });
  }
}

Result<void> ConnectRun::reopen() {
  for (const std::size_t slot : done_) {
    connection(slot).close();
    if (auto opened = open(slot, targets_[next_target_++ % targets_.size()]); !opened) return opened;
  }
  done_.clear();
  return {};
}

void ConnectRun::on_usable(std::size_t number) {
  ++opened_;
  if (connection(number).is_resumed()) ++resumed_;
  done_.push_back(number);
}

}  // namespace heliograph::bench
