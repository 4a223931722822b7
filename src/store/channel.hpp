// Channel: what the store keeps about a signaling channel, and the arguments of the operations on it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace heliograph::store {

/// KVS ChannelType. The numbers are what is on disk.
enum class ChannelType : std::uint8_t { kSingleMaster = 0, kFullMesh = 1 };

/// KVS ChannelStatus. Creation, update and deletion are immediate here, so every stored channel is active; clients
/// accept that (they poll until they see ACTIVE, or do not look at all).
enum class ChannelStatus : std::uint8_t { kCreating, kActive, kUpdating, kDeleting };

/// "SINGLE_MASTER", "FULL_MESH"
[[nodiscard]] constexpr std::string_view to_string(ChannelType type) noexcept {
  return type == ChannelType::kSingleMaster ? "SINGLE_MASTER" : "FULL_MESH";
}

/// "CREATING", "ACTIVE", "UPDATING", "DELETING"
[[nodiscard]] constexpr std::string_view to_string(ChannelStatus status) noexcept {
  switch (status) {
    case ChannelStatus::kCreating:
      return "CREATING";
    case ChannelStatus::kActive:
      return "ACTIVE";
    case ChannelStatus::kUpdating:
      return "UPDATING";
    case ChannelStatus::kDeleting:
      return "DELETING";
  }
  return {};
}

/// Tag key to tag value.
using Tags = std::map<std::string, std::string>;

/// Most tags a channel can carry (KVS model, TagsPerResourceExceededLimitException: "a resource … 50 tags").
inline constexpr std::size_t kMaxTags = 50;

struct Channel {
  std::string name;
  ChannelArn arn;
  ChannelType type = ChannelType::kSingleMaster;
  ChannelStatus status = ChannelStatus::kActive;
  WallTime created;                      ///< The ARN ends in the same instant.
  std::chrono::seconds message_ttl{60};  ///< MessageTtlSeconds.
  std::string version;                   ///< Opaque; changes with every successful update.

  friend bool operator==(const Channel&, const Channel&) = default;
};

/// A channel to be made. The values have been validated by the caller.
struct NewChannel {
  std::string name;
  ChannelType type = ChannelType::kSingleMaster;
  std::chrono::seconds message_ttl{60};
  Tags tags{};
};

/// Which channels to list.
struct ChannelQuery {
  std::string name_prefix{};  ///< Empty: all.
  std::string after{};        ///< Continue behind this name; empty: from the start.
  std::size_t limit = 500;    ///< Most channels in the answer, at least 1.
};

struct ChannelPage {
  std::vector<Channel> channels;  ///< By name, in byte order.
  bool has_more = false;          ///< Ask again with `after` = the last name.
};

}  // namespace heliograph::store
