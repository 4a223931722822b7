// RelayDirectory: which TURN servers there are to hand out. The seam between GetIceServerConfig and whatever runs them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::server::relay {

/// One TURN server, or a fleet behind one name: one entry of IceServerList.
struct RelayServer {
  /// At least 1 and at most 4 (the C SDK rejects an entry with more), each at most 256 characters; see to_turn_uris.
  std::vector<std::string> uris;
  /// Shared with the server (coturn: static-auth-secret).
  Secret secret;
};

/// Threads: any.
class RelayDirectory {
 public:
  RelayDirectory() = default;
  RelayDirectory(const RelayDirectory&) = delete;
  RelayDirectory& operator=(const RelayDirectory&) = delete;
  virtual ~RelayDirectory() = default;
  /// The servers that run now, at most 5 (the C SDK ignores more); empty when there is none.
  /// @param host  how the client reached us, without a port: "localhost", "192.0.2.1", "[::1]".
  [[nodiscard]] virtual std::vector<RelayServer> servers(std::string_view host) const = 0;
  /// The least expiry of new credentials of a channel: later than that of those that were revoked.
  [[nodiscard]] virtual WallTime least_expiry(const ChannelArn& channel) const {
    static_cast<void>(channel);
    return WallTime::min();
  }
};

/// No relay.
class NoRelay final : public RelayDirectory {
 public:
  [[nodiscard]] std::vector<RelayServer> servers(std::string_view) const override { return {}; }
};

/// Where a TURN server listens.
struct TurnAddress {
  std::string host;        ///< Name or address; IPv6 in brackets.
  unsigned port = 3478;    ///< UDP and TCP.
  unsigned tls_port = 0;   ///< TLS and DTLS; 0: none.
  bool plain_tcp = false;  ///< Offer TURN over TCP without TLS too, which the real service does not.
};

/// The URIs of a server, in the order of the real service's answers: turn over UDP, turns over UDP, turns over TCP;
/// then, if asked for, turn over TCP. Clients tell them apart by the prefixes and by `?transport=`.
[[nodiscard]] std::vector<std::string> to_turn_uris(const TurnAddress& address);

}  // namespace heliograph::server::relay
