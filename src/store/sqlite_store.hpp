// SqliteStore: the Store in one SQLite file, the default.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>

#include "store/channel_memory.hpp"
#include "store/store.hpp"

namespace heliograph::store {

class ReaderPool;
class SqliteWriter;

struct SqliteOptions {
  std::filesystem::path file;  ///< Made with mode 0600 if missing; its directory must exist.
  wire::ArnScope scope{};      ///< Whose channels. A file can hold those of several accounts and regions.
  /// How long a call waits for another program (a backup) to release the file.
  std::chrono::milliseconds busy_timeout{5000};
  unsigned readers = 4;  ///< Reads that can run at the same time; more wait for their turn.
};

/// What it promises: an acknowledged write survives SIGKILL and a power cut; a write that failed or was cut short left
/// nothing behind. One writer at a time, under a lock; readers have connections of their own and never wait for it.
///
/// Lifetime: `rng` must outlive it. One SqliteStore at a time on a file (the data directory's lock sees to that), else
/// channel_count() drifts. Threads and errors: as Store says.
class SqliteStore final : public Store {
 public:
  /// Opens the file, and brings an older schema up to date. Fails with kIo (no such directory, not writable, full
  /// disk), kServiceUnavailable (locked by another program), kCorrupt (damaged, or of another program, or newer than
  /// this one); the text says what to do.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(SqliteOptions options, Rng& rng);
  ~SqliteStore() override;

  /// Reads the whole file and checks it; for `doctor` and tests. Fails with kCorrupt.
  [[nodiscard]] Result<void> check_integrity() const;

  [[nodiscard]] const wire::ArnScope& scope() const noexcept override { return options_.scope; }
  [[nodiscard]] Result<Channel> create_channel(const NewChannel& wanted, WallTime now) override;
  [[nodiscard]] Result<Channel> channel_by_name(std::string_view name) const override;
  [[nodiscard]] Result<Channel> channel_by_arn(const ChannelArn& arn) const override;
  [[nodiscard]] std::optional<Channel> recall_channel(const ChannelArn& arn) const override {
    return memory_.recall(arn);
  }
  [[nodiscard]] Result<ChannelPage> list_channels(const ChannelQuery& query) const override;
  [[nodiscard]] Result<Channel> update_channel(const ChannelArn& arn, std::string_view version,
                                               std::chrono::seconds message_ttl) override;
  [[nodiscard]] Result<void> delete_channel(const ChannelArn& arn, const std::optional<std::string>& version) override;
  [[nodiscard]] Result<void> tag_channel(const ChannelArn& arn, const Tags& tags) override;
  [[nodiscard]] Result<void> untag_channel(const ChannelArn& arn, const std::vector<std::string>& keys) override;
  [[nodiscard]] Result<Tags> channel_tags(const ChannelArn& arn) const override;
  [[nodiscard]] std::size_t channel_count() const noexcept override { return count_; }

  [[nodiscard]] Result<Stream> create_stream(const NewStream& wanted, WallTime now) override;
  [[nodiscard]] Result<Stream> stream_by_name(std::string_view name) const override;
  [[nodiscard]] Result<Stream> stream_by_arn(const StreamArn& arn) const override;
  [[nodiscard]] Result<StreamPage> list_streams(const ChannelQuery& query) const override;
  [[nodiscard]] Result<Stream> change_stream(const StreamArn& arn, const std::optional<std::string>& version,
                                             const std::function<Result<void>(Stream&)>& edit) override;
  [[nodiscard]] Result<void> delete_stream(const StreamArn& arn, const std::optional<std::string>& version) override;

 private:
  SqliteStore(SqliteOptions options, Rng& rng);
  [[nodiscard]] Result<void> start();
  template <class Work>
  auto write(Work&& work) -> decltype(work(std::declval<SqliteWriter&>()));
  template <class Work>
  auto read(Work&& work) const;

  const SqliteOptions options_;
  Rng& rng_;
  std::atomic<std::size_t> count_ = 0;
  mutable ChannelMemory memory_;
  std::mutex write_mutex_;
  std::unique_ptr<SqliteWriter> writer_;
  std::unique_ptr<ReaderPool> readers_;
};

}  // namespace heliograph::store
