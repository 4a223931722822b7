// HttpService: what each request is, and who answers it. The server's implementation of net::Service.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/service.hpp"
#include "server/admin_api.hpp"
#include "server/api_gateway.hpp"
#include "server/console_api.hpp"
#include "server/executor.hpp"
#include "server/identity/identity.hpp"
#include "server/metrics/request_meter.hpp"
#include "server/signaling.hpp"
#include "server/static_files.hpp"
#include "server/upgrade_gate.hpp"

namespace heliograph::server {

/// Threads: as net::Service demands. The parts must outlive it.
class HttpService final : public net::Service {
 public:
  struct Parts {
    ApiGateway& api;               ///< Operations of the KVS API.
    UpgradeGate& upgrades;         ///< ConnectAsMaster, ConnectAsViewer.
    ConsoleApi& console;           ///< /_heliograph/v1
    AdminApi& admin;               ///< /_heliograph/v1/admin
    identity::Identity& identity;  ///< Users and roles, and STS.
    Signaling& signaling;          ///< Messages.
    const StaticFiles& files;
    metrics::RequestMeter& requests;
    Executor& executor;                    ///< Makes the page of metrics.
    std::function<std::string()> metrics;  ///< That page.
    Rng& rng;                              ///< For the ids of requests.
    LogSink& log;
    bool allow_plaintext = false;  ///< Serve http and ws on listeners that are not loopback.
  };
  explicit HttpService(Parts parts) : parts_(parts) {}

  /// What /readyz says from now on: 200. Threads: any.
  void set_ready() noexcept { state_.store(State::kReady); }
  [[nodiscard]] bool is_ready() const noexcept { return state_.load() == State::kReady; }
  /// The answer of /livez and /readyz.
  [[nodiscard]] net::HttpResponse health(std::string_view path) const;
  /// /readyz says 503, and no upgrade is granted any more. Threads: any.
  void begin_leaving() noexcept { state_.store(State::kLeaving); }

  void on_refusal(net::HttpResponse& response) override;
  void on_request(const net::HttpRequest& request, net::Reply reply) override;
  void on_upgrade(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply) override;
  void on_open(SteadyTime now, ConnId conn, std::uint64_t tag) override { parts_.signaling.on_open(now, conn, tag); }
  void on_text(SteadyTime now, ConnId conn, std::uint64_t tag, std::string_view text) override {
    parts_.signaling.on_text(now, conn, tag, text);
  }
  void on_closed(SteadyTime now, ConnId conn, std::uint64_t tag, const net::CloseInfo& info) override {
    parts_.signaling.on_closed(now, conn, tag, info);
  }

 private:
  enum class State : std::uint8_t { kStarting, kReady, kLeaving };

  void metrics(const net::HttpRequest& request, net::Reply reply);
  [[nodiscard]] bool is_refused_plaintext(const net::HttpRequest& request) const;
  void route(const net::HttpRequest& request, const std::string& request_id, net::Reply reply);

  Parts parts_;
  std::atomic<State> state_{State::kStarting};
};

}  // namespace heliograph::server
