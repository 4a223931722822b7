// RelayService: the relay that the configuration asks for, made ready: ports, secret, coturn, and what clients are
// told.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "server/config.hpp"
#include "server/relay/coturn_supervisor.hpp"
#include "server/relay/relay_directory.hpp"

namespace heliograph::server {

/// Threads: prepare, start and stop on main; directory() from any after prepare. What is passed must outlive it.
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

  [[nodiscard]] const relay::RelayDirectory& directory() const { return *directory_; }
  [[nodiscard]] bool has_relay() const noexcept { return has_relay_; }

 private:
  [[nodiscard]] Result<void> prepare_external(const TurnConfig& config);
  [[nodiscard]] Result<void> prepare_coturn(const Config& config, const net::TlsFiles& tls,
                                            const std::filesystem::path& state_dir, Rng& rng);

  boost::asio::io_context& context_;
  const Clock& clock_;
  LogSink& log_;
  std::unique_ptr<relay::RelayDirectory> directory_ = std::make_unique<relay::NoRelay>();
  std::unique_ptr<relay::CoturnSupervisor> coturn_;
  bool has_relay_ = false;
};

}  // namespace heliograph::server
