// ControlPlane: the operations of the KVS API on channels, without any transport: a call in, an answer out.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "core/ask.hpp"
#include "heliograph/result.hpp"
#include "server/audit.hpp"
#include "server/authorizer.hpp"
#include "server/ice_advisor.hpp"
#include "server/operation.hpp"
#include "server/principal.hpp"
#include "server/relay/relay_directory.hpp"
#include "server/request_context.hpp"
#include "server/throttle.hpp"
#include "store/store.hpp"

namespace heliograph::server {

struct ApiCall {
  Operation operation{};
  std::string body;     ///< JSON; empty counts as {}.
  PrincipalPtr caller;  ///< Authenticated.
  RequestContext context;
};

/// What goes back. The body is JSON (Content-Type: application/json), never empty.
struct ApiAnswer {
  int status = 200;
  std::string_view error_type;  ///< For x-amzn-ErrorType; empty on success. Static text.
  std::string body;
};

/// Who must know when a channel changes: the Hub.
/// Threads: called on the thread that called handle(), after the store has acknowledged the change.
class ChannelEvents {
 public:
  ChannelEvents() = default;
  ChannelEvents(const ChannelEvents&) = delete;
  ChannelEvents& operator=(const ChannelEvents&) = delete;
  virtual ~ChannelEvents() = default;
  virtual void on_deleted(const ChannelArn& channel) = 0;
  virtual void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds message_ttl) = 0;
};

/// Who can reach a channel's master: Signaling.
class MasterLine {
 public:
  MasterLine() = default;
  MasterLine(const MasterLine&) = delete;
  MasterLine& operator=(const MasterLine&) = delete;
  virtual ~MasterLine() = default;
  /// Gives the master an offer and its answer's payload to `reply`: once, from any thread, before this returns or
  /// later.
  virtual void ask(SteadyTime now, core::Ask ask, std::function<void(Result<std::string>)> reply) = 0;
};

struct ControlPlaneConfig {
  /// Channels at most; 0: no limit.
  std::size_t max_channels = 0;
  /// The HTTP status of a call that comes too often.
  int throttle_status = 400;
  /// Whether FULL_MESH channels can be made.
  bool full_mesh = true;
};

/// What operations work with. All must outlive the ControlPlane.
struct ControlPlaneParts {
  store::Store& store;
  ChannelEvents& events;
  const relay::RelayDirectory& relays;
  MasterLine& master_line;
  Throttle& throttle;
  LogSink& log;
  const Authorizer& authorizer;
  AuditSink* audit = nullptr;         ///< Null: nobody keeps an audit log.
  IceAdvisor* ice_advisor = nullptr;  ///< Null: nobody else has a say.
};

/// Threads: handle() from any; it blocks on the store's disk.
class ControlPlane {
 public:
  explicit ControlPlane(ControlPlaneParts parts, ControlPlaneConfig config = {})
      : parts_(parts), config_(config), max_channels_(config.max_channels), full_mesh_(config.full_mesh) {}

  /// For channels created from now on. Threads: any.
  void set_limits(const CallLimits& limits) noexcept {
    max_channels_.store(limits.max_channels);
    full_mesh_.store(limits.full_mesh != 0);
  }

  /// Does what the call asks, if its caller may. Never fails: what goes wrong is in the answer, with a text that names
  /// the member and the rule it breaks. Failures of ours (disk, damaged data) are told in general terms and logged in
  /// full. SendAlexaOfferToMaster waits for a master, and cannot be asked for this way: kUnknownOperation.
  [[nodiscard]] ApiAnswer handle(const ApiCall& call) const;
  /// The same for every operation, and the advisor of ICE servers is asked: `done` is called once, from any thread,
  /// before this returns or later.
  void start(const ApiCall& call, std::function<void(ApiAnswer)> done) const;
  /// What the advisor adds for this client, for those who do not start(); nothing without one.
  void advise(const IceQuestion& question, std::function<void(Result<std::vector<IceServer>>)> done) const;

 private:
  /// `done`, and before it the audit log.
  [[nodiscard]] std::function<void(ApiAnswer)> audited(const ApiCall& call, std::function<void(ApiAnswer)> done) const;
  [[nodiscard]] ControlPlaneConfig config() const {
    return {.max_channels = max_channels_.load(),
            .throttle_status = config_.throttle_status,
            .full_mesh = full_mesh_.load()};
  }
  void begin(const ApiCall& call, const std::function<void(ApiAnswer)>& done, bool is_advised) const;
  [[nodiscard]] ApiAnswer to_answer(Operation operation, const std::string& request_id,
                                    Result<std::string> result) const;

  ControlPlaneParts parts_;
  ControlPlaneConfig config_;
  std::atomic<std::size_t> max_channels_;
  std::atomic<bool> full_mesh_;
};

}  // namespace heliograph::server
