// The two kinds of relay there are to hand out: our own coturn, and an operator's fleet.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "server/relay/relay_directory.hpp"
#include "server/relay/revocations.hpp"
#include "server/relay/turn_credentials.hpp"

namespace heliograph::server::relay {

/// The coturn beside us, under the name by which the client reached us. Threads: immutable, any.
class OwnRelay final : public RelayDirectory {
 public:
  /// @param fixed_host  what URIs name instead of the client's way here; empty: that way.
  /// @param revocations  of this relay's credentials.
  OwnRelay(Secret secret, unsigned port, unsigned tls_port, std::string fixed_host,
           std::shared_ptr<const Revocations> revocations)
      : secret_(std::move(secret)),
        port_(port),
        tls_port_(tls_port),
        fixed_host_(std::move(fixed_host)),
        revocations_(std::move(revocations)) {}
  [[nodiscard]] std::vector<RelayServer> servers(std::string_view host) const override;
  [[nodiscard]] WallTime least_expiry(const ChannelArn& channel) const override {
    return revocations_->least_expiry(opaque_of(channel));
  }

 private:
  Secret secret_;
  unsigned port_;
  unsigned tls_port_;
  std::string fixed_host_;
  std::shared_ptr<const Revocations> revocations_;
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

/// A directory that can be replaced while it is asked. Threads: any.
class ReplaceableRelays final : public RelayDirectory {
 public:
  void replace(std::shared_ptr<const RelayDirectory> relays) {
    const std::lock_guard lock(mutex_);
    relays_.swap(relays);
  }
  [[nodiscard]] std::vector<RelayServer> servers(std::string_view host) const override {
    return current()->servers(host);
  }
  [[nodiscard]] WallTime least_expiry(const ChannelArn& channel) const override {
    return current()->least_expiry(channel);
  }

 private:
  [[nodiscard]] std::shared_ptr<const RelayDirectory> current() const {
    const std::lock_guard lock(mutex_);
    return relays_;
  }

  mutable std::mutex mutex_;
  std::shared_ptr<const RelayDirectory> relays_ = std::make_shared<NoRelay>();  ///< Under mutex_.
};

}  // namespace heliograph::server::relay
