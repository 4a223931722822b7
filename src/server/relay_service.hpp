// RelayService: the relay that the configuration asks for, made ready: ports, secret, coturn, and what clients are
// told.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "server/config.hpp"
#include "server/relay/coturn_supervisor.hpp"
#include "server/relay/key_desk.hpp"
#include "server/relay/relays.hpp"

namespace heliograph::server {

/// Threads: all on main, but directory() from any after prepare. What is passed must outlive it.
class RelayService {
 public:
  RelayService(boost::asio::io_context& context, const Clock& clock, LogSink& log)
      : context_(context), clock_(clock), log_(log) {}

  /// Chooses ports and secret, so that URIs are known before the first request. A missing coturn is no error: it is
  /// logged with what to do, and there is no relay.
  [[nodiscard]] Result<void> prepare(const Config& config, const net::TlsFiles& tls,
                                     const std::filesystem::path& data_dir, Rng& rng);
  /// Starts coturn when it is ours to start.
  [[nodiscard]] Result<void> start();
  void stop();
  /// An external fleet by another configuration: reads what it names; the result puts it into force and cannot fail.
  [[nodiscard]] Result<std::function<void()>> prepare_reload(const TurnConfig& config);
  /// The files hold another certificate: coturn reads it again. False when it was started with other files.
  [[nodiscard]] bool reload_certificate(const net::TlsFiles& tls);

  [[nodiscard]] const relay::RelayDirectory& directory() const { return directory_; }
  /// Threads: any after prepare.
  [[nodiscard]] relay::RelayState state() const noexcept { return coturn_ ? coturn_->state() : relay::RelayState{}; }
  [[nodiscard]] bool has_relay() const noexcept { return has_relay_; }

  /// Voids the credentials that a channel was given until now, at once, and ends what they have allocated; `done` hears
  /// on main how many allocations that were. Fails with kInvalidArgument when the relay is not ours to ask. Threads:
  /// any.
  void revoke(const ChannelArn& channel, relay::OnEnded done);

 private:
  [[nodiscard]] Result<void> start_external(const TurnConfig& config);
  [[nodiscard]] Result<void> prepare_coturn(const Config& config, const net::TlsFiles& tls,
                                            const std::filesystem::path& state_dir, Rng& rng);

  /// Who answers coturn's questions for keys, and how it is told to end sessions.
  [[nodiscard]] Result<void> prepare_keys(relay::CoturnSettings& settings, const Secret& secret, Rng& rng);

  boost::asio::io_context& context_;
  const Clock& clock_;
  LogSink& log_;
  relay::ReplaceableRelays directory_;
  std::shared_ptr<relay::Revocations> revocations_ = std::make_shared<relay::Revocations>();
  std::unique_ptr<relay::SessionEnder> sessions_;
  std::unique_ptr<relay::KeyDesk> keys_;
  std::unique_ptr<relay::CoturnSupervisor> coturn_;
  std::string relay_certificate_;  ///< The file that coturn was given.
  bool has_relay_ = false;
};

}  // namespace heliograph::server
