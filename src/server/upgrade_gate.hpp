// UpgradeGate: ConnectAsMaster and ConnectAsViewer. Who asks, for which channel, in which role, and is there room.
#pragma once

#include <optional>
#include <string>

#include "base/log.hpp"
#include "net/service.hpp"
#include "server/audit.hpp"
#include "server/authenticator.hpp"
#include "server/authorizer.hpp"
#include "server/connect_query.hpp"
#include "server/events/connect_guard.hpp"
#include "server/executor.hpp"
#include "server/log_gate.hpp"
#include "server/signaling.hpp"
#include "server/throttle.hpp"
#include "store/store.hpp"

namespace heliograph::server {

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
  /// there. The store is asked on the executor, because it may wait for its disk; not at all where the channel is known
  /// and the policies do not depend on its tags.
  void decide(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply, std::string request_id = {});

  /// Refuses for a reason that lies outside: the service leaves, the transport is plain. Nobody's signature is looked
  /// at.
  /// @param why  its detail is for the log.
  void turn_away(ConnId conn, const net::HttpRequest& request, const Error& why, const net::UpgradeReply& reply,
                 const std::string& request_id);

 private:
  /// What a channel makes of those who join it.
  struct ChannelRules {
    std::chrono::seconds message_ttl{};
    bool is_mesh = false;
  };
  /// On the executor; where the channel is known, on the network's thread.
  void admit(ConnId conn, const PrincipalPtr& caller, ConnectQuery query, RequestContext context,
             std::optional<store::Channel> known, const net::UpgradeReply& reply);
  /// `reply`, and before it the audit log.
  [[nodiscard]] net::UpgradeReply audited(const net::HttpRequest& request, PrincipalPtr caller,
                                          std::shared_ptr<AccessNote> note, std::string action, std::string channel,
                                          std::string request_id, net::UpgradeReply reply) const;
  /// On any thread: everybody who was asked has said yes.
  void seat(const events::FactsPtr& facts, const ChannelRules& rules, const std::shared_ptr<AccessNote>& note,
            const net::UpgradeReply& reply);
  /// Who knocks, for the log; without a query when that cannot be read.
  struct Knock {
    ConnId conn;
    std::string request_id;
    ConnectQuery query;
  };
  [[nodiscard]] static Knock knock_of(const events::ConnectionFacts& facts) {
    return {facts.conn, facts.request_id, {facts.channel, facts.role, facts.client}};
  }
  /// Replies with the error, and logs it: of floods now and then.
  /// @param reason  for the log, where the peer is not told; empty: that of the error.
  void refuse(const Knock& knock, const Error& error, const net::UpgradeReply& reply, std::string_view reason = {});

  Parts parts_;
  LogGate refusals_;
  LogGate faults_;
};

}  // namespace heliograph::server
