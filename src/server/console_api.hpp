// ConsoleApi: what the call page asks of its service, under /_heliograph/v1. Not part of KVS.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/service.hpp"
#include "server/audit.hpp"
#include "server/console_access.hpp"
#include "server/control_plane.hpp"
#include "server/executor.hpp"
#include "server/live_config.hpp"
#include "server/principal.hpp"

namespace heliograph::server {

/// Paths, what they ask for, and what they answer:
///
/// - GET  info: version, region, whether a login is needed, whether there is a relay.
/// - POST login (accessKeyId, secretAccessKey): a session cookie.
/// - POST logout: nothing.
/// - POST join (channelName, role, clientId?): ARN, endpoint, ICE servers; the channel is made if it is missing.
/// - POST sign (endpoint, queryParams): a presigned URL, as from the AWS SDK's RequestSigner with the user's key.
///
/// What is done for a page, and what it is refused, is in the audit log as the event "console".
///
/// Threads: any. The parts must outlive it and every reply.
class ConsoleApi {
 public:
  struct Parts {
    const LiveConfig& config;
    const PrincipalSource& principals;
    const ControlPlane& control_plane;
    ConsoleAccess& access;
    Executor& executor;
    const Clock& clock;
    LogSink& log;
    bool has_relay = false;
    AuditSink* audit = nullptr;
  };
  explicit ConsoleApi(Parts parts) : parts_(parts) {}

  void on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply);

 private:
  [[nodiscard]] net::HttpResponse info(const net::HttpRequest& request) const;
  [[nodiscard]] net::HttpResponse log_in(const net::HttpRequest& request, const std::string& request_id) const;
  [[nodiscard]] net::HttpResponse sign(const net::HttpRequest& request, const Principal& user, AccessNote& note) const;
  void join(const net::HttpRequest& request, const PrincipalPtr& user, RequestContext context, net::Reply reply) const;
  void audit_sign_in(const net::HttpRequest& request, const std::string& request_id, const Principal* who,
                     std::string_view key) const;
  /// `reply`, and before it the audit log. `who`: null, when nobody is logged in.
  [[nodiscard]] net::Reply audited(std::string action, PrincipalPtr who, const RequestContext& context,
                                   net::Reply reply) const;
  /// Whom the page acts as: on an open console the administrator, else who logged in; null: nobody.
  [[nodiscard]] PrincipalPtr user_of(const net::HttpRequest& request) const;

  Parts parts_;
};

}  // namespace heliograph::server
