// Service: what the network layer asks of the layer above. The one seam between sockets and meaning.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/error.hpp"
#include "net/http.hpp"

namespace heliograph::net {

/// Answers a request. Call it exactly once, from any thread, at once or later; calling it after the peer has gone is
/// fine.
using Reply = std::function<void(HttpResponse)>;

/// The upgrade is granted. `tag` comes back with every event of the connection (the server keeps its shard there).
struct AcceptUpgrade {
  std::uint64_t tag = 0;
};
using UpgradeDecision = std::variant<AcceptUpgrade, HttpResponse>;
using UpgradeReply = std::function<void(UpgradeDecision)>;

/// How a WebSocket connection ended, for the log.
struct CloseInfo {
  std::uint16_t peer_code = 0;  ///< The code of the peer's close frame; 1006 when the socket just ended.
  Errc why = Errc::kClosed;     ///< Our reason, kClosed when the peer left by itself.
};

/// Implemented by the server. Threads: all calls come on the worker thread that owns the connection; calls of different
/// connections come at the same time from several workers. Must not block. Must not throw.
class Service {
 public:
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  /// The network layer refuses a request itself: it is malformed, too long, or a bad upgrade. May add the headers that
  /// all answers carry.
  virtual void on_refusal(HttpResponse& response) { static_cast<void>(response); }
  /// A plain request.
  virtual void on_request(const HttpRequest& request, Reply reply) = 0;
  /// A well-formed WebSocket upgrade request (method, headers and key already checked). Decide who this is.
  virtual void on_upgrade(ConnId conn, const HttpRequest& request, UpgradeReply reply) = 0;
  /// The 101 is queued: sends to `conn` are possible from here on. May call Network::close at once.
  virtual void on_open(SteadyTime now, ConnId conn, std::uint64_t tag) = 0;
  /// One text message. `text` lives for the call.
  virtual void on_text(SteadyTime now, ConnId conn, std::uint64_t tag, std::string_view text) = 0;
  /// The connection takes no more messages: its close frame is queued, or it is gone. Exactly once for each on_open,
  /// and nothing follows, so that what is meant for its peer can be kept from here on. (For an accepted upgrade whose
  /// socket died before on_open: on_closed without on_open, so that the server can release what on_upgrade took.)
  virtual void on_closed(SteadyTime now, ConnId conn, std::uint64_t tag, const CloseInfo& info) = 0;
};

}  // namespace heliograph::net
