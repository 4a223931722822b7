// The two kinds of relay there are to hand out: our own coturn, and an operator's fleet.
#pragma once

#include <string>
#include <vector>

#include "server/relay/relay_directory.hpp"

namespace heliograph::server::relay {

/// The coturn beside us, under the name by which the client reached us. Threads: immutable, any.
class OwnRelay final : public RelayDirectory {
 public:
  /// @param fixed_host  what URIs name instead of the client's way here; empty: that way.
  OwnRelay(Secret secret, unsigned port, unsigned tls_port, std::string fixed_host)
      : secret_(std::move(secret)), port_(port), tls_port_(tls_port), fixed_host_(std::move(fixed_host)) {}
  [[nodiscard]] std::vector<RelayServer> servers(std::string_view host) const override;

 private:
  Secret secret_;
  unsigned port_;
  unsigned tls_port_;
  std::string fixed_host_;
};

/// URIs of an operator's own servers that share one secret, four to an entry (the C SDK rejects more). Threads:
/// immutable, any.
class ExternalRelays final : public RelayDirectory {
 public:
  ExternalRelays(Secret secret, const std::vector<std::string>& uris);
  [[nodiscard]] std::vector<RelayServer> servers(std::string_view host) const override;

 private:
  std::vector<RelayServer> servers_;
};

}  // namespace heliograph::server::relay
