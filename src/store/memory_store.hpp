// MemoryStore: the Store that forgets. For tests, and for a service that need not remember.
#pragma once

#include <cstdint>
#include <map>
#include <shared_mutex>

#include "store/store.hpp"

namespace heliograph::store {

/// Lifetime: `rng` must outlive it. Threads and errors: as Store says; nothing here blocks on more than a lock.
class MemoryStore final : public Store {
 public:
  MemoryStore(wire::ArnScope scope, Rng& rng);

  [[nodiscard]] const wire::ArnScope& scope() const noexcept override { return scope_; }
  [[nodiscard]] Result<Channel> create_channel(const NewChannel& wanted, WallTime now) override;
  [[nodiscard]] Result<Channel> channel_by_name(std::string_view name) const override;
  [[nodiscard]] Result<Channel> channel_by_arn(const ChannelArn& arn) const override;
  [[nodiscard]] std::optional<Channel> recall_channel(const ChannelArn& arn) const override;
  [[nodiscard]] Result<ChannelPage> list_channels(const ChannelQuery& query) const override;
  [[nodiscard]] Result<Channel> update_channel(const ChannelArn& arn, std::string_view version,
                                               std::chrono::seconds message_ttl) override;
  [[nodiscard]] Result<void> delete_channel(const ChannelArn& arn, const std::optional<std::string>& version) override;
  [[nodiscard]] Result<void> tag_channel(const ChannelArn& arn, const Tags& tags) override;
  [[nodiscard]] Result<void> untag_channel(const ChannelArn& arn, const std::vector<std::string>& keys) override;
  [[nodiscard]] Result<Tags> channel_tags(const ChannelArn& arn) const override;
  [[nodiscard]] std::size_t channel_count() const noexcept override;

  [[nodiscard]] Result<Stream> create_stream(const NewStream& wanted, WallTime now) override;
  [[nodiscard]] Result<Stream> stream_by_name(std::string_view name) const override;
  [[nodiscard]] Result<Stream> stream_by_arn(const StreamArn& arn) const override;
  [[nodiscard]] Result<StreamPage> list_streams(const ChannelQuery& query) const override;
  [[nodiscard]] Result<Stream> change_stream(const StreamArn& arn, const std::optional<std::string>& version,
                                             const std::function<Result<void>(Stream&)>& edit) override;
  [[nodiscard]] Result<void> delete_stream(const StreamArn& arn, const std::optional<std::string>& version) override;

 private:
  struct Entry {
    Channel channel;
    Tags tags;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  /// The entry of this ARN, or end(). The caller holds the lock.
  [[nodiscard]] Entries::const_iterator find(const ChannelArn& arn) const;
  [[nodiscard]] Entries::iterator find(const ChannelArn& arn);
  /// Null when there is none. The caller holds the lock.
  [[nodiscard]] Stream* find_stream(const StreamArn& arn);

  const wire::ArnScope scope_;
  Rng& rng_;
  mutable std::shared_mutex mutex_;
  Entries entries_;
  std::map<std::string, Stream, std::less<>> streams_;
  std::int64_t newest_deleted_ms_ = 0;
};

}  // namespace heliograph::store
