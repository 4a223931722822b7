// StsService: AWS Security Token Service, as far as it gives temporary credentials: POST / with a form, XML back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/log.hpp"
#include "net/service.hpp"
#include "server/audit.hpp"
#include "server/authenticator.hpp"
#include "server/authorizer.hpp"
#include "server/executor.hpp"
#include "server/identity/directory.hpp"
#include "server/identity/sts_answers.hpp"
#include "server/identity/web_identities.hpp"

namespace heliograph::server::identity {

/// GetCallerIdentity, GetSessionToken, AssumeRole, AssumeRoleWithWebIdentity of the API version 2011-06-15.
/// Threads: any. The parts must outlive it and every reply.
class StsService {
 public:
  struct Parts {
    Authenticator& authenticator;
    const Authorizer& authorizer;
    Directory& directory;
    WebIdentities& issuers;
    Executor& executor;
    wire::ArnScope scope;
    const Clock& clock;
    Rng& rng;
    LogSink& log;
    AuditSink* audit = nullptr;
  };
  explicit StsService(Parts parts) : parts_(std::move(parts)) {}

  void on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply);

 private:
  using Form = std::map<std::string, std::string>;
  /// A request that is known to be from `caller`, or from a stranger with a web identity.
  struct Call {
    std::string action;
    Form form;
    PrincipalPtr caller;  ///< Null for AssumeRoleWithWebIdentity.
    RequestContext context;
  };

  using CallPtr = std::shared_ptr<const Call>;
  using Done = std::function<void(const StsOutcome&)>;

  /// `done` is called once: before this returns, or later on a thread of the WebIdentities.
  void carry_out(const CallPtr& call, const Done& done) const;
  [[nodiscard]] StsOutcome get_caller_identity(const Call& call) const;
  [[nodiscard]] StsOutcome get_session_token(const Call& call) const;
  [[nodiscard]] StsOutcome assume_role(const Call& call) const;
  void assume_role_with_web_identity(const CallPtr& call, const Done& done) const;
  [[nodiscard]] StsOutcome assume_as(const WebIdentity& who, const std::shared_ptr<const KnownRole>& role,
                                     const Call& call) const;
  /// The caller's role and the trust it has to be assumed by it.
  [[nodiscard]] std::variant<std::shared_ptr<const KnownRole>, StsFailure> find_role(const Form& form) const;
  [[nodiscard]] std::optional<StsFailure> check_trust(const KnownRole& role, const Call& call) const;
  /// Credentials of a role's session, and what is told of it.
  [[nodiscard]] StsOutcome begin_session(const KnownRole& role, const Call& call, std::string_view more) const;
  void audit(const Call& call, const StsOutcome& outcome) const;

  Parts parts_;
};

}  // namespace heliograph::server::identity
