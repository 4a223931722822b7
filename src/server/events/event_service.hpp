// EventService: everything about presence, webhooks and the operator's view of connections, as the one part that App
// wires.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http_client.hpp"
#include "server/admin_api.hpp"
#include "server/events/authorize_hook.hpp"
#include "server/events/connect_guard.hpp"
#include "server/events/connections_api.hpp"
#include "server/events/event_config.hpp"
#include "server/events/event_desk.hpp"
#include "server/events/event_meter.hpp"
#include "server/events/hook_signer.hpp"
#include "server/events/revoked_keys.hpp"
#include "server/events/webhook.hpp"
#include "server/executor.hpp"
#include "server/ice_advisor.hpp"
#include "server/metrics/exposition.hpp"
#include "server/signaling.hpp"
#include "store/sqlite_outbox.hpp"
#include "store/store.hpp"

namespace heliograph::server::events {

/// Order: open(), then wire(), then start(), then stop(). Threads: those from one; the rest from any. The parts must
/// outlive it.
class EventService final : private ConnectGuard, private IceAdvisor {
 public:
  EventService(const EventConfig& config, const Clock& clock, Rng& rng, LogSink& log)
      : config_(config), clock_(clock), rng_(rng), log_(log) {}
  ~EventService() override { stop(); }

  /// Reads (and makes) what it keeps in the data directory. Fails with kIo or kCorrupt.
  /// @param principals  who may sign, but for those that are revoked here.
  [[nodiscard]] Result<void> open(const std::filesystem::path& data, const PrincipalSource& principals);
  /// From open() on: those who may sign and are not revoked.
  [[nodiscard]] const PrincipalSource& principals() const noexcept { return *revoked_; }
  [[nodiscard]] ConnectGuard& guard() noexcept { return *this; }
  /// Null without an authorization webhook.
  [[nodiscard]] IceAdvisor* advisor() noexcept { return authorize_ ? this : nullptr; }
  /// Watches the signaling.
  void wire(Signaling& signaling, const store::Store& store, Executor& executor);
  [[nodiscard]] Result<void> start();
  /// After the network has ended, so that everybody who left is told of.
  void stop();

  [[nodiscard]] std::vector<AdminRoute> routes();
  void expose(metrics::Exposition& out) const;

 private:
  /// How long the last events may keep a service that goes down.
  static constexpr std::chrono::seconds kFarewell{2};
  static constexpr std::size_t kMaxStreams = 64;

  [[nodiscard]] Result<void> load_secret(const std::filesystem::path& data);
  [[nodiscard]] Result<void> make_clients();
  void follow(const net::HttpRequest& request, const net::Reply& reply);
  [[nodiscard]] bool is_asking() const noexcept override { return authorize_.has_value(); }
  void check(const ConnectionFacts& facts, std::function<void(const Result<void>&)> done) override;
  [[nodiscard]] bool is_barred(const ConnectionFacts& facts) const override {
    return !revoked_->still_knows(*facts.principal);
  }
  void advise(const IceQuestion& question, std::function<void(Result<std::vector<IceServer>>)> done) override;

  const EventConfig& config_;
  const Clock& clock_;
  Rng& rng_;
  LogSink& log_;
  EventMeter meter_;
  std::optional<HookSigner> signer_;
  std::unique_ptr<store::SqliteOutbox> outbox_;
  Signaling* signaling_ = nullptr;
  std::optional<EventDesk> desk_;
  std::optional<Webhook> webhook_;
  // They go before what their calls answer to.
  std::unique_ptr<net::HttpClient> webhook_client_;
  std::unique_ptr<net::HttpClient> authorize_client_;
  std::optional<AuthorizeHook> authorize_;
  std::optional<RevokedKeys> revoked_;
  std::optional<ConnectionsApi> connections_;
};

}  // namespace heliograph::server::events
