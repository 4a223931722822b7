// ChannelMemory: channels as they were last read, so that a connection need not wait for a disk.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/ids.hpp"
#include "store/channel.hpp"

namespace heliograph::store {

/// Never holds what is older than the last forget() of it. Bounded: when it is full, some channel makes room.
/// Threads: any.
class ChannelMemory {
 public:
  /// Take one before reading a channel, for remember().
  class Ticket {
   private:
    friend class ChannelMemory;
    std::uint64_t forgotten = 0;
  };

  [[nodiscard]] Ticket begin_read(const ChannelArn& arn) const {
    const Shard& shard = shard_of(arn);
    const std::lock_guard lock(shard.mutex);
    Ticket ticket;
    ticket.forgotten = shard.forgotten;
    return ticket;
  }
  /// Keeps what was read, unless something was forgotten since the ticket was taken: then it may be out of date.
  void remember(const Channel& channel, const Ticket& ticket) {
    Shard& shard = shard_of(channel.arn);
    const std::lock_guard lock(shard.mutex);
    if (shard.forgotten != ticket.forgotten) return;
    if (shard.channels.size() >= kMostPerShard) shard.channels.erase(shard.channels.begin());
    shard.channels.insert_or_assign(channel.arn, channel);
  }
  [[nodiscard]] std::optional<Channel> recall(const ChannelArn& arn) const {
    const Shard& shard = shard_of(arn);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.channels.find(arn);
    if (found == shard.channels.end()) return std::nullopt;
    return found->second;
  }
  /// The channel has changed or is gone. Call it when the change can be read, and before anybody is told.
  void forget(const ChannelArn& arn) {
    Shard& shard = shard_of(arn);
    const std::lock_guard lock(shard.mutex);
    ++shard.forgotten;
    shard.channels.erase(arn);
  }

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kMostPerShard = 1024;

  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<ChannelArn, Channel> channels;
    std::uint64_t forgotten = 0;
  };

  [[nodiscard]] Shard& shard_of(const ChannelArn& arn) noexcept {
    return shards_[std::hash<ChannelArn>{}(arn) % kShards];
  }
  [[nodiscard]] const Shard& shard_of(const ChannelArn& arn) const noexcept {
    return shards_[std::hash<ChannelArn>{}(arn) % kShards];
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace heliograph::store
