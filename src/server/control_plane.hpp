// ControlPlane: the operations of the KVS API on channels, without any transport: a call in, an answer out.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "server/relay/relay_directory.hpp"
#include "store/store.hpp"
#include "wire/error_table.hpp"

namespace heliograph::server {

enum class Operation : std::uint8_t {
  kCreateSignalingChannel,
  kDescribeSignalingChannel,
  kListSignalingChannels,
  kUpdateSignalingChannel,
  kDeleteSignalingChannel,
  kGetSignalingChannelEndpoint,
  kTagResource,
  kUntagResource,
  kListTagsForResource,
  kDescribeMediaStorageConfiguration,
  kGetIceServerConfig,
};

/// The operation's name in the service model, "CreateSignalingChannel". Policies and logs use it.
[[nodiscard]] std::string_view to_string(Operation operation) noexcept;
/// Which service the operation belongs to; decides how its errors look.
[[nodiscard]] wire::Surface surface_of(Operation operation) noexcept;
/// The operation of a request. Every one is a POST to a fixed path, its case included.
/// Fails with kUnknownOperation (no such path), kMethodNotAllowed (not a POST).
[[nodiscard]] Result<Operation> find_operation(std::string_view method, std::string_view path);

/// How a request came in.
struct RequestContext {
  bool tls = false;
  std::string host;        ///< The Host header, as received.
  std::string request_id;  ///< For the log of failures that are ours.
  WallTime now;
};

struct ApiCall {
  Operation operation{};
  std::string body;    ///< JSON; empty counts as {}.
  AccessKeyId caller;  ///< Authenticated.
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

struct ControlPlaneConfig {
  /// Channels at most; 0: no limit.
  std::size_t max_channels = 0;
};

/// The documented channels per account (KVS developer guide, "Kinesis Video Streams with WebRTC service quotas").
[[nodiscard]] constexpr std::size_t channel_quota(std::string_view region) noexcept {
  return region == "us-east-1" || region == "us-west-2" ? 10'000 : 5'000;
}

/// What operations work with. All must outlive the ControlPlane.
struct ControlPlaneParts {
  store::Store& store;
  ChannelEvents& events;
  const relay::RelayDirectory& relays;
  LogSink& log;
};

/// Threads: handle() from any; it blocks on the store's disk.
class ControlPlane {
 public:
  explicit ControlPlane(ControlPlaneParts parts, ControlPlaneConfig config = {})
      : parts_(parts), max_channels_(config.max_channels) {}

  /// For channels created from now on. Threads: any.
  void set_max_channels(std::size_t max_channels) noexcept { max_channels_.store(max_channels); }

  /// Does what the call asks. Never fails: what goes wrong is in the answer, with a text that names the member and the
  /// rule it breaks. Failures of ours (disk, damaged data) are told in general terms and logged in full.
  [[nodiscard]] ApiAnswer handle(const ApiCall& call) const;

 private:
  ControlPlaneParts parts_;
  std::atomic<std::size_t> max_channels_;
};

}  // namespace heliograph::server
