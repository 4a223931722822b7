// UserApi: users and roles of a running service, under /_heliograph/v1/admin. Not part of KVS.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "net/service.hpp"
#include "server/audit.hpp"
#include "server/authenticator.hpp"
#include "server/executor.hpp"
#include "server/identity/directory.hpp"

namespace heliograph::server::identity {

/// Requests must be signed with the administrator's key: being on loopback, or in a session of the console, is not
/// enough to give access to others. Bodies and answers are JSON; names in paths are percent-encoded.
///
/// - GET users: all, without secrets. POST users {name, tags?, policies?}: a user with a first access key; its secret
/// is
///   in this answer and nowhere else.
/// - POST users/NAME {tags?, policies?}: sets them. DELETE users/NAME.
/// - POST users/NAME/keys {replace?}: another access key, or with replace the only one. DELETE users/NAME/keys/ID.
/// - GET roles. POST roles {name, trust, tags?, policies?, maxSessionSeconds?}. POST roles/NAME. DELETE roles/NAME.
///
/// What takes a key, user or role away ends the connections that rest on it, and answers with their number:
/// disconnected.
///
/// policies is a list of {name, document}; documents and trust are JSON as text, so that a member given twice is seen.
///
/// Threads: any. The parts must outlive it and every reply.
class UserApi {
 public:
  struct Parts {
    Authenticator& authenticator;
    Directory& directory;
    Executor& executor;
    /// Ends the connections of everybody for whom it is true, and gives their number.
    std::function<std::size_t(const std::function<bool(const Principal&)>&)> end_connections;
    const Clock& clock;
    LogSink& log;
    AuditSink* audit = nullptr;
  };
  explicit UserApi(Parts parts) : parts_(parts) {}

  /// Whether the path is one of those above.
  [[nodiscard]] static bool owns(std::string_view path) noexcept;
  void on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) const;

 private:
  [[nodiscard]] Result<PrincipalPtr> administrator_of(const net::HttpRequest& request) const;

  Parts parts_;
};

}  // namespace heliograph::server::identity
