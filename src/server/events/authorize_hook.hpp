// AuthorizeHook: asks another service whether a connection may be let in, and which ICE servers a client gets.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http_client.hpp"
#include "server/events/event_meter.hpp"
#include "server/events/hook_signer.hpp"
#include "server/events/presence.hpp"
#include "server/ice_advisor.hpp"
#include "server/log_gate.hpp"

namespace heliograph::server::events {

struct AuthorizeAnswer {
  bool is_allowed = false;
  std::string reason;  ///< For the peer, when it is not.
  std::vector<IceServer> ice_servers;
};

/// Reads an answer: 200 and {"allow":bool, "reason"?:text,
/// "iceServers"?:[{"urls":…,"username"?,"credential"?,"ttl"?}]}. Anything else is an error that says what is wrong with
/// it: an answer that is not understood allows nothing.
[[nodiscard]] Result<AuthorizeAnswer> parse_authorize_answer(int status, std::string_view body);

/// Threads: ask from any. The parts must outlive it and every answer.
class AuthorizeHook {
 public:
  struct Parts {
    net::HttpClient& client;
    const HookSigner& signer;
    const Clock& clock;
    LogSink& log;
    EventMeter& meter;
  };
  struct Settings {
    net::HttpUrl url;
    std::chrono::milliseconds timeout{2000};
    bool allow_when_unreachable = false;
    std::size_t max_in_flight = 256;  ///< More questions at once are not asked and not granted.
  };
  AuthorizeHook(Parts parts, Settings settings) : parts_(parts), settings_(std::move(settings)) {}

  using Done = std::function<void(Result<std::vector<IceServer>>)>;
  /// The action that is a call, of which neither a connection nor a role is told.
  static constexpr std::string_view kGetIceServerConfig = "GetIceServerConfig";
  /// @param action  "ConnectAsViewer", "ConnectAsMaster", or kGetIceServerConfig.
  /// `done` is called once, here or on the client's thread: with the ICE servers to add; with kAccessDenied and the
  /// reason; or with kServiceUnavailable when there was no answer that can be read, unless that allows, and when the
  /// client was closed.
  void ask(std::string_view action, const ConnectionFacts& facts, Done done);

 private:
  void on_answer(SteadyTime began, const Result<net::HttpReply>& reply, const Done& done);
  void fail(const std::string& why, const Done& done);

  Parts parts_;
  Settings settings_;
  std::atomic<std::size_t> in_flight_{0};
  LogGate gate_;
};

}  // namespace heliograph::server::events
