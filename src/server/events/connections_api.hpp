// ConnectionsApi: what an operator sees of connections, and how they are ended. Not part of KVS.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "server/admin_api.hpp"
#include "server/events/event_meter.hpp"
#include "server/events/revoked_keys.hpp"
#include "server/executor.hpp"
#include "server/signaling.hpp"
#include "store/store.hpp"

namespace heliograph::server::events {

/// Paths below /_heliograph/v1/admin/:
///
/// - GET connections?channel=NAME&client=ID&role=MASTER|VIEWER&key=ID&limit=N&after=ID: {connections: […], next?}, by
///   id; `next` goes into `after`.
/// - GET channels?limit=N&after=NAME: {channels: [{name, arn, type, masters, viewers}], next?}, by name.
/// - POST disconnect {channel?, clientId?, role?, connectionId?, accessKeyId?, reason?}: ends those that all of these
///   hold for, of which there must be one; {disconnected: n}.
///
/// - POST revoke-key {accessKeyId, reason?}: refuses the key, and sessions asked for with it, from now on and ends
///   their connections; {disconnected: n}, with known: false when there is no such key (which may come later).
/// - POST restore-key {accessKeyId}: accepts it again; {}.
/// - GET revoked-keys: {keys: [{accessKeyId, time, reason}]}.
///
/// Threads: any. The parts must outlive it and every reply.
class ConnectionsApi {
 public:
  static constexpr std::size_t kMaxPage = 1000;
  /// RFC 6455, 5.5: what a close frame has room for.
  static constexpr std::size_t kMaxReason = 123;

  struct Parts {
    Signaling& signaling;
    const store::Store& store;
    Executor& executor;
    RevokedKeys& revoked;
    const Clock& clock;
    EventMeter& meter;
    LogSink& log;
  };
  explicit ConnectionsApi(Parts parts) : parts_(parts) {}

  [[nodiscard]] std::vector<AdminRoute> routes();

 private:
  using Work = net::HttpResponse (ConnectionsApi::*)(const net::HttpRequest&);
  /// It takes every shard's lock, or asks the store: nothing for a network thread.
  [[nodiscard]] AdminRoute on_executor(std::string_view method, std::string_view path, Work work);
  [[nodiscard]] net::HttpResponse list(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse channels(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse disconnect(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse revoke(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse restore(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse revoked(const net::HttpRequest& request);

  Parts parts_;
};

}  // namespace heliograph::server::events
