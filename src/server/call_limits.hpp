// CallLimits: how many calls and connects per second the service takes, and how many channels it keeps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/operation.hpp"
#include "wire/role.hpp"

namespace heliograph::server {

/// Per second; 0: no limit.
struct CallRate {
  std::uint32_t account = 0;  ///< All calls of an operation together.
  std::uint32_t channel = 0;  ///< Those about one channel.
};

/// Defaults are the `open` profile: no rates, no quota.
struct CallLimits {
  std::array<CallRate, kOperationCount> operations{};  ///< By Operation.
  std::uint32_t master_connects = 0;                   ///< ConnectAsMaster per channel and second; 0: no limit.
  std::uint32_t viewer_connects = 0;                   ///< ConnectAsViewer likewise.
  std::size_t max_channels = 0;                        ///< Of the account; 0: no limit.
  std::uint32_t full_mesh = 1;                         ///< 0: FULL_MESH channels cannot be made.

  [[nodiscard]] CallRate& of(Operation operation) noexcept { return operations[static_cast<std::size_t>(operation)]; }
  [[nodiscard]] const CallRate& of(Operation operation) const noexcept {
    return operations[static_cast<std::size_t>(operation)];
  }
  [[nodiscard]] std::uint32_t connects(wire::Role role) const noexcept {
    return role == wire::Role::kMaster ? master_connects : viewer_connects;
  }
};

/// Documented quotas, exactly (KVS developer guide, "Kinesis Video Streams with WebRTC service quotas"). That of
/// channels depends on the region.
[[nodiscard]] CallLimits aws_call_limits(std::string_view region);

}  // namespace heliograph::server
