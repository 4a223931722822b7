// AdminApi: what an operator asks of a running service, under /_heliograph/v1/admin. Not part of KVS.
#pragma once

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "net/service.hpp"
#include "server/admin_route.hpp"
#include "server/audit.hpp"
#include "server/authenticator.hpp"
#include "server/console_access.hpp"
#include "server/principals.hpp"
#include "server/reload_plan.hpp"

namespace heliograph::server {

/// Reloads soon, on another thread, and tells what came of it. Threads: any.
using RequestReload = std::function<void(std::function<void(const Result<ReloadReport>&)> on_done)>;

/// Paths, beside those that other parts have added:
///
/// - POST reload: reads the configuration and the certificates again; answers {applied: […], needsRestart: […]}, or
/// 400 with what is wrong, and then nothing has changed.
///
/// What changes something, and whatever is refused, goes into the audit log; what is only looked at does not.
///
/// Threads: any. The parts must outlive it and every reply.
class AdminApi {
 public:
  struct Parts {
    Authenticator& authenticator;
    const Principals& principals;
    ConsoleAccess& access;
    const Clock& clock;
    RequestReload reload;
    AuditSink* audit = nullptr;
  };
  explicit AdminApi(Parts parts);

  /// Before the first request.
  void add(std::vector<AdminRoute> routes);

  /// Whether this is the administrator: by a signature with that key (then nothing else is looked at), or as the
  /// console knows: on loopback, or in a session (ConsoleAccess has the rules). Never null. Fails with the code of what
  /// is missing.
  [[nodiscard]] Result<PrincipalPtr> check_administrator(const net::HttpRequest& request) const;

  void on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) const;

 private:
  void reload(net::Reply reply) const;
  [[nodiscard]] net::Reply audited(const net::HttpRequest& request, std::string_view name, PrincipalPtr who,
                                   const std::string& request_id, net::Reply reply) const;

  Parts parts_;
  std::vector<AdminRoute> routes_;
};

}  // namespace heliograph::server
