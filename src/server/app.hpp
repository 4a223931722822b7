// App: heliographd as an object. Wires the parts, and takes them down in the right order.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/network.hpp"
#include "server/app_hooks.hpp"
#include "server/config.hpp"
#include "server/principal.hpp"
#include "server/signaling.hpp"

namespace heliograph::server {

/// Lifetime: `clock`, `rng` and `log` must outlive it. Threads: construct, start and run on one thread, which must live
/// as long as the process when there is a relay (the kernel ends coturn with it); request_stop from any, also from a
/// signal handler's thread.
class App {
 public:
  /// @param hooks   for reloading; without `reread` a reload is refused.
  /// @param others  principals beside the administrators of DATA/credentials.
  App(Config config, const Clock& clock, Rng& rng, LogSink& log, AppHooks hooks = {},
      std::vector<Principal> others = {});
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Opens the data directory, loads or makes what is in it, binds, and begins to serve. Fails with a text for the
  /// person who started it.
  [[nodiscard]] Result<void> start();
  /// Serves, and reloads on SIGHUP, until request_stop, SIGTERM or SIGINT; then drains (drain.hpp) and returns when all
  /// is down. A second one of them ends the drain at once.
  void run();
  void request_stop();

  /// Where it listens, after start(): "http://127.0.0.1:3000".
  [[nodiscard]] std::vector<std::string> urls() const;
  [[nodiscard]] core::HubStats hub_stats() const;
  [[nodiscard]] net::NetStats net_stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace heliograph::server
