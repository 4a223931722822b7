// Edge: what an administrator asks about, and does to, those who come from outside: refusals, relay credentials, URLs.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "net/service.hpp"
#include "server/admin_route.hpp"
#include "server/control_plane.hpp"
#include "server/executor.hpp"
#include "server/live_config.hpp"
#include "server/principal.hpp"
#include "server/refusals/refusal_book.hpp"
#include "server/relay_service.hpp"
#include "store/store.hpp"

namespace heliograph::server {

/// Paths under /_heliograph/v1/admin/:
///
/// - GET refusals, GET refusals/REQUEST-ID: the latest requests that were refused, and why; newest first;
/// - POST relay/revoke {channelName} or {channelArn}: voids what the channel was given for the relay, and answers
///   {channelArn, allocationsEnded};
/// - POST presign {channelName} or {channelArn}, role (MASTER, VIEWER), clientId, expiresIn: a WebSocket URL, signed
///   with the administrator's key; answers {url, channelArn, expiresAt}.
///
/// Threads: any. The parts must outlive it and every reply.
class Edge final : public ChannelEvents {
 public:
  struct Parts {
    const LiveConfig& config;
    const PrincipalSource& principals;
    const store::Store& store;
    Executor& executor;
    RelayService& relays;
    ChannelEvents& next;  ///< Hears of channels too, first.
    const Clock& clock;
  };
  explicit Edge(Parts parts) : parts_(parts) {}

  [[nodiscard]] RefusalBook& refusals() noexcept { return refusals_; }

  [[nodiscard]] std::vector<AdminRoute> routes();

  /// Credentials for the relay go with the channel.
  void on_deleted(const ChannelArn& channel) override;
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl) override {
    parts_.next.on_ttl_changed(channel, ttl);
  }

 private:
  void tell_refusals(const net::Reply& reply) const;
  void tell_refusal(const net::HttpRequest& request, const net::Reply& reply) const;
  void revoke(const net::HttpRequest& request, const net::Reply& reply);
  void presign(const net::HttpRequest& request, const net::Reply& reply);
  /// The store is asked on the executor.
  void with_channel(const net::HttpRequest& request, const net::Reply& reply,
                    std::function<void(const store::Channel&)> then);

  Parts parts_;
  RefusalBook refusals_;
};

}  // namespace heliograph::server
