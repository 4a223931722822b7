// Identity: users, roles, temporary credentials and the audit log, as one part of the App.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/service.hpp"
#include "server/authenticator.hpp"
#include "server/authorizer.hpp"
#include "server/config.hpp"
#include "server/executor.hpp"
#include "server/identity/audit_log.hpp"
#include "server/identity/directory.hpp"
#include "server/identity/sts_service.hpp"
#include "server/identity/user_api.hpp"
#include "server/identity/web_identities.hpp"
#include "server/signaling.hpp"
#include "store/user_store.hpp"

namespace heliograph::server::identity {

/// Opened first, because the Authenticator asks it who is who; served later, because its own requests are signed.
/// Lifetime: what it is given must outlive it. Threads: open and serve on one, the others from any.
class Identity {
 public:
  struct World {
    const Principals& administrators;
    wire::ArnScope scope;
    const Clock& clock;
    Rng& rng;
    LogSink& log;
  };
  /// Reads users and roles from the database in `data`, the master key, and the keys of issuers. Fails with a text for
  /// the person who started the service.
  [[nodiscard]] static Result<std::unique_ptr<Identity>> open(const Config& config, const std::filesystem::path& data,
                                                              World world);

  [[nodiscard]] const PrincipalSource& principals() const noexcept { return *directory_; }
  /// Null when none is kept.
  [[nodiscard]] AuditSink* audit() const noexcept { return audit_.get(); }
  /// Of the audit log, since the start.
  [[nodiscard]] std::uint64_t lost_audit_lines() const noexcept { return audit_ ? audit_->lost_lines() : 0; }

  void serve(Authenticator& authenticator, const Authorizer& authorizer, Signaling& signaling, Executor& executor);
  /// Whether the request is for users, roles or STS. After serve().
  [[nodiscard]] bool owns(const net::HttpRequest& request) const;
  void on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply);

  /// When no request is carried out any more, and before their replies are void: ends what waits for an issuer.
  void stop();

  /// Goes on in new files where old ones were moved away.
  void reopen_files();

 private:
  explicit Identity(World world) : world_(std::move(world)) {}

  World world_;
  std::unique_ptr<store::UserStore> store_;
  std::optional<Directory> directory_;
  std::optional<WebIdentities> issuers_;
  std::unique_ptr<AuditLog> audit_;
  std::optional<UserApi> users_;
  std::optional<StsService> sts_;
};

}  // namespace heliograph::server::identity
