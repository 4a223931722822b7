// ConsoleAccess: who may use the console's API, and as whom.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/result.hpp"
#include "net/http.hpp"

namespace heliograph::server {

enum class ConsoleLogin : std::uint8_t {
  kAuto,    ///< Not on loopback.
  kAlways,  ///< For hosts that others share, and behind proxies that do not tell that they are there.
};

/// The rules, in order:
///
/// 1. Only the console itself may call. A request that a browser marks as coming from another site, or whose Origin is
///    another host, is refused, and a POST must be application/json (which a foreign page cannot send without asking).
///
/// 2. With kAuto, on a loopback listener, asked for under a loopback name and not through a proxy, the console is open:
///    every user of this machine acts as the administrator. The name matters, or any site could reach it by DNS
///    rebinding.
///
/// 3. Anywhere else there must be a session, which a login with an access key starts: the page then acts as the owner
///    of that key.
///
/// Threads: any.
class ConsoleAccess {
 public:
  explicit ConsoleAccess(Rng& rng, ConsoleLogin login = ConsoleLogin::kAuto) : rng_(rng), login_(login) {}

  static constexpr std::chrono::hours kSessionLife{12};
  static constexpr std::size_t kMaxSessions = 1000;

  /// Rule 1. Fails with kForbiddenOrigin.
  [[nodiscard]] static Result<void> check_origin(const net::HttpRequest& request);
  /// Rule 2.
  [[nodiscard]] bool is_open(const net::HttpRequest& request) const;
  /// Rule 3: whose session the request belongs to, if any.
  [[nodiscard]] std::optional<AccessKeyId> session_key(const net::HttpRequest& request, SteadyTime now);

  /// Starts a session of that key and gives the Set-Cookie value.
  [[nodiscard]] std::string log_in(const net::HttpRequest& request, AccessKeyId key, SteadyTime now);
  /// Ends the request's session, if any, and gives the Set-Cookie value that removes the cookie.
  [[nodiscard]] std::string log_out(const net::HttpRequest& request);

 private:
  void drop_expired(SteadyTime now);

  Rng& rng_;
  const ConsoleLogin login_;
  std::mutex mutex_;
  struct Session {
    AccessKeyId key;
    SteadyTime end;
  };
  std::unordered_map<std::string, Session> sessions_;  ///< By token.
};

}  // namespace heliograph::server
