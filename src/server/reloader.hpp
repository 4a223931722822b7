// Reloader: takes a changed configuration, and changed certificates, into the running service.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/network.hpp"
#include "server/app_hooks.hpp"
#include "server/certificates.hpp"
#include "server/control_plane.hpp"
#include "server/live_config.hpp"
#include "server/relay_service.hpp"
#include "server/reload_plan.hpp"
#include "server/signaling.hpp"

namespace heliograph::server {

/// Everything is read and checked before anything is changed: a mistake changes nothing. No connection is touched;
/// those that are open keep the certificate and most limits that they began with. Threads: one, the main thread (files
/// are read on it, and the relay is its). The parts must outlive it.
class Reloader {
 public:
  struct Parts {
    LiveConfig& config;
    AppHooks hooks;
    Certificates& certificates;
    net::Network& network;
    Signaling& signaling;
    ControlPlane& control_plane;
    Throttle& throttle;
    RelayService& relays;
    std::filesystem::path runtime_file;
    const Clock& clock;
    LogSink& log;
  };
  explicit Reloader(Parts parts);

  /// Reads the configuration and the certificates again. Fails with kInvalidArgument, saying what is wrong.
  /// @param by  who asked, for the log.
  [[nodiscard]] Result<ReloadReport> reload(std::string_view by);
  /// Call about once a second. Once a minute the development certificate is renewed if it is time, and certificates
  /// whose files have changed are read again.
  void on_tick();

 private:
  [[nodiscard]] Result<ReloadReport> try_reload();
  void apply(Config next);
  void tell(std::string_view assignments) const;

  static constexpr std::chrono::minutes kCheckInterval{1};

  Parts parts_;
  SteadyTime next_check_;
};

}  // namespace heliograph::server
