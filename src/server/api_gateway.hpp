// ApiGateway: operations of the KVS API as HTTP requests: authenticated here, carried out on the executor.
#pragma once

#include <string>

#include "base/log.hpp"
#include "net/service.hpp"
#include "server/authenticator.hpp"
#include "server/control_plane.hpp"
#include "server/executor.hpp"

namespace heliograph::server {

/// Threads: any. The parts must outlive it and every reply.
class ApiGateway {
 public:
  struct Parts {
    Authenticator& authenticator;
    ControlPlane& control_plane;
    Executor& executor;
    const Clock& clock;
    LogSink& log;
    AuditSink* audit = nullptr;  ///< Hears of callers who are not who they say; the ControlPlane tells of the others.
  };
  explicit ApiGateway(Parts parts) : parts_(parts) {}

  void on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply);

 private:
  Parts parts_;
};

}  // namespace heliograph::server
