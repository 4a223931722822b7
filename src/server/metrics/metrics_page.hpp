// MetricsPage: everything that is counted, as one text.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "net/network.hpp"
#include "server/authenticator.hpp"
#include "server/executor.hpp"
#include "server/metrics/exposition.hpp"
#include "server/metrics/metered_store.hpp"
#include "server/metrics/request_meter.hpp"
#include "server/relay_service.hpp"
#include "server/signaling.hpp"

namespace heliograph::server::metrics {

/// Threads: any; reading takes each shard's lock for a moment and looks into /proc, so not on a worker.
class MetricsPage {
 public:
  struct Parts {
    const net::Network& network;
    const Signaling& signaling;
    const Authenticator& authenticator;
    const Executor& executor;
    const RequestMeter& requests;
    const MeteredStore& store;
    const RelayService& relays;
    const Clock& clock;
    std::function<bool()> is_ready;
    std::function<std::uint64_t()> lost_log_lines;    ///< Empty: none are lost.
    std::function<std::uint64_t()> lost_audit_lines;  ///< Likewise.
    std::function<void(Exposition&)> more{};          ///< Of parts that count for themselves.
  };
  explicit MetricsPage(Parts parts) : parts_(std::move(parts)), started_(parts_.clock.steady_now()) {}

  [[nodiscard]] std::string text() const;

 private:
  void expose_service(Exposition& out) const;
  void expose_sockets(Exposition& out) const;
  void expose_websockets(Exposition& out) const;
  void expose_messages(Exposition& out) const;
  void expose_store(Exposition& out) const;
  void expose_relay(Exposition& out) const;

  Parts parts_;
  SteadyTime started_;
};

}  // namespace heliograph::server::metrics
