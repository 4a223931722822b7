// KeyDesk: answers coturn's question for the key of a user. It speaks as much of Redis' protocol as that takes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"
#include "server/relay/revocations.hpp"

namespace heliograph::server::relay {

/// Why not coturn's own use-auth-secret: it has no way to refuse one user. Here nothing is stored: a key follows from
/// the user name and the secret, unless the name's time is over or it was revoked. coturn asks once for each allocation
/// that is begun.
///
/// Listens on loopback, with a password that only coturn is told: who could ask could relay. Lifetime: what is passed
/// must outlive it. Threads: all calls, and `context`, on one.
class KeyDesk {
 public:
  KeyDesk(boost::asio::io_context& context, const Clock& clock, LogSink& log, Secret secret, std::string realm,
          Secret password, std::shared_ptr<const Revocations> revocations);
  ~KeyDesk();
  KeyDesk(const KeyDesk&) = delete;
  KeyDesk& operator=(const KeyDesk&) = delete;

  /// Binds to a free port of 127.0.0.1 and begins to answer.
  [[nodiscard]] Result<void> start();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  void stop();

  /// The key, or nothing: "1700000300:djE6…" → 32 hexadecimal digits.
  [[nodiscard]] Secret key_of(std::string_view username);
  /// Whether somebody may have an allocation with credentials of this kind: a key was given, and not forgotten since.
  [[nodiscard]] bool has_served(const std::string& opaque) const { return served_.contains(opaque); }
  /// Everything that was allocated with them has ended.
  void forget(const std::string& opaque) { served_.erase(opaque); }

 private:
  class Session;
  void accept();

  const Clock& clock_;
  LogSink& log_;
  Secret secret_;
  std::string realm_;
  Secret password_;
  std::shared_ptr<const Revocations> revocations_;
  std::unordered_set<std::string> served_;  ///< The opaque part of user names, one to a channel.
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<bool> is_open_ = std::make_shared<bool>(false);  ///< Shared with the sessions.
  std::uint16_t port_ = 0;
};

}  // namespace heliograph::server::relay
