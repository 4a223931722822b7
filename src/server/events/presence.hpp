// Presence: who holds a place in a channel, who came, who went and why. What Signaling tells, and to whom.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/error.hpp"
#include "server/principal.hpp"
#include "wire/role.hpp"

namespace heliograph::server::events {

/// What is known of a connection from the moment it is let in. Threads: immutable, so any.
struct ConnectionFacts {
  ConnId conn;
  ChannelArn channel;
  wire::Role role{};
  ClientId client;  ///< Empty: the master.
  WallTime since;
  std::string address;       ///< Of the socket.
  std::string user_agent;    ///< As received, shortened to kMaxUserAgent bytes.
  PrincipalPtr principal;    ///< Whose key signed; never null.
  std::string request_id{};  ///< Of the handshake, for the log.

  static constexpr std::size_t kMaxUserAgent = 256;
};
/// Shared by the place and the events about it.
using FactsPtr = std::shared_ptr<const ConnectionFacts>;

/// "1-42": worker and serial. Not repeated while the process lives.
[[nodiscard]] inline std::string to_text(ConnId conn) {
  return std::to_string(conn.worker) + "-" + std::to_string(conn.serial);
}

/// Why a connection ended.
struct Ending {
  Errc why = Errc::kClosed;     ///< Our reason; kClosed when the peer left by itself.
  std::uint16_t peer_code = 0;  ///< Its close code then; 1006: the socket just ended.
};

struct PresenceChange {
  enum class Kind : std::uint8_t { kJoined, kLeft, kReplaced, kChannelDeleted };
  Kind kind{};
  WallTime time;
  FactsPtr who;               ///< Null with kChannelDeleted.
  ChannelArn deleted{};       ///< With kChannelDeleted.
  Ending ending{};            ///< With kLeft and kReplaced.
  std::string reason_text{};  ///< What an operator gave for it; mostly empty.
};

/// Is told that there are changes, and takes them (Signaling::take_presence) when it likes. Threads: any.
class PresenceWatcher {
 public:
  PresenceWatcher() = default;
  PresenceWatcher(const PresenceWatcher&) = delete;
  PresenceWatcher& operator=(const PresenceWatcher&) = delete;
  virtual ~PresenceWatcher() = default;
  /// The time that changes are stamped with.
  [[nodiscard]] virtual WallTime wall_now() const = 0;
  /// Comes on network threads, with no lock held: must not block.
  virtual void on_presence() = 0;
};

}  // namespace heliograph::server::events
