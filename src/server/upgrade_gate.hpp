// UpgradeGate: ConnectAsMaster and ConnectAsViewer. Who asks, for which channel, in which role, and is there room.
#pragma once

#include "base/log.hpp"
#include "net/service.hpp"
#include "server/authenticator.hpp"
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
    const store::Store& store;
    Executor& executor;
    Signaling& signaling;
    Throttle& throttle;
    const Clock& clock;
    LogSink& log;
  };
  explicit UpgradeGate(Parts parts) : parts_(parts) {}

  /// Replies with an acceptance, or with the refusal of protocol §3.4: 403 for who, 400 for what, 404 for where, each
  /// with a reason. The channel is looked up on the executor, because a store may wait for its disk.
  void decide(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply);

 private:
  [[nodiscard]] Result<void> check_rate(const ConnectQuery& query);
  void log_refusal(const ConnectQuery& query, const Error& why);

  Parts parts_;
  LogGate gate_;
};

/// Reads X-Amz-ChannelARN and X-Amz-ClientId of a request target. The role follows from the client id: present = viewer
/// (endpoints have one host for both). Fails with kInvalidArgument, naming the parameter and the rule.
[[nodiscard]] Result<ConnectQuery> parse_connect_query(std::string_view target);

}  // namespace heliograph::server
