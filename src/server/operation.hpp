// Operation: what the KVS API can be asked for, and how a request names it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "heliograph/result.hpp"
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
  kSendAlexaOfferToMaster,
  kCreateStream,
  kDescribeStream,
  kListStreams,
  kUpdateStream,
  kDeleteStream,
  kUpdateDataRetention,
  kGetDataEndpoint,
  kTagStream,
  kUntagStream,
  kListTagsForStream,
  kUpdateMediaStorageConfiguration,
  kDescribeMappedResourceConfiguration,
  kJoinStorageSession,
  kJoinStorageSessionAsViewer,
};
inline constexpr std::size_t kOperationCount = static_cast<std::size_t>(Operation::kJoinStorageSessionAsViewer) + 1;

/// The operation's name in the service model, "CreateSignalingChannel". Policies and logs use it.
[[nodiscard]] std::string_view to_string(Operation operation) noexcept;
/// Which service the operation belongs to; decides how its errors look.
[[nodiscard]] wire::Surface surface_of(Operation operation) noexcept;
/// The operation of a request. Every one is a POST to a fixed path, its case included.
/// Fails with kUnknownOperation (no such path), kMethodNotAllowed (not a POST).
[[nodiscard]] Result<Operation> find_operation(std::string_view method, std::string_view path);

}  // namespace heliograph::server
