// Allocation: one of a TURN relay (RFC 8656), over UDP, TCP or TLS, and what can be done with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/client/stream.hpp"
#include "cli/doctor/turn_probe.hpp"
#include "heliograph/result.hpp"
#include "wire/stun.hpp"

namespace heliograph::cli {

/// A connection to the relay, for STUN messages. Copies share it. One call at a time.
class RelayWay {
 public:
  [[nodiscard]] static Result<RelayWay> open(const TurnUri& uri, const Trust& trust);

  /// The answer to a request; what else comes meanwhile is dropped. Over UDP it is asked three times.
  [[nodiscard]] Result<wire::StunMessage> ask(const wire::StunMessage& message, std::string_view key = {});
  [[nodiscard]] Result<void> tell(const wire::StunMessage& message);
  /// The next message; kTimeout after kPatience.
  [[nodiscard]] Result<wire::StunMessage> hear();

 private:
  [[nodiscard]] Result<void> write(std::string_view bytes);

  std::shared_ptr<int> socket_;     ///< Of UDP,
  std::shared_ptr<Stream> stream_;  ///< or else.
  std::shared_ptr<std::string> input_ = std::make_shared<std::string>();
};

/// Given back when it goes. Move-only.
class Allocation {
 public:
  /// Fails with kBadRequest and the relay's code when it is refused.
  [[nodiscard]] static Result<Allocation> make(const TurnUri& uri, const TurnCredentials& credentials,
                                               const Trust& trust);
  Allocation(Allocation&& other) noexcept
      : way_(std::exchange(other.way_, std::nullopt)),
        credentials_(std::move(other.credentials_)),
        realm_(std::move(other.realm_)),
        nonce_(std::move(other.nonce_)),
        key_(std::move(other.key_)),
        seen_as_(std::move(other.seen_as_)),
        relayed_(std::move(other.relayed_)) {}
  Allocation& operator=(Allocation&&) = delete;
  ~Allocation();

  /// How the relay sees us; and where it relays from. Nothing where it is no IPv4 address.
  [[nodiscard]] const std::optional<wire::StunAddress>& seen_as() const noexcept { return seen_as_; }
  [[nodiscard]] const std::optional<wire::StunAddress>& relayed() const noexcept { return relayed_; }

  /// Lets a peer in. Fails with kAccessDenied when the relay keeps from that address (403).
  [[nodiscard]] Result<void> permit(const wire::StunAddress& peer);
  [[nodiscard]] Result<void> send(const wire::StunAddress& peer, std::string_view data);
  /// What a peer sent; fails with kTimeout.
  [[nodiscard]] Result<std::string> receive();

 private:
  Allocation(RelayWay way, TurnCredentials credentials) : way_(std::move(way)), credentials_(std::move(credentials)) {}
  void sign(wire::StunMessage& message) const;

  std::optional<RelayWay> way_;
  TurnCredentials credentials_;
  std::string realm_;
  std::string nonce_;
  std::string key_;
  std::optional<wire::StunAddress> seen_as_;
  std::optional<wire::StunAddress> relayed_;
};

/// A STUN request with a transaction of its own.
[[nodiscard]] wire::StunMessage stun_request(wire::StunMethod method);

}  // namespace heliograph::cli
