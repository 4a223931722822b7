// UpgradeGate: ConnectAsMaster and ConnectAsViewer. Who asks, for which channel, in which role, and is there room.
#pragma once

#include "base/log.hpp"
#include "net/service.hpp"
#include "server/audit.hpp"
#include "server/authenticator.hpp"
#include "server/authorizer.hpp"
#include "server/events/connect_guard.hpp"
#include "server/executor.hpp"
#include "server/log_gate.hpp"
#include "server/signaling.hpp"
#include "server/throttle.hpp"
#include "store/store.hpp"

namespace heliograph::server {

/// What a connect request asks for.
struct ConnectQuery {
  ChannelArn channel;
  wire::Role role{};
  ClientId client;
};

/// Threads: any. The parts must outlive it and every reply.
class UpgradeGate {
 public:
  struct Parts {
    Authenticator& authenticator;
    const Authorizer& authorizer;
    const store::Store& store;
    Executor& executor;
    Signaling& signaling;
    Throttle& throttle;
    const Clock& clock;
    LogSink& log;
    AuditSink* audit = nullptr;
    /// Null: nobody else is asked.
    events::ConnectGuard* guard = nullptr;
  };
  explicit UpgradeGate(Parts parts) : parts_(parts) {}

  /// Replies with an acceptance, or with the refusal of protocol §3.4: 403 for who, 400 for what, 404 for where, each
  /// with a reason. Permission comes before the channel's existence, so that only those who may connect learn what is
  /// there. The store is asked on the executor, because it may wait for its disk.
  void decide(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply, std::string request_id = {});

 private:
  /// On the executor.
  void admit(ConnId conn, const PrincipalPtr& caller, const ConnectQuery& query, const RequestContext& context,
             const net::UpgradeReply& reply);
  /// `reply`, and before it the audit log.
  [[nodiscard]] net::UpgradeReply audited(const net::HttpRequest& request, PrincipalPtr caller,
                                          std::shared_ptr<AccessNote> note, std::string action, std::string channel,
                                          std::string request_id, net::UpgradeReply reply) const;
  /// On any thread: everybody who was asked has said yes.
  void seat(const core::Join& join, const events::FactsPtr& facts, const net::UpgradeReply& reply);
  void refuse(const Error& error, const net::UpgradeReply& reply) const;
  /// No room, or too soon: a refusal that is logged, of floods now and then.
  void turn_away(const ConnectQuery& query, const Error& why, const net::UpgradeReply& reply);

  Parts parts_;
  LogGate gate_;
};

/// Reads X-Amz-ChannelARN and X-Amz-ClientId of a request target. The role follows from the client id: present = viewer
/// (endpoints have one host for both). Fails with kInvalidArgument, naming the parameter and the rule.
[[nodiscard]] Result<ConnectQuery> parse_connect_query(std::string_view target);

}  // namespace heliograph::server
