// Store: the seam behind which channels, streams and their tags are kept.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/result.hpp"
#include "store/channel.hpp"
#include "store/stream_store.hpp"
#include "wire/arn.hpp"

namespace heliograph::store {

/// Keeps the channels and streams of one account in one region. Implementations: MemoryStore, SqliteStore; both pass
/// tests/conformance/store_*_test.cpp, which is the definition of this interface.
///
/// Threads: every method from any thread. Calls may block on a disk; do not make them on a network thread.
/// Order:   a read that starts after a write returned sees it.
/// Errors:  kResourceNotFound, kResourceInUse, kVersionMismatch, kTagsPerResourceExceededLimit as the service model
///          has them; kServiceUnavailable (the database stays locked), kIo (full or failing disk), kCorrupt.
///          A failed write has changed nothing.
class Store : public StreamStore {
 public:
  /// Whose channels these are. Constant.
  [[nodiscard]] virtual const wire::ArnScope& scope() const noexcept = 0;

  /// Makes a channel, active at once. Its creation time, hence its ARN, is `now`, or the next millisecond in which no
  /// channel of this scope was deleted, so that an ARN is never used twice. Fails with kResourceInUse (the name is
  /// taken), kTagsPerResourceExceededLimit.
  [[nodiscard]] virtual Result<Channel> create_channel(const NewChannel& wanted, WallTime now) = 0;

  /// Fails with kResourceNotFound.
  [[nodiscard]] virtual Result<Channel> channel_by_name(std::string_view name) const = 0;

  /// An ARN of another account or region, or of an earlier channel of the name, is kResourceNotFound.
  [[nodiscard]] virtual Result<Channel> channel_by_arn(const ChannelArn& arn) const = 0;

  /// The channel, if it is known without waiting for a disk; on a network thread too. Nothing: ask channel_by_arn(),
  /// which knows it from then on, or says that there is none.
  [[nodiscard]] virtual std::optional<Channel> recall_channel(const ChannelArn& arn) const = 0;

  /// One page; costs by the page's size, not by the store's.
  [[nodiscard]] virtual Result<ChannelPage> list_channels(const ChannelQuery& query) const = 0;

  /// Sets MessageTtlSeconds if `version` is still the channel's; answers the channel with its new version.
  /// Fails with kResourceNotFound, kVersionMismatch.
  [[nodiscard]] virtual Result<Channel> update_channel(const ChannelArn& arn, std::string_view version,
                                                       std::chrono::seconds message_ttl) = 0;

  /// Removes a channel and its tags; with a `version`, only if it is still the channel's.
  /// Fails with kResourceNotFound, kVersionMismatch.
  [[nodiscard]] virtual Result<void> delete_channel(const ChannelArn& arn,
                                                    const std::optional<std::string>& version) = 0;

  /// Adds tags, overwriting those of the same keys. Fails with kResourceNotFound, kTagsPerResourceExceededLimit.
  [[nodiscard]] virtual Result<void> tag_channel(const ChannelArn& arn, const Tags& tags) = 0;

  /// Removes tags; keys that the channel does not carry are ignored. Fails with kResourceNotFound.
  [[nodiscard]] virtual Result<void> untag_channel(const ChannelArn& arn, const std::vector<std::string>& keys) = 0;

  /// All tags (at most kMaxTags). Fails with kResourceNotFound.
  [[nodiscard]] virtual Result<Tags> channel_tags(const ChannelArn& arn) const = 0;

  /// How many channels there are. Costs nothing.
  [[nodiscard]] virtual std::size_t channel_count() const noexcept = 0;
};

}  // namespace heliograph::store
